import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { expect, test } from 'vitest';
import { addVerbs } from '../../cli/src/Verbs.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What people wrote; the rest is made. */
const files = filesIn('');

function filesIn(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (!entry.isDirectory()) return [path];
    return ['.git', 'node_modules', 'dist', 'build'].includes(entry.name) ? [] : filesIn(path);
  });
}

const paths = new Set(files.flatMap((file) => [file, ...foldersOf(file)]));

const pages = files
  .filter((file) => file.endsWith('.md'))
  .map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }));
const textOf = new Map(pages.map(({ file, text }) => [file, text]));

function foldersOf(file: string): string[] {
  const folder = dirname(file);
  return folder === '.' ? [] : [folder, ...foldersOf(folder)];
}

const withoutBlocks = (text: string): string => text.replaceAll(/^```.*?^```/gms, '');

/** As GitHub makes anchors of headings. */
function anchorsOf(page: string): Set<string> {
  const headings = withoutBlocks(textOf.get(page) ?? '').matchAll(/^#+ (.*)$/gm);
  return new Set(
    Array.from(headings, ([, heading = '']) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replaceAll(/\s/g, '-'),
    ),
  );
}

test('every link of the pages leads to a file that is there, and to a heading of it', () => {
  const dead: string[] = [];
  let links = 0;
  for (const { file, text } of pages) {
    for (const [, target = ''] of withoutBlocks(text).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^https?:/.test(target)) continue;
      links++;
      const [path = '', anchor] = target.split('#');
      const page = path === '' ? file : join(dirname(file), path).replace(/\/$/, '');
      if (!paths.has(page) || (anchor !== undefined && !anchorsOf(page).has(anchor)))
        dead.push(`${file}: ${target}`);
    }
  }
  expect(dead).toEqual([]);
  expect(links).toBeGreaterThan(50);
});

test('every image of the pages is shown by one', () => {
  const shown = pages.map(({ text }) => text).join('\n');
  const images = files.filter((file) => /^docs\/images\/.*\.png$/.test(file));
  expect(images.filter((image) => !shown.includes(image.slice('docs/'.length)))).toEqual([]);
});

test('every file, script and benchmark that the pages name is there', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const missing: string[] = [];
  let names = 0;
  const look = (file: string, found: RegExpMatchArray, isThere: boolean) => {
    names++;
    if (!isThere) missing.push(`${file}: ${found[0]}`);
  };
  for (const { file, text } of pages) {
    for (const found of text.matchAll(
      /(?:native|libs|services|cli|tests|bench|scripts|protocols|docs)\/[\w./-]*\w/g,
    )) {
      const [path] = found;
      // What a build makes; and names with a part left open, as services/X, or of another tree, as /run/…/services/.
      const before = text[found.index - 1] ?? '';
      if (/\/(dist|build)\//.test(path) || /^\w+\/[A-Z]\b/.test(path) || /[\w/@.-]/.test(before)) continue;
      look(file, found, paths.has(path) || paths.has(join(dirname(file), path)));
    }
    for (const found of text.matchAll(/npm run ([\w:]+)/g)) look(file, found, found[1]! in scripts);
    for (const found of text.matchAll(/`([A-Za-z][\w-]*\.(?:test\.)?(?:ts|mjs|cjs))`/g))
      look(
        file,
        found,
        files.some((path) => path.endsWith(`/${found[1]}`)),
      );
  }
  expect(missing).toEqual([]);
  expect(names).toBeGreaterThan(100);
});

/** `yard` and the words behind it up to the end of the line or of the code. */
const commands = /(?:^|[\s`(|;&])yard ([a-z][^`|;&#\n)]*)/g;

test('every command that the pages tell to run is one, with the options that it is given', async () => {
  const program = new Command('yard').enablePositionalOptions();
  await addVerbs(program, undefined);
  const unknown: string[] = [];
  let count = 0;
  for (const { file, text } of pages) {
    const code = [...text.matchAll(/^ {4}.*$|`[^`\n]+`/gm)].map(([code]) => code).join('\n');
    for (const [line, words = ''] of code.matchAll(commands)) {
      count++;
      if (!isCommand(program, words.trim().split(/\s+/))) unknown.push(`${file}: ${line.trim()}`);
    }
  }
  expect(unknown).toEqual([]);
  expect(count).toBeGreaterThan(100);
});

/** Whether the first words are verbs and every option before `--` is the verb's; a verb that reads them by itself may have any. */
function isCommand(program: Command, words: readonly string[]): boolean {
  let command = program;
  let rest = words;
  for (;;) {
    const next = command.commands.find(
      (verb) => verb.name() === rest[0] || verb.aliases().includes(rest[0]!),
    );
    if (!next) break;
    command = next;
    rest = rest.slice(1);
  }
  if (command === program) return false;
  const end = rest.indexOf('--');
  const known = new Set(command.options.flatMap(({ long, short }) => [long, short]));
  if (known.size === 0) return true;
  return rest
    .slice(0, end < 0 ? undefined : end)
    .filter((word) => /^--?[a-z]/.test(word))
    .every((word) => known.has(word.replace(/=.*/, '')) || word === '--help');
}
