/**
 * Devices that this machine does not have, as far as their calls' bytes go: a C library, compiled with the kernel's headers and
 * preloaded into a Node process, stands in for ioctl(2). Whether the real kernel agrees, the tests in a VM show.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../..', import.meta.url));

/** What the script printed, as JSON values, and what the device was told; or why it cannot be run here. */
export type FakeRun = { printed: unknown[]; told: string[] } | { missing: string };

/** Runs a module's text with the calls of the package; `show(value)` prints. */
export function runWith(device: 'fake-input' | 'fake-card', script: string): FakeRun {
  const directory = mkdtempSync(join(tmpdir(), 'uapi-'));
  try {
    const library = join(directory, 'fake.so');
    const source = fileURLToPath(new URL(`${device}.c`, import.meta.url));
    const cc = spawnSync('cc', ['-shared', '-fPIC', '-Wall', '-Werror', '-o', library, source], {
      encoding: 'utf8',
    });
    if (cc.error) return { missing: `there is no C compiler (cc): ${cc.error.message}` };
    const header = /"missing ([^"]+)"/.exec(cc.stderr)?.[1];
    if (header) return { missing: `<${header}> is not installed` };
    if (cc.status !== 0) throw new Error(cc.stderr);
    const prelude = `
      import { constants } from 'node:fs';
      import { Fd } from '@switchyard/sys';
      import * as core from '@switchyard/uapi';
      import * as tables from '@switchyard/uapi/tables';
      import * as calls from '@switchyard/uapi/calls';
      const uapi = { ...core, ...tables };
      const plain = (_, value) =>
        typeof value === 'bigint' ? value + 'n'
        : value instanceof Map ? [...value]
        : ArrayBuffer.isView(value) ? [...value]
        : value;
      const show = (value) => console.log(JSON.stringify(value, plain) ?? 'null');
      const fails = (work) => { try { work(); show('it did not fail'); } catch (error) { show(error.message); } };
      const fd = Fd.open('/dev/null', constants.O_RDWR);
    `;
    const node = spawnSync(process.execPath, ['--input-type=module', '-e', prelude + script], {
      cwd: join(root, 'libs/uapi'),
      encoding: 'utf8',
      env: { ...process.env, LD_PRELOAD: library },
    });
    if (node.status !== 0) throw new Error(node.stderr);
    const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '');
    return { printed: lines(node.stdout).map((line) => JSON.parse(line)), told: lines(node.stderr) };
  } finally {
    rmSync(directory, { recursive: true });
  }
}
