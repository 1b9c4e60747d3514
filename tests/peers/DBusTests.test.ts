import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

/** Debian's package dbus-tests: the reference implementation's own tests, as programs that start a bus for every case. */
const folder = '/usr/lib/dbus-1.0/installed-tests/dbus';
const yardBusd = fileURLToPath(new URL('../../services/bus/bin/yard-busd.js', import.meta.url));

/** Those that start a bus; the others are about libdbus alone. */
const programs = [
  'test-dbus-daemon',
  'test-dbus-daemon-eavesdrop',
  'test-dbus-daemon-fork.sh',
  'test-containers',
  'test-fdpass',
  'test-header-fields',
  'test-monitor',
  'test-relay',
  'test-sd-activation',
  'test-uid-permissions',
];

/** What each case came to (TAP): "ok", "not ok" or "skipped". */
async function results(
  program: string,
  daemon: string,
): Promise<{ cases: Record<string, string>; output: string }> {
  const runtimeDir = mkdtempSync(join(tmpdir(), 'dbus-tests-'));
  const child = spawn(join(folder, program), ['--tap'], {
    // A failing program leaves its buses behind: they end with their group.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      DBUS_TEST_EXEC: folder,
      DBUS_TEST_DATA: join(folder, 'data'),
      DBUS_TEST_DAEMON: daemon,
      XDG_RUNTIME_DIR: runtimeDir,
    },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes: Buffer) => (output += bytes));
  await new Promise((resolve) => child.once('exit', resolve));
  try {
    process.kill(-child.pid!);
  } catch {
    // Nothing is left.
  }
  rmSync(runtimeDir, { recursive: true, force: true });
  const cases: Record<string, string> = {};
  for (const line of output.split('\n')) {
    const [, verdict, name, skipped] = /^(ok|not ok) \d+ (?:- )?(.*?)( # SKIP.*)?$/.exec(line) ?? [];
    if (name !== undefined) cases[name] = skipped ? 'skipped' : verdict!;
  }
  return { cases, output };
}

it.each(programs)(
  '%s: what passes on dbus-daemon passes on yard-busd',
  { timeout: 180_000 },
  async (program) => {
    const reference = await results(program, 'dbus-daemon');
    expect(Object.keys(reference.cases).length, reference.output).toBeGreaterThan(2);
    const ours = await results(program, yardBusd);
    expect(ours.cases, ours.output).toEqual(reference.cases);
  },
);
