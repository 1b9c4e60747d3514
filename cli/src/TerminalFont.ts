import { constants } from 'node:fs';
import { Fd, pread } from '@switchyard/sys';
import { InvalidArgumentError } from 'commander';
import { Failure } from './Failure.js';

/** What the terminal can draw with; in pixels per em. */
const smallestFont = 6;
const largestFont = 128;
/** How font files begin: TrueType (two ways), OpenType, collections. */
const fontStarts = ['\0\x01\0\0', 'true', 'OTTO', 'ttcf'];

/** Throws Failure for what the terminal would fail at, where somebody reads it. */
export function checkFont(font: string): void {
  let start: string;
  try {
    using file = Fd.open(font, constants.O_RDONLY);
    const bytes = new Uint8Array(4);
    pread(file, bytes, 0);
    start = Buffer.from(bytes).toString('latin1');
  } catch (error) {
    throw new Failure(`cannot read the font: ${(error as Error).message}; name a TrueType or OpenType file`);
  }
  if (!fontStarts.includes(start)) throw new Failure(`${font} is no TrueType or OpenType font`);
}

/** In pixels. */
export function fontSize(text: string): number {
  const size = Number(text);
  if (!(size >= smallestFont && size <= largestFont)) {
    throw new InvalidArgumentError(`a font size is from ${smallestFont} to ${largestFont} pixels.`);
  }
  return size;
}
