import { constants, readlinkSync } from 'node:fs';
import { Fd, RealTimeSignal, SystemError } from '@switchyard/sys';
import { type DisplayMode, type KeyboardMode, Vt } from '@switchyard/uapi/calls';
import { K, KD, VT } from '@switchyard/uapi/tables';

const FLAGS = constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK;
/** Of SIGRTMIN; glibc and Node use none of the real-time signals from here on. */
const [RELEASE, ACQUIRE] = [8, 9];

export interface OwnVtEvents {
  /** It came to the front. */
  acquired(): void;
  /** It is to leave; the kernel waits for release(). */
  releasing(): void;
}

/**
 * The VT of this process, in process mode: without a text console on it, and without the kernel's keyboard.
 *
 *   in front ──release signal──▶ leaving ──release()──▶ behind ──acquire signal──▶ in front
 */
export class OwnVt {
  readonly number: number;
  readonly #vt: Vt;
  readonly #signals: RealTimeSignal[] = [];
  readonly #before: { display: DisplayMode; keyboard: KeyboardMode };

  private constructor(number: number, vt: Vt) {
    this.number = number;
    this.#vt = vt;
    this.#before = { display: vt.displayMode(), keyboard: vt.keyboardMode() };
  }

  /** Throws SystemError when there is no VT, or it is not this process's to take. */
  static take(wanted: number | undefined, environment: NodeJS.ProcessEnv, on: OwnVtEvents): OwnVt {
    const number = wanted ?? ownNumber(environment);
    const fd = Fd.open(`/dev/tty${number}`, FLAGS);
    try {
      const own = new OwnVt(number, new Vt(fd));
      own.#begin(on);
      return own;
    } catch (error) {
      fd.close();
      throw error;
    }
  }

  get inFront(): boolean {
    return this.#vt.state().active === this.number;
  }

  release(): void {
    try {
      this.#vt.release(true);
    } catch (error) {
      // Nobody waits any more: the switch was taken back.
      if (!(error instanceof SystemError)) throw error;
    }
  }

  activate(number: number): void {
    this.#vt.activate(number);
  }

  /** As it was before. */
  giveBack(): void {
    const vt = this.#vt;
    vt.setKeyboardMode(this.#before.keyboard);
    vt.setDisplayMode(this.#before.display);
    vt.setMode({ mode: VT.AUTO });
    for (const signal of this.#signals) signal.close();
    vt.fd.close();
  }

  #begin(on: OwnVtEvents): void {
    const vt = this.#vt;
    const listen = (n: number, heard: () => void): number => {
      const signal = RealTimeSignal.listen(n, heard);
      this.#signals.push(signal);
      return signal.number;
    };
    try {
      const relsig = listen(RELEASE, () => on.releasing());
      const acqsig = listen(ACQUIRE, () => {
        vt.acknowledge();
        on.acquired();
      });
      vt.setMode({ mode: VT.PROCESS, relsig, acqsig });
      vt.setKeyboardMode(K.OFF);
      vt.setDisplayMode(KD.GRAPHICS);
    } catch (error) {
      for (const signal of this.#signals) signal.close();
      throw error;
    }
  }
}

/** $XDG_VTNR, else the VT that is this process's standard input, else the one in front. Throws SystemError. */
function ownNumber(environment: NodeJS.ProcessEnv): number {
  const named = Number(environment['XDG_VTNR']);
  if (named > 0) return named;
  const input = /^\/dev\/tty([1-9][0-9]*)$/.exec(linkOf('/proc/self/fd/0'))?.[1];
  if (input !== undefined) return Number(input);
  using front = Fd.open('/dev/tty0', FLAGS);
  return new Vt(front).state().active;
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
