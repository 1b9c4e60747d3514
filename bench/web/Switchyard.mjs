import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Processes } from './Processes.mjs';
import { mpvOptions } from './Xvnc.mjs';

const yard = fileURLToPath(new URL('../../cli/bin/yard.js', import.meta.url));

/** `yard up`, as everybody starts it. */
export class Switchyard {
  name = 'Switchyard';
  #processes = new Processes();
  #directory = mkdtempSync(join(tmpdir(), 'bench-web-'));
  #env = { YARD_RUNTIME_DIR: this.#directory, XDG_RUNTIME_DIR: this.#directory };

  /** `console`: with its own terminal as the first session. */
  async start({ console = true } = {}) {
    const args = [
      yard,
      'up',
      '--json',
      '--port',
      '0',
      '--size',
      '1280x720',
      ...(console ? [] : ['--no-console']),
    ];
    const tree = this.#processes.start(process.execPath, args, {
      env: { ...this.#env, SHELL: '/bin/bash', HOME: this.#directory, PS1: '$ ' },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [line] = await once(tree.stdout, 'data');
    return JSON.parse(String(line)).url;
  }

  /** It has one already. */
  terminal() {}

  video(file) {
    this.#run('mpv', '--vo=wlshm', '--fs', ...mpvOptions, file);
  }

  /** foot with cat: a foreign terminal, over Wayland. */
  foot() {
    this.#run('foot', '--fullscreen', '--font=DejaVu Sans Mono:size=10', 'cat');
  }

  cost(without) {
    return this.#processes.cost(without);
  }

  async stop() {
    await this.#processes.stop();
    rmSync(this.#directory, { recursive: true, force: true });
  }

  #run(...command) {
    const { status, stderr } = spawnSync(process.execPath, [yard, 'run', '--', ...command], {
      env: { ...process.env, ...this.#env },
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`yard run ${command[0]}: ${stderr}`);
  }
}
