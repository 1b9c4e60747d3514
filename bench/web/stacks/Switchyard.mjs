import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Processes } from './Processes.mjs';
import { foot, mpvOptions, shell } from './programs.mjs';

const yard = fileURLToPath(new URL('../../../cli/bin/yard.js', import.meta.url));

/** `yard up`, as everybody starts it, with its own terminal. */
export class Switchyard {
  static title = 'Switchyard';
  static missing = () => undefined;
  #processes = new Processes();
  #directory = mkdtempSync(join(tmpdir(), 'bench-web-'));
  #env = { YARD_RUNTIME_DIR: this.#directory, XDG_RUNTIME_DIR: this.#directory };
  #console = true;

  /** `terminal` false: nothing but the seat, and a video when there is one. */
  async start({ terminal = true, video } = {}) {
    const args = [yard, 'up', '--port', '0', '--size', '1280x720'];
    if (!terminal || !this.#console) args.push('--no-console');
    if (video) args.push('--session', ['mpv', '--vo=wlshm', '--fs', ...mpvOptions, video].join(' '));
    const tree = this.#processes.start(process.execPath, args, {
      env: { ...this.#env, SHELL: '/bin/bash', HOME: this.#directory, PS1: '$ ' },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [line] = await once(tree.stdout, 'data');
    return /https?:\S+/.exec(String(line))[0];
  }

  /** It has one already. */
  terminal() {
    if (!this.#console) this.run('--', ...foot, ...shell);
  }

  /** It was told when it started. */
  video() {}

  cost(without) {
    return this.#processes.cost(without);
  }

  async stop() {
    await this.#processes.stop();
    rmSync(this.#directory, { recursive: true, force: true, maxRetries: 10 });
  }

  /** `yard run`: starts a program as a session of its own. */
  run(...words) {
    const { status, stderr } = spawnSync(process.execPath, [yard, 'run', ...words], {
      env: { ...process.env, ...this.#env, PS1: '$ ' },
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`yard run ${words.join(' ')}: ${stderr}`);
  }

  /** For a subclass: no terminal of its own. */
  withoutConsole() {
    this.#console = false;
  }
}

/** foot on it: a foreign terminal, over Wayland. */
export class SwitchyardFoot extends Switchyard {
  static title = 'foot on Switchyard';
  static terminalOnly = true;
  static missing = () => undefined;

  constructor() {
    super();
    this.withoutConsole();
  }
}
