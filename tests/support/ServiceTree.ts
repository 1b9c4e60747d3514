import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BusLink, type Connection } from '@switchyard/dbus';
import { Socket } from '@switchyard/sys';

type Service = 'bus' | 'seat' | 'display' | 'web';

/** Services start within a quarter of a second; a busy machine takes its time. */
const patience = 60_000;

const mainOf = (service: Service): string =>
  fileURLToPath(new URL(`../../services/${service}/dist/main.js`, import.meta.url));

/** The services as processes in a runtime directory of their own, without the supervisor: for tests of one service among real others. */
export class ServiceTree {
  readonly directory = mkdtempSync(join(tmpdir(), 'yard-tree-'));
  readonly #processes = new Map<Service, ChildProcess>();
  readonly #programs = new Set<ChildProcess>();
  readonly #output: string[] = [];
  /** Nobody else's. */
  readonly #ownSettings = { XDG_CONFIG_HOME: join(this.directory, 'config') };
  #link: BusLink | undefined;

  get busAddress(): string {
    return `unix:path=${join(this.directory, 'bus')}`;
  }
  get waylandDisplay(): string {
    return join(this.directory, 'wayland-0');
  }
  /** What the services have logged, for the message of a test that fails. */
  get output(): string {
    return this.#output.join('');
  }

  pid(service: Service): number {
    return this.#processes.get(service)?.pid ?? -1;
  }

  /** Starts a service and waits for its READY=1. */
  async start(service: Service, ...options: string[]): Promise<void> {
    const notify = join(this.directory, `notify-${service}`);
    rmSync(notify, { force: true });
    using socket = Socket.bind(notify);
    const child = spawn(process.execPath, [mainOf(service), '--runtime-dir', this.directory, ...options], {
      env: { ...process.env, NOTIFY_SOCKET: notify, XDG_RUNTIME_DIR: this.directory, ...this.#ownSettings },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#processes.set(service, child);
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => this.#output.push(chunk.toString()));
    await new Promise<void>((resolve, reject) => {
      const buffer = new Uint8Array(4096);
      const timer = setTimeout(() => reject(new Error(`${service} is not ready:\n${this.output}`)), patience);
      child.once('exit', (code) => reject(new Error(`${service} ended with ${code}:\n${this.output}`)));
      socket.watch({
        readable: () => {
          for (let length = socket.receive(buffer); length > 0; length = socket.receive(buffer)) {
            if (!new TextDecoder().decode(buffer.subarray(0, length)).includes('READY=1')) continue;
            clearTimeout(timer);
            resolve();
          }
        },
      });
    });
    child.removeAllListeners('exit');
  }

  /** Ends a service the hard way, as a crash would. */
  async kill(service: Service): Promise<void> {
    const child = this.#processes.get(service);
    this.#processes.delete(service);
    if (child) await ended(child, 'SIGKILL');
  }

  /** A connection of the test's own, made anew whenever the bus is. */
  async bus(): Promise<Connection> {
    if (this.#link?.connection) return this.#link.connection;
    this.#link?.close();
    return new Promise((resolve) => {
      this.#link = new BusLink(this.busAddress, { connected: resolve });
    });
  }

  /** Starts a program with the tree's environment; it is ended with the tree. */
  run(command: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}): ChildProcess {
    const child = spawn(command, args, {
      env: {
        ...process.env,
        XDG_RUNTIME_DIR: this.directory,
        ...this.#ownSettings,
        WAYLAND_DISPLAY: this.waylandDisplay,
        XDG_SESSION_TYPE: 'wayland',
        GDK_BACKEND: 'wayland',
        DISPLAY: '',
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.on('error', (error) => this.#output.push(`${command}: ${error.message}\n`));
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => this.#output.push(`${command}: ${chunk.toString()}`));
    this.#programs.add(child);
    return child;
  }

  async stop(): Promise<void> {
    this.#link?.close();
    await Promise.all([...this.#programs].map((child) => ended(child, 'SIGKILL')));
    for (const service of ['web', 'display', 'seat', 'bus'] as const) {
      const child = this.#processes.get(service);
      if (child) await ended(child, 'SIGTERM');
    }
    // Helpers of a program that was killed may still be writing here.
    rmSync(this.directory, { recursive: true, force: true, maxRetries: 10 });
  }
}

function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined)
    return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill(signal);
    // A program that was stopped cannot end by SIGTERM.
    const timer = setTimeout(() => child.kill('SIGKILL'), 2000);
    timer.unref();
  });
}
