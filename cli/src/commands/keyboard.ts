import { Keymap } from '@switchyard/input';
import { EV, KEY } from '@switchyard/uapi';
import type { Command } from 'commander';
import { exitCode, Failure } from '../Failure.js';
import { type Report, VirtualInput } from '../VirtualInput.js';
import { Yard } from '../Yard.js';

/** Names that people use beside the kernel's. */
const aliases: Readonly<Record<string, keyof typeof KEY>> = {
  CTRL: 'LEFTCTRL',
  CONTROL: 'LEFTCTRL',
  ALT: 'LEFTALT',
  SHIFT: 'LEFTSHIFT',
  META: 'LEFTMETA',
  SUPER: 'LEFTMETA',
  ALTGR: 'RIGHTALT',
  RETURN: 'ENTER',
  ESCAPE: 'ESC',
  DEL: 'DELETE',
  INS: 'INSERT',
  PGUP: 'PAGEUP',
  PGDN: 'PAGEDOWN',
  PRINT: 'SYSRQ',
};

/** Text goes in pieces of this many characters, each a message well within the provider's bounds. */
const piece = 64;

export function keyboardCommands(program: Command): void {
  program
    .command('key')
    .description('press keys on the seat’s keyboard')
    .argument(
      '<keys...>',
      'names joined by +, like ctrl+alt+F2 or Return; each argument is pressed and released in turn',
    )
    .option('--seat <seat>', 'the seat')
    .option('--runtime-dir <dir>', 'where the tree runs')
    .action((chords: string[], options: { seat?: string; runtimeDir?: string }) => {
      const reports = chords.flatMap((chord) => press(chord.split('+').map(keyCode)));
      return Yard.with(options.runtimeDir, (yard) => send(yard, options.seat, [reports]));
    });
  program
    .command('type')
    .description('type text on the seat’s keyboard')
    .argument('<text>', 'the text; a newline is Enter, a tab is Tab')
    .option('--seat <seat>', 'the seat')
    .option('--runtime-dir <dir>', 'where the tree runs')
    .action((text: string, options: { seat?: string; runtimeDir?: string }) => {
      const keymap = Keymap.fromNames();
      const strokes = [...text].map((character) => stroke(keymap, character));
      const pieces: Report[][] = [];
      for (let at = 0; at < strokes.length; at += piece) pieces.push(strokes.slice(at, at + piece).flat());
      return Yard.with(options.runtimeDir, (yard) => send(yard, options.seat, pieces));
    });
}

async function send(
  yard: Yard,
  seat: string | undefined,
  pieces: readonly (readonly Report[])[],
): Promise<void> {
  const keyboard = await VirtualInput.find(yard, await yard.findSeat(seat), 'keyboard');
  for (const reports of pieces) await keyboard.send(reports);
}

/** Down in the given order, up in the reverse. */
function press(codes: readonly number[]): Report[] {
  const key = (code: number, value: number): Report => [{ type: EV.KEY, code, value }];
  return [...codes.map((code) => key(code, 1)), ...codes.toReversed().map((code) => key(code, 0))];
}

function keyCode(name: string): number {
  const upper = name.toUpperCase().replace(/^KEY_/, '');
  const code = KEY[aliases[upper] ?? (upper as keyof typeof KEY)] as number | undefined;
  if (code === undefined) {
    throw new Failure(
      `no key “${name}”; names are the kernel’s without KEY_, like a, F2, Enter, PageUp, LeftCtrl, or ctrl, alt, shift`,
      exitCode.usage,
    );
  }
  return code;
}

function stroke(keymap: Keymap, character: string): Report[] {
  if (character === '\n') return press([KEY.ENTER]);
  if (character === '\t') return press([KEY.TAB]);
  const keys = keymap.keysFor(character);
  if (!keys) throw new Failure(`the keyboard layout has no key for ${JSON.stringify(character)}`);
  return press([...keys.modifiers, keys.code]);
}
