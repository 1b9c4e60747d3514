import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import type { Connection } from '@switchyard/dbus';
import type { RuntimeDir } from '@switchyard/runtime';
import type { Service } from './Service.js';

/** Of the bar, what the services' start is; the rest is the first session's. */
const SERVICES_SHARE = 0.9;
/** The first session waits for it no longer than this. */
const SHOWN_PATIENCE_MS = 2000;

/** What is seen of a start: a session that shows how far it is, until another one is in front. It ends by itself. */
export class Splash {
  readonly #child: ChildProcess;

  constructor(argv: readonly string[], environment: NodeJS.ProcessEnv, directory: RuntimeDir) {
    const log = openSync(directory.log('splash'), 'a', 0o600);
    const [program, ...rest] = argv;
    this.#child = spawn(program!, rest, { stdio: ['pipe', log, log], env: environment });
    closeSync(log);
    // A start without a splash is a start.
    this.#child.on('error', () => {});
    this.#child.stdin?.on('error', () => {});
    this.#child.unref();
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** What services have said of themselves (STATUS=, READY=1). */
  show(services: readonly Service[]): void {
    const waiting = services.filter(({ state }) => state !== 'ready');
    const fraction = SERVICES_SHARE * (1 - waiting.length / Math.max(1, services.length));
    const [first] = waiting;
    const what = first ? `${first.name}: ${first.status || 'starting'}` : 'starting the first session';
    this.#child.stdin?.write(`${fraction.toFixed(3)} ${what.replaceAll('\n', ' ')}\n`);
  }

  /** Waits until it has the seat, so that it does not come over the first session; not for long, since it is no more than a picture. */
  async shown(connection: Connection, seat: string): Promise<void> {
    const login1 = 'org.freedesktop.login1';
    const deadline = Date.now() + SHOWN_PATIENCE_MS;
    while (Date.now() < deadline && this.#child.exitCode === null) {
      try {
        const manager = connection.proxy(login1, '/org/freedesktop/login1');
        const [path] = await manager.call(`${login1}.Manager`, 'GetSeat', 's', seat);
        const active = await connection.proxy(login1, String(path)).get(`${login1}.Seat`, 'ActiveSession');
        if ((active as [string, string])[0] !== '') return;
      } catch {
        // There is no seat yet.
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** All is up. */
  end(): void {
    this.#child.stdin?.end('1 ready\n');
  }
}
