import { Processes } from './Processes.mjs';
import { answers, freePort } from './ports.mjs';
import { missing, shell } from './programs.mjs';

/** Debian 12 has no ttyd: another command that runs one can be named in $BENCH_TTYD. */
const command = (process.env.BENCH_TTYD ?? 'ttyd').split(' ');

/** ttyd: a terminal alone, drawn by xterm.js on a canvas in the page. */
export class Ttyd {
  static title = 'ttyd';
  static terminalOnly = true;
  static missing = () => missing([command[0]]);
  #processes = new Processes();

  async start() {
    const port = await freePort();
    const look = ['rendererType=canvas', 'cursorBlink=false', 'fontSize=14', 'disableLeaveAlert=true'];
    this.#processes.start(
      command[0],
      [
        ...command.slice(1),
        ...['-i', '127.0.0.1', '-p', String(port), '-W'],
        ...look.flatMap((option) => ['-t', option]),
        ...shell,
      ],
      { env: { PS1: '$ ' } },
    );
    await answers(port);
    return `http://127.0.0.1:${port}/`;
  }

  /** It is one. */
  terminal() {}

  cost(without) {
    return this.#processes.cost(without);
  }

  stop() {
    return this.#processes.stop();
  }
}
