import { writeSync } from 'node:fs';
import { Socket, SystemError } from '@switchyard/sys';

const stderrFd = 2;
const syslogSocket = '/dev/log';
/** LOG_DAEMON with LOG_INFO and LOG_WARNING (syslog(3)). */
const priority = { info: 3 * 8 + 6, warning: 3 * 8 + 4 } as const;

export type LogTargets = { stderr: boolean; syslog: boolean };

/** What the daemon says to people: on stderr, to syslog, or both. Also what happens on the bus, if YARD_LOG_LEVEL is debug. */
export class DaemonLog {
  targets: LogTargets = { stderr: true, syslog: false };
  /** The bus's type, told with every line. */
  type: string | undefined;
  readonly #debug = process.env['YARD_LOG_LEVEL'] === 'debug';

  info(text: string): void {
    this.#write('info', text);
  }

  warn(text: string): void {
    this.#write('warning', text);
  }

  debug(text: string, about: Record<string, unknown>): void {
    if (this.#debug) this.#write('info', `${text} ${JSON.stringify(about)}`);
  }

  #write(level: 'info' | 'warning', text: string): void {
    const kind =
      this.type === undefined ? '' : `[${this.type} uid=${process.getuid?.()} pid=${process.pid}] `;
    const line = `yard-busd[${process.pid}]: ${kind}${text}`;
    if (this.targets.stderr)
      try {
        writeSync(stderrFd, `${line}\n`);
      } catch {
        // Nobody reads it.
      }
    if (this.targets.syslog) tellSyslog(priority[level], line);
  }
}

/** A machine without syslog does without. */
function tellSyslog(number: number, line: string): void {
  try {
    using socket = Socket.connect(syslogSocket, 'dgram');
    socket.send(Buffer.from(`<${number}>${line}`));
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
  }
}
