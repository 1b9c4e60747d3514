import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { GLibLamp, ReferenceBus } from '@switchyard/dbus/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runYard } from '../testing/runYard.js';

const run = promisify(execFile);
const typeInZsh = fileURLToPath(new URL('../../src/testing/typeInZsh.zsh', import.meta.url));
const script = fileURLToPath(new URL('../../bin/yard.js', import.meta.url));

let folder: string;
let bus: ReferenceBus;
let lamp: GLibLamp;
let env: NodeJS.ProcessEnv;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'yard-completion-'));
  writeFileSync(join(folder, 'yard'), `#!/bin/sh\nexec "${process.execPath}" "${script}" "$@"\n`);
  chmodSync(join(folder, 'yard'), 0o755);
  env = { ...process.env, PATH: `${folder}:${process.env['PATH']}`, HOME: folder };
  for (const shell of ['zsh', 'fish'])
    writeFileSync(join(folder, shell), (await runYard('completion', shell)).stdout);
  bus = await ReferenceBus.start();
  lamp = await GLibLamp.start(bus.address);
});
afterAll(async () => {
  lamp[Symbol.dispose]();
  await bus.stop();
  rmSync(folder, { recursive: true, maxRetries: 10 });
});

/** What each shell offers after this was typed, in its own order. */
const offers = {
  async zsh(typed: string): Promise<string[]> {
    const { stdout } = await run('zsh', ['-f', typeInZsh, join(folder, 'zsh'), typed], { env, cwd: folder });
    return stdout.split('\n').filter((line) => line !== '' && !line.startsWith('= '));
  },
  async fish(typed: string): Promise<string[]> {
    const typing = `source ${join(folder, 'fish')}; complete -C '${typed}'`;
    const { stdout, stderr } = await run('fish', ['--no-config', '-c', typing], { env, cwd: folder });
    expect(stderr).toBe('');
    return stdout.split('\n').flatMap((line) => line.split('\t')[0] || []);
  },
};

describe.each(['zsh', 'fish'] as const)('%s', (shell) => {
  it.each([
    ['yard sta', ['status']],
    ['yard un', ['unlock']],
    ['yard bus int', ['introspect']],
    ['yard screenshot --sea', ['--seat']],
    ['yard bus call --sig', ['--signature']],
  ])('completes “%s”', async (typed, words) => {
    expect(await offers[shell](typed)).toEqual(words);
  });

  it('offers each verb once, and no file beside them', async () => {
    const { stdout } = await run('bash', [
      '-c',
      `${(await runYard('completion', 'bash')).stdout}
      COMP_WORDS=(yard ""); COMP_CWORD=1; _yard; printf '%s\\n' "\${COMPREPLY[@]}"`,
    ]);
    expect((await offers[shell]('yard ')).sort()).toEqual(stdout.trim().split('\n').sort());
  });

  it('asks the bus for names, objects, interfaces and members', async () => {
    const call = `yard bus call --address ${bus.address}`;
    expect(await offers[shell](`${call} org.example.L`)).toEqual(['org.example.Lamp']);
    expect(await offers[shell](`${call} org.example.Lamp /lamp org.example.Lamp1 B`)).toEqual([
      'Blink',
      'Break',
    ]);
  });

  it('offers files where a verb takes one', async () => {
    expect(await offers[shell]('yard screenshot ya')).toEqual(['yard']);
  });
});
