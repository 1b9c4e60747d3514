import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { BusLink, Connection } from '@switchyard/dbus';
import { DeviceProvider, SeatClient } from '@switchyard/seat';
import { type Fd, Socket } from '@switchyard/sys';

/** A tmpfs where there is one, as runtime directories are: a disk's file system makes every rename(2) wait for it. */
const place = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

const root = fileURLToPath(new URL('../../../../', import.meta.url));

/** A real broker and a real session manager in a runtime directory of their own, and what tests connect to them. */
export class SeatTree {
  readonly dir = mkdtempSync(join(place, 'yard-seat-'));
  readonly address = `unix:path=${join(this.dir, 'bus')}`;
  bus!: ChildProcess;
  seat!: ChildProcess;
  readonly #notify: Socket;
  readonly #kept = new Map<string, Fd>();
  readonly #options: string[];
  readonly #closers: (() => void)[] = [];
  /** Who waits for READY=1 of which process; the kernel says who sent it. */
  readonly #ready = new Map<number, () => void>();

  private constructor(grace: number, options: string[]) {
    this.#options = ['--grace', `${grace}`, ...options];
    this.#notify = Socket.bind(join(this.dir, 'notify'));
    this.#notify.passCredentials = true;
    const packet = new Uint8Array(512);
    this.#notify.watch({
      readable: () => {
        const fds: Fd[] = [];
        const length = this.#notify.receive(packet, fds);
        const text = Buffer.from(packet.subarray(0, Math.max(0, length))).toString();
        const sender = this.#notify.lastCredentials?.pid ?? 0;
        if (text.startsWith('READY=1')) this.#ready.get(sender)?.();
        const name = /^FDSTORE(?:REMOVE)?=1\nFDNAME=(.*)$/.exec(text)?.[1];
        if (name !== undefined) this.#keep(name, fds[0]);
        else for (const fd of fds) fd.close();
      },
    });
  }

  /** `options`: further ones of the session manager's. */
  static async start(grace = 100, ...options: string[]): Promise<SeatTree> {
    const tree = new SeatTree(grace, options);
    await tree.startBus();
    await tree.startSeat();
    return tree;
  }

  async startBus(): Promise<void> {
    this.bus = await this.#start('bus');
  }
  async startSeat(): Promise<void> {
    this.seat = await this.#start('seat', ...this.#options);
  }
  /** What the session manager has put into the file descriptor store of its supervisor, which is us. */
  get kept(): string[] {
    return [...this.#kept.keys()];
  }
  /** The store is lost, as with a supervisor that died as well. */
  forgetKept(): void {
    for (const name of this.kept) this.#keep(name, undefined);
  }
  /** As a crash does, but not before the session manager has written down what it knows: some of it is written after a pause. */
  async kill(process: ChildProcess): Promise<void> {
    const file = join(this.dir, 'state/seat.json');
    const written = () => statSync(file, { throwIfNoEntry: false })?.mtimeMs;
    let last: number | undefined;
    while (process === this.seat && last !== written()) {
      last = written();
      await sleep(300);
    }
    await this.#end(process);
  }
  async #end(process: ChildProcess): Promise<void> {
    const exit = once(process, 'exit');
    process.kill('SIGKILL');
    await exit;
  }
  /** Resolves when the process says that it is ready, the next time. */
  ready(process: ChildProcess): Promise<void> {
    return new Promise((resolve) => {
      this.#ready.set(process.pid!, resolve);
    });
  }

  async connect(): Promise<Connection> {
    const connection = await Connection.connect(this.address);
    this.#closers.push(() => connection.close());
    return connection;
  }
  provider(): DeviceProvider {
    const provider = new DeviceProvider();
    this.#link(provider);
    return provider;
  }
  client(): SeatClient {
    const client = new SeatClient();
    this.#link(client);
    return client;
  }
  /** A process to lead a session. */
  leader(): ChildProcess & { pid: number } {
    const child = spawn('sleep', ['600'], { stdio: 'ignore' });
    this.#closers.push(() => child.kill('SIGKILL'));
    return child as ChildProcess & { pid: number };
  }

  async stop(): Promise<void> {
    for (const close of this.#closers.splice(0)) close();
    for (const process of [this.seat, this.bus]) {
      if (process.exitCode === null && process.signalCode === null) await this.#end(process);
    }
    this.forgetKept();
    this.#notify.close();
    rmSync(this.dir, { recursive: true, force: true, maxRetries: 10 });
  }

  #link(owner: { connected(connection: Connection): void; lost(): void }): void {
    const link = new BusLink(this.address, {
      connected: (connection) => owner.connected(connection),
      lost: () => owner.lost(),
    });
    this.#closers.push(() => link.close());
  }

  #keep(name: string, fd: Fd | undefined): void {
    this.#kept.get(name)?.close();
    if (fd) this.#kept.set(name, fd);
    else this.#kept.delete(name);
  }

  async #start(service: string, ...options: string[]): Promise<ChildProcess> {
    const main = join(root, 'services', service, 'dist/main.js');
    const kept = service === 'seat' ? [...this.#kept] : [];
    // LISTEN_PID is known only to the process that becomes the program.
    const gate = ['-c', 'export LISTEN_PID=$$; exec "$@"', 'sh', process.execPath];
    const child = spawn('/bin/sh', [...gate, main, '--runtime-dir', this.dir, ...options], {
      stdio: [
        ...['ignore' as const, 'ignore' as const],
        process.env['YARD_TEST_LOG'] ? ('inherit' as const) : ('ignore' as const),
        ...kept.map(([, fd]) => fd.number),
      ],
      env: {
        ...process.env,
        NOTIFY_SOCKET: join(this.dir, 'notify'),
        LISTEN_FDS: `${kept.length}`,
        LISTEN_FDNAMES: kept.map(([name]) => name).join(':'),
      },
    });
    const died = once(child, 'exit').then(([code]) => {
      throw new Error(
        `services/${service} ended with ${code} before it was ready; YARD_TEST_LOG=1 shows why`,
      );
    });
    await Promise.race([this.ready(child), died]);
    died.catch(() => {});
    return child;
  }
}

export function openFds(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}
