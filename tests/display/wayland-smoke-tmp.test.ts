import { expect, test } from 'vitest';
import { displayFixture } from '../support/DisplayFixture.js';
import { readFileSync, readdirSync, mkdtempSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { spawn } from 'node:child_process';

const fixture = displayFixture();
const programs: [string, string[]][] = [
  ['foot', []], ['weston-terminal', []], ['weston-flower', []], ['gtk4-demo', []], ['gtk3-demo', []],
  ['weston-presentation-shm', []], ['weston-dnd', []], ['weston-confine', []], ['weston-scaler', []], ['weston-subsurfaces', []],
  ['weston-simple-damage', []], ['mpv', ['--vo=wlshm', '--idle', '--force-window']],
  ['chromium', ['--ozone-platform=wayland', '--no-sandbox', '--user-data-dir=' + mkdtempSync('/tmp/chr-'), '--no-first-run', 'about:blank']],
];
test('smoke', async () => {
  const results: string[] = [];
  for (const [name, args] of programs) {
    const before = fixture.seat.frames.length;
    const env = { ...process.env, XDG_RUNTIME_DIR: mkdtempSync('/tmp/xr-'), WAYLAND_DISPLAY: fixture.tree.waylandDisplay, GDK_BACKEND: 'wayland' };
    const child = spawn(name, args, { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    let err = '';
    child.stderr.on('data', (d) => (err += d));
    let code: unknown = 'running';
    child.on('exit', (c, s) => (code = `exit ${c} ${s}`));
    const t0 = Date.now();
    while (Date.now() - t0 < 12000 && code === 'running' && fixture.seat.frames.length < before + 2) await new Promise((r) => setTimeout(r, 50));
    const t = Date.now() - t0;
    await new Promise((r) => setTimeout(r, 700));
    results.push(`${name}: ${code} frames ${fixture.seat.frames.length - before} after ${t} ms ${err.slice(0, 300).replaceAll('\n', ' | ')}`);
    try { process.kill(-child.pid!, 'SIGKILL'); } catch {}
    await new Promise((r) => setTimeout(r, 300));
  }
  console.log(results.join('\n'));
  expect(1).toBe(1);
}, 240000);
