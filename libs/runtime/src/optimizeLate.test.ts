import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

/** How often V8 finds a function worth optimizing, in a program that calls a few of them some hundred times. */
function optimizations(before: string): number {
  const program = `
    ${before}
    const body = (i) => 'let s = ' + i + '; for (let i = 0; i < 20; i++) s = (s * a + i) | 0; return s';
    const functions = Array.from({ length: 20 }, (_, i) => new Function('a', body(i)));
    for (let i = 0; i < 400; i++) for (const one of functions) one(i);
  `;
  const parameters = ['--trace-opt', '--input-type=module', '-e', program];
  const { stdout, stderr } = spawnSync(process.execPath, parameters, { encoding: 'utf8' });
  // What V8 says to a flag that it does not have.
  expect(stderr).toBe('');
  return stdout.match(/^\[marking /gm)?.length ?? 0;
}

test('a function that was used a little is not optimized', () => {
  const module = new URL('../dist/optimizeLate.js', import.meta.url).href;
  const late = optimizations(`import { optimizeLate } from ${JSON.stringify(module)}; optimizeLate();`);
  expect(late).toBeLessThan(optimizations('') / 2);
});
