import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { StrictFolder } from '../support/StrictFolder.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The whole programs of a page; what begins without its imports is a part of one. */
function programsOf(page: string, language: string): string[] {
  const text = readFileSync(join(root, 'docs', page), 'utf8');
  const blocks = text.matchAll(new RegExp(`\`\`\`${language}\n(import .*?)\`\`\``, 'gs'));
  return Array.from(blocks, ([, program]) => program!);
}

test('the programs of docs/seat.md and docs/uapi.md for real devices compile in strict settings', async () => {
  const programs = ['seat.md', 'uapi.md'].flatMap((page) => {
    const found = programsOf(page, 'ts');
    expect(found, page).not.toEqual([]);
    return found.map((code, i) => [`${page.replace('.md', '')}${i}.ts`, code] as const);
  });
  using folder = new StrictFolder(Object.fromEntries(programs));
  expect(await folder.compile()).toBe('');
});

test('the examples of docs/sys.md and docs/uapi.md run', { timeout: 120_000 }, async () => {
  // Below the repository, where its libraries are found.
  const folder = mkdtempSync(join(root, 'libs/dbus/dist/examples-'));
  try {
    for (const page of ['sys.md', 'uapi.md']) {
      const programs = programsOf(page, 'js');
      expect(programs.length, page).toBeGreaterThan(1);
      for (const [i, program] of programs.entries()) {
        const file = join(folder, `${page}.${i}.mjs`);
        writeFileSync(file, program);
        const { stdout, stderr } = await promisify(execFile)(process.execPath, [file], { timeout: 60_000 });
        expect(stderr, `${page}, example ${i}`).toBe('');
        expect(stdout, `${page}, example ${i}`).not.toBe('');
      }
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
