import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { homeDirectory } from './HomeDirectory.js';

it('a shell begins in $HOME, and in / where that cannot be entered', () => {
  const folder = mkdtempSync(join(tmpdir(), 'home-'));
  try {
    writeFileSync(join(folder, 'file'), '');
    expect(homeDirectory({ HOME: folder })).toBe(folder);
    expect(homeDirectory({ HOME: join(folder, 'nonexistent') })).toBe('/');
    expect(homeDirectory({ HOME: join(folder, 'file') })).toBe('/');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
