import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/**
 * Fonts that come with the terminal for machines that have none: Japanese (and what Chinese writes with the same characters), and emoji
 * in outlines. Each is cut into some hundred files by characters; one is read when a character of it is to be drawn.
 */
const packages = ['@fontsource-variable/noto-sans-jp', '@fontsource-variable/noto-emoji'] as const;

const require = createRequire(import.meta.url);

type Range = readonly [first: number, last: number];

interface Part {
  readonly file: string;
  readonly ranges: readonly Range[];
}

let parts: Part[] | undefined;

/** The file of a shipped font that has a character. */
export function shippedFontFor(code: number): string | undefined {
  parts ??= packages.flatMap(partsOf);
  return parts.find(({ ranges }) => ranges.some(([first, last]) => code >= first && code <= last))?.file;
}

/** `unicode.json` names each part, `[7]` or a script, and its characters as CSS has them: `U+3042,U+30a0-30ff`. */
function partsOf(name: string): Part[] {
  let folder: string;
  try {
    folder = dirname(require.resolve(`${name}/package.json`));
  } catch {
    return [];
  }
  const ranges = JSON.parse(readFileSync(join(folder, 'unicode.json'), 'utf8')) as Record<string, string>;
  const stem = name.slice(name.indexOf('/') + 1);
  return Object.entries(ranges).map(([part, characters]) => ({
    file: join(folder, 'files', `${stem}-${part.replace(/[[\]]/g, '')}-wght-normal.woff2`),
    ranges: characters.split(',').map((range): Range => {
      const [first = 0, last = first] = range
        .trim()
        .slice(2)
        .split('-')
        .map((text) => Number.parseInt(text, 16));
      return [first, last];
    }),
  }));
}
