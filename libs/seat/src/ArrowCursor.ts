import type { CursorImage } from './MonitorSession.js';

/** The arrow that monitors show where a session says no other picture. */
const rows = [
  'X           ',
  'XX          ',
  'X.X         ',
  'X..X        ',
  'X...X       ',
  'X....X      ',
  'X.....X     ',
  'X......X    ',
  'X.......X   ',
  'X........X  ',
  'X.....XXXXX ',
  'X..X..X     ',
  'X.X X..X    ',
  'XX  X..X    ',
  'X    X..X   ',
  '     X..X   ',
  '      XX    ',
];

const colours: Readonly<Record<string, number>> = { X: 0xff000000, '.': 0xffffffff, ' ': 0 };

export const arrowCursor: CursorImage = {
  width: rows[0]!.length,
  height: rows.length,
  hotX: 0,
  hotY: 0,
  pixels: new Uint8Array(
    Uint32Array.from(rows.flatMap((row) => Array.from(row, (character) => colours[character]!))).buffer,
  ),
};
