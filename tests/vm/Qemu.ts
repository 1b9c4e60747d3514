import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Machine, placeParameters, shapeParameters } from './Machine.js';
import { Qmp } from './Qmp.js';

const program = 'qemu-system-x86_64';
/** How long QEMU may take to quit when it is told to. */
const quitPatience = 3000;

export interface Boot {
  readonly machine: Machine;
  readonly kernel: string;
  readonly initramfs: string;
  /** The host's folder in which the guest works, at the same path. */
  readonly work: string;
  /** The saved machine to go on with; without one the machine boots. */
  readonly saved?: string;
}

/** A QEMU process, with a folder of its own for its sockets and files. It ends with the process that started it. */
export class Qemu {
  static async start(boot: Boot): Promise<Qemu> {
    const folder = mkdtempSync(join(tmpdir(), 'switchyard-vm-'));
    mkdirSync(join(folder, 'out'));
    const log = openSync(join(folder, 'qemu.log'), 'w');
    const parameters = [
      ...shapeParameters(boot.machine, boot.kernel, boot.initramfs),
      ...placeParameters(boot.machine, folder, boot.work),
      ...(boot.saved ? ['-incoming', `exec:cat '${boot.saved}'`] : []),
    ];
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', program, ...parameters], {
      stdio: ['ignore', log, log],
    });
    const qemu = new Qemu(folder, child);
    try {
      qemu.#qmp = await Qmp.over(await qemu.dial('qmp'));
      return qemu;
    } catch (error) {
      await qemu.stop();
      throw error;
    }
  }

  readonly folder: string;
  readonly ended: Promise<void>;
  readonly #child: ChildProcess;
  readonly #onExit = () =>
    this.#child.kill('SIGKILL') && rmSync(this.folder, { recursive: true, force: true, maxRetries: 10 });
  #running = true;
  #qmp: Qmp | undefined;

  private constructor(folder: string, child: ChildProcess) {
    this.folder = folder;
    this.#child = child;
    this.ended = new Promise((resolve) => {
      child.once('error', () => resolve());
      child.once('exit', () => resolve());
    });
    this.ended.then(() => {
      this.#running = false;
    });
    process.once('exit', this.#onExit);
  }

  get running(): boolean {
    return this.#running;
  }
  get pid(): number {
    return this.#child.pid ?? -1;
  }
  get qmp(): Qmp {
    return this.#qmp!;
  }
  /** What the guest's kernel has written to its serial console. */
  get console(): string {
    return readFileSync(join(this.folder, 'console.log'), 'latin1');
  }

  /** Connects to one of the machine's sockets, which QEMU may still be making. */
  async dial(name: string): Promise<Socket> {
    const path = join(this.folder, name);
    for (;;) {
      const socket = connect(path);
      const connected = await new Promise<boolean>((resolve) => {
        socket.once('connect', () => resolve(true));
        socket.once('error', () => resolve(false));
      });
      if (connected) return socket;
      if (!this.#running) throw new Error(`${program} has ended: ${this.#log}`);
      await sleep(10);
    }
  }

  /** Ends the process and removes its folder. */
  async stop(): Promise<void> {
    process.off('exit', this.#onExit);
    this.#qmp?.command('quit').catch(() => {});
    if (this.#qmp) await Promise.race([this.ended, sleep(quitPatience, undefined, { ref: false })]);
    if (this.#running) this.#child.kill('SIGKILL');
    await this.ended;
    this.#qmp?.close();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 10 });
  }

  get #log(): string {
    const text = readFileSync(join(this.folder, 'qemu.log'), 'utf8').trim();
    return text || `is it installed? (apt-get install qemu-system-x86)`;
  }
}
