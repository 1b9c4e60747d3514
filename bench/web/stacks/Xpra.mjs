import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Processes } from './Processes.mjs';
import { answers, freePort } from './ports.mjs';
import { missing, mpvOptions, shell } from './programs.mjs';

/** xpra's desktop mode on Xvfb, with its own HTML5 client. */
export class Xpra {
  static title = 'xpra HTML5';
  static missing = () => missing(['xpra', 'Xvfb', 'xterm', 'mpv']);
  #processes = new Processes();
  #directory = mkdtempSync(join(tmpdir(), 'bench-web-'));
  #display;

  async start() {
    const port = await freePort();
    this.#display = `:${100 + (port % 10000)}`;
    this.#start('xpra', [
      'start-desktop',
      this.#display,
      `--bind-tcp=127.0.0.1:${port}`,
      ...'--html=on --daemon=no --mdns=no --pulseaudio=no --notifications=no --webcam=no --printing=no'.split(
        ' ',
      ),
      ...'--file-transfer=off --dbus-proxy=no --systemd-run=no --dbus-launch=no'.split(' '),
      '--xvfb=Xvfb +extension Composite -screen 0 1280x720x24 -nolisten tcp -noreset',
    ]);
    await answers(port);
    return `http://127.0.0.1:${port}/index.html?floating_menu=false&sound=false&clipboard=false`;
  }

  terminal() {
    const face = ['-fa', 'DejaVu Sans Mono', '-fs', '10', '-geometry', '160x45+0+0'];
    this.#start('xterm', [...face, '-e', ...shell]);
  }

  video(file) {
    this.#start('mpv', ['--vo=x11', '--geometry=1280x720+0+0', '--no-border', ...mpvOptions, file]);
  }

  cost(without) {
    return this.#processes.cost(without);
  }

  async stop() {
    await this.#processes.stop();
    rmSync(this.#directory, { recursive: true, force: true, maxRetries: 10 });
  }

  #start(command, args) {
    this.#processes.start(command, args, {
      env: {
        DISPLAY: this.#display,
        HOME: this.#directory,
        XDG_RUNTIME_DIR: this.#directory,
        PS1: '$ ',
      },
    });
  }
}
