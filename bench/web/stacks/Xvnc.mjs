import { once } from 'node:events';
import { NoVncPage } from './NoVncPage.mjs';
import { Processes } from './Processes.mjs';
import { freePort } from './ports.mjs';
import { missing, mpvOptions, shell } from './programs.mjs';

/** tigervnc's Xvnc, websockify and noVNC, each as it comes. */
export class Xvnc {
  static title = 'Xvnc + noVNC';
  static missing = () => missing(['Xvnc', 'websockify', 'xterm', 'mpv']);
  #processes = new Processes();
  #page = new NoVncPage();
  #display;

  async start() {
    const rfb = await freePort();
    const server = this.#processes.start(
      'Xvnc',
      `-displayfd 3 -geometry 1280x720 -depth 24 -SecurityTypes None -localhost -rfbport ${rfb}`.split(' '),
      { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] },
    );
    const [line] = await once(server.stdio[3], 'data');
    this.#display = `:${String(line).trim()}`;
    return this.#page.start(this.#processes, rfb);
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
    this.#page.stop();
    await this.#processes.stop();
  }

  #start(command, args) {
    this.#processes.start(command, args, { env: { DISPLAY: this.#display, PS1: '$ ' } });
  }
}
