import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const examples = [...readFileSync(`${root}docs/sys.md`, 'utf8').matchAll(/```js\n(.*?)```/gs)].map(
  (match) => match[1]!,
);

test.each([
  [0, 'true hello\n'],
  [1, 'revoked: true\n'],
  [2, 'gone\n'],
])('example %i of docs/sys.md runs as it stands there', (index, output) => {
  const code = examples[index]!;
  expect(
    execFileSync(process.execPath, ['--input-type=module', '-e', code], { cwd: root, encoding: 'utf8' }),
  ).toBe(output);
});
