import { accessSync, constants } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Fd, lockFile } from '@switchyard/sys';
import { MAX_NR_CONSOLES } from '@switchyard/uapi/tables';
import { KernelVts } from '../vt/KernelVts.js';

/** All tests that use the VTs, on a machine that is very busy. */
const LOCK_PATIENCE_MS = 300_000;
/** The lock that this process has, if any. */
let held: Fd | undefined;

/** Why this machine's VTs cannot be used, if they cannot. */
export function vtObstacle(): string | undefined {
  try {
    accessSync('/dev/tty0', constants.R_OK | constants.W_OK);
    KernelVts.open().close();
    return undefined;
  } catch (error) {
    return `no VTs here: ${(error as Error).message}`;
  }
}

/**
 * The machine's VTs for one test at a time, of whatever process: there is only one in front. Those that it gives out are
 * high ones, which nobody gets who asks for the lowest that is free.
 */
export class KernelVtsLock {
  readonly vts: KernelVts;
  /** In front when the test came, and again when it has gone. */
  readonly home: number;
  readonly #lock: Fd;
  readonly #given = new Map<number, Fd>();

  private constructor(lock: Fd) {
    this.#lock = lock;
    this.vts = KernelVts.open();
    this.home = this.vts.active;
  }

  /** Rejects when others have them for longer than all their tests take. */
  static async take(): Promise<KernelVtsLock> {
    // Of a test whose end failed.
    held?.close();
    const lock = Fd.open(join(tmpdir(), 'switchyard-kernel-vts.lock'), constants.O_RDWR | constants.O_CREAT);
    held = lock;
    const deadline = Date.now() + LOCK_PATIENCE_MS;
    while (!lockFile(lock)) {
      if (Date.now() > deadline) throw new Error('other tests hold the machine’s VTs and do not end');
      await pause(50);
    }
    return new KernelVtsLock(lock);
  }

  free(): number {
    for (let number = MAX_NR_CONSOLES - 1; number > 16; number--) {
      if (this.#given.has(number)) continue;
      const fd = Fd.open(`/dev/tty${number}`, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
      if (lockFile(fd)) {
        this.#given.set(number, fd);
        return number;
      }
      fd.close();
    }
    throw new Error('every VT above 16 is locked');
  }

  /** Resolves when the kernel shows this VT; rejects after a minute. */
  async until(number: number): Promise<void> {
    const deadline = Date.now() + 60_000;
    while (this.vts.active !== number) {
      if (Date.now() > deadline) throw new Error(`VT ${this.vts.active} is in front, not ${number}`);
      await pause(2);
    }
  }

  /** The modes of a VT, as one text. */
  modes(number: number): string {
    return this.vts.with(number, (vt) => {
      const screen = vt.displayMode() === 1 ? 'graphics' : 'text';
      const keys = vt.keyboardMode() === 4 ? 'off' : 'on';
      return `${screen}, keyboard ${keys}, ${vt.mode().mode === 1 ? 'process' : 'auto'}`;
    });
  }

  /** Puts everything back, whatever a failed test left. */
  async release(): Promise<void> {
    try {
      await this.#restore();
    } finally {
      this.vts.close();
      this.#lock.close();
    }
  }

  async #restore(): Promise<void> {
    for (const [number, fd] of this.#given) {
      fd.close();
      this.vts.with(number, (vt) => {
        vt.setMode({ mode: 0 });
        vt.setDisplayMode(0);
        vt.setKeyboardMode(3);
      });
    }
    this.vts.activate(this.home);
    await this.until(this.home);
    const deadline = Date.now() + 30_000;
    for (const number of this.#given.keys()) {
      // The kernel lets go of a closed VT in a worker of its own.
      while (!this.vts.disallocate(number) && Date.now() < deadline) await pause(20);
    }
  }
}

export const TEXT = 'text, keyboard on, auto';
export const GRAPHICAL = 'graphics, keyboard off, process';
