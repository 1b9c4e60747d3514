import { constants, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Fd, Poll, pread, RealTimeSignal, SystemError } from '@switchyard/sys';
import { Vt } from '@switchyard/uapi/calls';
import { MAX_NR_CONSOLES, VT } from '@switchyard/uapi/tables';

/** capability.h: changing other processes' VTs needs it. */
const CAP_SYS_TTY_CONFIG = 26n;
/** What the kernel sends to us about the VTs that we own: SIGRTMIN and the next. */
const RELEASE = 0;
const ACQUIRE = 1;

const flags = constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK;

export interface KernelVtsEvents {
  /** The kernel wants to leave a VT of ours, and waits without limit for release(). */
  releaseAsked(): void;
  /** Another VT is in front. */
  shown(number: number): void;
}

/**
 * The machine's virtual terminals: which one is in front, and the switching among them. No VT is held open for longer
 * than a call takes: a secure attention key kills every process that has the VT open, and modes outlive the file.
 */
export class KernelVts {
  readonly #sysfs: Fd;
  /** Of the same file, which tells of a change until it is read again: nothing else may read this one. */
  readonly #watched: Fd;
  readonly #text = new Uint8Array(16);
  #events: KernelVtsEvents | undefined;
  #poll: Poll | undefined;
  #signals: RealTimeSignal[] = [];

  private constructor(sysfs: Fd, watched: Fd) {
    this.#sysfs = sysfs;
    this.#watched = watched;
  }

  /** Throws what says why this process cannot have the machine's VTs. */
  static open(sysfs = '/sys'): KernelVts {
    const capabilities = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'latin1'))?.[1];
    if (!(BigInt(`0x${capabilities ?? 0}`) & (1n << CAP_SYS_TTY_CONFIG))) {
      throw new Error('CAP_SYS_TTY_CONFIG is missing');
    }
    const path = join(sysfs, 'class/tty/tty0/active');
    const vts = new KernelVts(Fd.open(path, constants.O_RDONLY), Fd.open(path, constants.O_RDONLY));
    try {
      vts.with(0, (front) => front.state());
      void vts.active;
      return vts;
    } catch (error) {
      vts.close();
      throw error;
    }
  }

  /** From now on the kernel's questions are heard, and must be answered. */
  listen(events: KernelVtsEvents): void {
    this.#events = events;
    this.#signals = [
      RealTimeSignal.listen(RELEASE, () => events.releaseAsked()),
      RealTimeSignal.listen(ACQUIRE, () => this.#acquired()),
    ];
    this.#poll = Poll.watch(this.#watched, 'priority', () => events.shown(this.#read(this.#watched)));
  }

  /** The number of the VT in front, as the kernel has it at this moment. */
  get active(): number {
    return this.#read(this.#sysfs);
  }

  /** Asks for a VT, a free one as well. Whether it comes to the front, `shown` tells: the kernel answers nothing. */
  activate(number: number): void {
    this.with(0, (front) => front.activate(number));
  }

  /**
   * Lets the kernel leave the VT in front, or not, in the name of whatever process owns that. When it is allowed, the
   * switch has happened at the return. False: no switch was pending.
   */
  release(allow: boolean): boolean {
    try {
      this.with(0, (front) => front.release(allow));
      return true;
    } catch (error) {
      if (error instanceof SystemError && error.code === 'EINVAL') return false;
      throw error;
    }
  }

  /** From now on the kernel asks us before it leaves this VT. A switch that was pending there is forgotten. */
  own(number: number): void {
    const [relsig, acqsig] = this.#signals.map((signal) => signal.number);
    if (relsig === undefined || acqsig === undefined) throw new Error('the kernel’s VTs are not listened to');
    this.with(number, (vt) => vt.setMode({ mode: VT.PROCESS, relsig, acqsig }));
  }

  /** The signal by which the kernel asks another process before it leaves this VT; undefined when it asks us, or nobody. */
  othersSignal(number: number): number | undefined {
    const { mode, relsig } = this.with(number, (vt) => vt.mode());
    return mode === VT.PROCESS && relsig !== this.#signals[RELEASE]?.number ? relsig : undefined;
  }

  /** The lowest VT that is not in front, that no process has open, and that `taken` does not name. */
  findFree(taken: (number: number) => boolean): number | undefined {
    // The kernel names the lowest that is free only; the next is told when that one is open.
    const passed: Fd[] = [];
    try {
      return this.with(0, (front) => {
        for (;;) {
          const number = front.free();
          if (number === undefined || number > MAX_NR_CONSOLES) return undefined;
          if (!taken(number)) return number;
          passed.push(Fd.open(`/dev/tty${number}`, flags));
        }
      });
    } finally {
      for (const fd of passed) fd.close();
    }
  }

  /** Some process has one of the first 15 open. */
  inUse(number: number): boolean {
    // Asked through another one: whoever asks has that open.
    return this.with(number === 1 ? 2 : 1, (other) => other.state().allocated.includes(number));
  }

  /**
   * Gives a VT's memory back. False: it is in front, or open, or was open until a moment ago, or (on some kernels) it
   * has none.
   */
  disallocate(number: number): boolean {
    return this.with(0, (front) => {
      try {
        front.disallocate(number);
        return true;
      } catch (error) {
        if (error instanceof SystemError && error.code === 'EBUSY') return false;
        throw error;
      }
    });
  }

  /** Opens /dev/ttyN (0: the VT in front) for one call. Opening allocates. */
  with<T>(number: number, call: (vt: Vt) => T): T {
    using fd = Fd.open(`/dev/tty${number}`, flags);
    return call(new Vt(fd));
  }

  /** Nothing is heard any more. VTs that we own must have been given up before. */
  close(): void {
    this.#poll?.close();
    for (const signal of this.#signals.splice(0)) signal.close();
    this.#sysfs.close();
    this.#watched.close();
  }

  #read(fd: Fd): number {
    const text = Buffer.from(this.#text.buffer, 0, pread(fd, this.#text, 0)).toString('latin1');
    const number = /^tty([0-9]+)$/m.exec(text)?.[1];
    if (number === undefined) throw new Error(`the kernel says that the active VT is '${text.trim()}'`);
    return Number(number);
  }

  #acquired(): void {
    try {
      this.with(0, (front) => front.acknowledge());
    } catch (error) {
      // It is in front no more, or no more ours, or cannot be opened now; acknowledging is a courtesy.
      if (!(error instanceof SystemError)) throw error;
    }
    this.#events?.shown(this.active);
  }
}
