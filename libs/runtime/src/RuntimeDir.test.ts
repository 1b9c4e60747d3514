import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';
import { RuntimeDir } from './RuntimeDir.js';

it('counts the sockets of displays that were killed among what a tree leaves, and not its logs or others’ files', () => {
  const path = mkdtempSync(join(tmpdir(), 'runtime-'));
  try {
    for (const name of ['wayland-0', 'wayland-2.lock', 'wayland-notes', 'notes'])
      writeFileSync(join(path, name), '');
    mkdirSync(join(path, 'log'));
    const names = new RuntimeDir(path).leftovers.map((one) => basename(one));
    expect(names).toEqual(expect.arrayContaining(['bus', 'sessions', 'wayland-0', 'wayland-2.lock']));
    for (const name of ['wayland-notes', 'notes', 'log']) expect(names).not.toContain(name);
    expect(new RuntimeDir(join(path, 'none')).leftovers.map((one) => basename(one))).toContain('bus');
  } finally {
    rmSync(path, { recursive: true });
  }
});
