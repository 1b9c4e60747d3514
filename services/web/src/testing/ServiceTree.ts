import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BusLink, type Connection } from '@switchyard/dbus';
import { RuntimeDir } from '@switchyard/runtime';
import { Socket } from '@switchyard/sys';
import { web } from '../WebInterface.js';

const root = fileURLToPath(new URL('../../../..', import.meta.url));

/** The bus, the session manager and the browser seat as real processes in a runtime directory of their own. */
export class ServiceTree {
  readonly directory = new RuntimeDir(mkdtempSync(join(tmpdir(), 'yard-web-')));
  readonly #children = new Map<string, ChildProcess>();
  readonly #notifications: Socket;
  readonly #awaited = new Map<number, () => void>();
  #link!: BusLink;
  #connection!: Connection;
  /** What the services wrote to stderr. */
  log = '';

  static async start(webOptions: string[] = []): Promise<ServiceTree> {
    const tree = new ServiceTree();
    await tree.spawn('bus');
    await new Promise<void>((resolve) => {
      tree.#link = new BusLink(tree.directory.busAddress, {
        connected: (connection) => {
          tree.#connection = connection;
          resolve();
        },
      });
    });
    await tree.spawn('seat');
    await tree.spawn('web', ['--port', '0', ...webOptions]);
    return tree;
  }

  private constructor() {
    this.#notifications = Socket.bind(this.directory.notifySocket, { mode: 0o600 });
    this.#notifications.passCredentials = true;
    this.#notifications.watch({ readable: () => this.#notified() });
  }

  get connection(): Connection {
    return this.#connection;
  }

  /** Starts a service and resolves when it says that it is ready. */
  spawn(service: string, options: string[] = []): Promise<void> {
    const child = spawn(
      process.execPath,
      [`${root}services/${service}/dist/main.js`, '--runtime-dir', this.directory.path, ...options],
      {
        stdio: ['ignore', 'inherit', 'pipe'],
        env: { ...process.env, NOTIFY_SOCKET: this.directory.notifySocket },
      },
    );
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.log += text;
    });
    this.#children.set(service, child);
    return new Promise((resolve, reject) => {
      this.#awaited.set(child.pid!, resolve);
      child.on('exit', (code) => reject(new Error(`${service} ended with ${code}: ${this.log}`)));
    });
  }

  /** Ends a service at once, as a crash would. */
  async kill(service: string): Promise<void> {
    const child = this.#children.get(service)!;
    this.#children.delete(service);
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  pid(service: string): number {
    return this.#children.get(service)!.pid!;
  }

  /** With the token. */
  async url(): Promise<string> {
    return (await this.#connection.proxy(web.name, web.path).get(web.interface, 'Url')) as string;
  }

  async stop(): Promise<void> {
    this.#link.close();
    this.#notifications.close();
    await Promise.all([...this.#children.keys()].map((service) => this.kill(service)));
    rmSync(this.directory.path, { recursive: true, force: true, maxRetries: 10 });
  }

  #notified(): void {
    const buffer = new Uint8Array(256);
    for (
      let length = this.#notifications.receive(buffer);
      length > 0;
      length = this.#notifications.receive(buffer)
    ) {
      if (!Buffer.from(buffer.subarray(0, length)).includes('READY=1')) continue;
      this.#awaited.get(this.#notifications.lastCredentials?.pid ?? 0)?.();
    }
  }
}
