import type { Rgb } from '../Palette.js';
import type { Paper } from './Paper.js';

/** Digits of a clock, five rows of dots each; two dots lie in a row of cells, and a dot is a cell wide. */
const shapes: Readonly<Record<string, readonly string[]>> = {
  '0': ['####', '#  #', '#  #', '#  #', '#  #', '####'],
  '1': ['  # ', ' ## ', '  # ', '  # ', '  # ', ' ###'],
  '2': ['####', '   #', '####', '#   ', '#   ', '####'],
  '3': ['####', '   #', ' ###', '   #', '   #', '####'],
  '4': ['#  #', '#  #', '####', '   #', '   #', '   #'],
  '5': ['####', '#   ', '####', '   #', '   #', '####'],
  '6': ['####', '#   ', '####', '#  #', '#  #', '####'],
  '7': ['####', '   #', '   #', '  # ', '  # ', '  # '],
  '8': ['####', '#  #', '####', '#  #', '#  #', '####'],
  '9': ['####', '#  #', '####', '   #', '   #', '####'],
  ':': [' ', '#', ' ', ' ', '#', ' '],
};
const GAP = 2;
/** Cells of a dot, so that a digit is about as tall as wide. */
const DOT = 2;

/** Rows of cells that it takes. */
export const BIG_ROWS = 6;

/** Writes digits and colons in letters six rows high, centred. */
export function writeBig(paper: Paper, row: number, text: string, colour: Rgb): void {
  const letters = [...text].flatMap((character) => shapes[character] ?? []);
  const known = [...text].map((character) => shapes[character]!).filter(Boolean);
  if (letters.length === 0) return;
  const width = known.reduce((sum, shape) => sum + shape[0]!.length * DOT + GAP, -GAP);
  let column = Math.floor((paper.columns - width) / 2);
  for (const shape of known) {
    shape.forEach((line, y) => {
      [...line].forEach((dot, x) => {
        if (dot === '#') paper.fill(colour, row + y, column + x * DOT, 1, DOT);
      });
    });
    column += shape[0]!.length * DOT + GAP;
  }
}
