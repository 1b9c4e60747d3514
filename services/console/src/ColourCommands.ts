import type { IParser } from '@xterm/headless';
import { formatColour, type NamedColour, type Palette, parseColour } from './Palette.js';

/** OSC 10, 11, 12 in their order: a list of values sets one after the other. */
const named: readonly NamedColour[] = ['foreground', 'background', 'cursor'];
const FIRST_NAMED = 10;

/**
 * Lets programs ask for and change colours: `OSC 4 ; index ; spec`, `OSC 10…12 ; spec`, a spec of `?` asks; `OSC 104 [; index…]` and
 * `OSC 110…112` put the defaults back. What cannot be parsed is ignored, as xterm does.
 */
export function registerColourCommands(
  parser: IParser,
  palette: Palette,
  answer: (text: string) => void,
  changed: () => void,
): void {
  parser.registerOscHandler(4, (data) => {
    const fields = data.split(';');
    for (let at = 0; at + 1 < fields.length; at += 2) {
      const index = colourIndex(fields[at]!);
      if (index === undefined) continue;
      if (fields[at + 1] === '?') {
        answer(`\x1b]4;${index};${formatColour(palette.colours[index]!)}\x1b\\`);
        continue;
      }
      const colour = parseColour(fields[at + 1]!);
      if (colour !== undefined) palette.colours[index] = colour;
    }
    changed();
    return true;
  });

  parser.registerOscHandler(104, (data) => {
    if (data === '') palette.resetAll();
    else for (const field of data.split(';')) palette.reset(colourIndex(field) ?? -1);
    changed();
    return true;
  });

  for (const [offset, first] of named.entries()) {
    parser.registerOscHandler(FIRST_NAMED + offset, (data) => {
      for (const [index, spec] of data
        .split(';')
        .slice(0, named.length - offset)
        .entries()) {
        const name = named[offset + index] ?? first;
        if (spec === '?') {
          answer(`\x1b]${FIRST_NAMED + offset + index};${formatColour(palette[name])}\x1b\\`);
        } else {
          palette[name] = parseColour(spec) ?? palette[name];
        }
      }
      changed();
      return true;
    });
    parser.registerOscHandler(100 + FIRST_NAMED + offset, () => {
      palette.resetNamed(first);
      changed();
      return true;
    });
  }
}

function colourIndex(text: string): number | undefined {
  return /^\d{1,3}$/.test(text) && Number(text) < 256 ? Number(text) : undefined;
}
