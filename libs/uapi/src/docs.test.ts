import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { headers } from './tables.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const page = readFileSync(`${root}docs/uapi.md`, 'utf8');
const examples = [...page.matchAll(/```js\n(.*?)```/gs)].map((match) => match[1]!);

test.each([
  [0, '-1 99 seat0\n68 24\nVT_SETMODE {mode=1, waitv=0, relsig=10, acqsig=0, frsig=0}\nc0107801\n'],
  [1, 'true ENOTTY: ioctl(VT_GETSTATE) /dev/null: Inappropriate ioctl for device\n'],
])('example %i of docs/uapi.md runs as it stands there', (index, output) => {
  const code = examples[index]!;
  expect(
    execFileSync(process.execPath, ['--input-type=module', '-e', code], {
      cwd: `${root}libs/uapi`,
      encoding: 'utf8',
    }),
  ).toBe(output);
});

/** The names of a cell: `prefix…` a b c; `whole` */
function namesOf(cell: string): string[] {
  return cell.split(';').flatMap((group) => {
    const prefix = /`(\w+)…`/.exec(group)?.[1] ?? '';
    const words = group
      .replace(/`\w+…`/, '')
      .replaceAll('`', '')
      .trim()
      .split(/\s+/);
    return words.map((word) => prefix + word);
  });
}

test('docs/uapi.md lists every table', () => {
  for (const { includes, structs, ioctls } of headers) {
    const row = page.split('\n').find((line) => line.startsWith(`| \`${includes[0]}\``));
    const [, , inStructs, inIoctls] = row?.split('|') ?? [];
    expect(namesOf(inStructs ?? '').sort()).toEqual(structs.map(({ name }) => name).sort());
    const own = (inIoctls ?? '').replace(/; with a .*/, '').trim();
    expect(own === '' ? [] : namesOf(own).sort()).toEqual(ioctls.map(({ name }) => name).sort());
  }
});
