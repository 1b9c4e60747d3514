import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BusLink, type Connection } from '@switchyard/dbus';
import { RuntimeDir } from '@switchyard/runtime';
import { web } from '../WebInterface.js';

const root = fileURLToPath(new URL('../../../..', import.meta.url));

/** The bus, the session manager and the browser seat as real processes in a runtime directory of their own. */
export class ServiceTree {
  readonly directory = new RuntimeDir(mkdtempSync(join(tmpdir(), 'yard-web-')));
  readonly #children = new Map<string, ChildProcess>();
  readonly #link: BusLink;
  #connection!: Connection;
  /** What the services wrote to stderr. */
  log = '';

  static async start(webOptions: string[] = []): Promise<ServiceTree> {
    const tree = new ServiceTree();
    tree.spawn('bus');
    tree.#connection = await tree.#connected;
    tree.spawn('seat');
    tree.spawn('web', ['--port', '0', ...webOptions]);
    await tree.webAppears();
    return tree;
  }

  readonly #connected: Promise<Connection>;

  private constructor() {
    let connected!: (connection: Connection) => void;
    this.#connected = new Promise((resolve) => (connected = resolve));
    this.#link = new BusLink(this.directory.busAddress, { connected });
  }

  get connection(): Connection {
    return this.#connection;
  }

  spawn(service: string, options: string[] = []): ChildProcess {
    const child = spawn(
      process.execPath,
      [`${root}/services/${service}/dist/main.js`, '--runtime-dir', this.directory.path, ...options],
      { stdio: ['ignore', 'inherit', 'pipe'] },
    );
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.log += text;
    });
    this.#children.set(service, child);
    return child;
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

  webAppears(): Promise<void> {
    return new Promise((resolve) => {
      const watch = this.#connection.watchName(web.name, {
        appeared: () => {
          watch[Symbol.dispose]();
          resolve();
        },
      });
    });
  }

  /** With the token. */
  async url(): Promise<string> {
    return (await this.#connection.proxy(web.name, web.path).get(web.interface, 'Url')) as string;
  }

  async stop(): Promise<void> {
    this.#link.close();
    await Promise.all([...this.#children.keys()].map((service) => this.kill(service)));
    rmSync(this.directory.path, { recursive: true, force: true });
  }
}
