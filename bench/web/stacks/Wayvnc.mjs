import { chownSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NoVncPage } from './NoVncPage.mjs';
import { Processes } from './Processes.mjs';
import { freePort } from './ports.mjs';
import { foot, missing, mpvOptions, shell } from './programs.mjs';

/** sway does not run as root: then all of it is nobody's. */
const nobody = 65534;

/** sway on wlroots' headless backend, wayvnc, websockify and noVNC. */
export class Wayvnc {
  static title = 'sway + wayvnc + noVNC';
  static missing = () => missing(['sway', 'wayvnc', 'websockify', 'foot', 'mpv', 'setpriv']);
  #processes = new Processes();
  #page = new NoVncPage();
  #directory = mkdtempSync(join(tmpdir(), 'bench-web-'));
  #display;

  async start() {
    const config = join(this.#directory, 'sway.conf');
    writeFileSync(
      config,
      'output HEADLESS-1 mode 1280x720@60Hz\ndefault_border none\nfocus_follows_mouse no\n',
    );
    if (process.getuid() === 0) chownSync(this.#directory, nobody, nobody);
    this.#start('sway', ['--config', config], {
      WLR_BACKENDS: 'headless',
      WLR_RENDERER: 'pixman',
      WLR_LIBINPUT_NO_DEVICES: '1',
    });
    while (!this.#display) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      this.#display = readdirSync(this.#directory).find((name) => /^wayland-\d+$/.test(name));
    }
    const rfb = await freePort();
    this.#start('wayvnc', ['--max-fps=60', '127.0.0.1', String(rfb)]);
    return this.#page.start(this.#processes, rfb);
  }

  terminal() {
    this.#start(foot[0], [...foot.slice(1), ...shell]);
  }

  video(file) {
    this.#start('mpv', ['--vo=wlshm', '--fs', ...mpvOptions, file]);
  }

  cost(without) {
    return this.#processes.cost(without);
  }

  async stop() {
    this.#page.stop();
    await this.#processes.stop();
    rmSync(this.#directory, { recursive: true, force: true, maxRetries: 10 });
  }

  #start(command, args, environment = {}) {
    const env = {
      ...environment,
      XDG_RUNTIME_DIR: this.#directory,
      HOME: this.#directory,
      WAYLAND_DISPLAY: this.#display,
      PS1: '$ ',
    };
    // Nobody may not be where root is, and foot wants to be somewhere.
    const cwd = this.#directory;
    if (process.getuid() !== 0) return this.#processes.start(command, args, { env, cwd });
    const drop = [`--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups', command];
    return this.#processes.start('setpriv', [...drop, ...args], { env, cwd });
  }
}
