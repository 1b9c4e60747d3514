import type { Fd } from '@switchyard/sys';
import type { Given, Value } from '../Field.js';
import * as kd from '../kd.js';
import * as vt from '../vt.js';
import { exchange, get, pass, put } from './Call.js';

type Constant<T extends Readonly<Record<string, number>>> = T[keyof T];
export type VtMode = Value<typeof vt.vtMode>;
export type DisplayMode = Constant<typeof kd.KD>;
export type KeyboardMode = Constant<typeof kd.K>;

/**
 * A virtual terminal: what its modes are, and the switching among all of them. It borrows the Fd of /dev/ttyN, or of
 * /dev/tty0, which is whichever VT is in front.
 *
 * A mode outlives the Fd and ends with the process that set it, at the next switch; the owner of a VT in process mode is that
 * process. Changing another's VT takes CAP_SYS_TTY_CONFIG.
 */
export class Vt {
  readonly fd: Fd;

  constructor(fd: Fd) {
    this.fd = fd;
  }

  /** The lowest VT that nobody has open; undefined when all are in use. Opening /dev/ttyN is what allocates it. */
  free(): number | undefined {
    const number = get(this.fd, vt.VT_OPENQRY);
    return number < 0 ? undefined : number;
  }

  /** The VT in front, and those up to 15 that are allocated. */
  state(): { active: number; allocated: number[] } {
    const { v_active, v_state } = get(this.fd, vt.VT_GETSTATE);
    const allocated = Array.from({ length: 15 }, (_, i) => i + 1).filter((number) => v_state & (1 << number));
    return { active: v_active, allocated };
  }

  mode(): VtMode {
    return get(this.fd, vt.VT_GETMODE);
  }

  /** In mode VT.PROCESS the kernel sends `relsig` before it leaves the VT and waits without limit for release(). */
  setMode(mode: Given<typeof vt.vtMode>): void {
    put(this.fd, vt.VT_SETMODE, mode);
  }

  /** Answers `relsig`: the switch may happen, or not. EINVAL: none is pending. */
  release(allow: boolean): void {
    pass(this.fd, vt.VT_RELDISP, allow ? 1 : 0);
  }

  /** Answers `acqsig`. */
  acknowledge(): void {
    pass(this.fd, vt.VT_RELDISP, vt.VT.ACKACQ);
  }

  /** Asks for a switch; it may happen later, or silently never. What is in front, state() tells. */
  activate(number: number): void {
    pass(this.fd, vt.VT_ACTIVATE, number);
  }

  /** Asks for a switch to a VT and sets its mode before. */
  activateWith(number: number, mode: Given<typeof vt.vtMode>): void {
    put(this.fd, vt.VT_SETACTIVATE, { console: number, mode });
  }

  /** Blocks this thread until the VT is in front: not for a service. /sys/class/tty/tty0/active can be polled instead. */
  waitActive(number: number): void {
    pass(this.fd, vt.VT_WAITACTIVE, number);
  }

  /** Blocks this thread until one of VT_EVENT's happens. */
  waitEvent(events: number): { event: number; old: number; new: number } {
    const { event, oldev, newev } = exchange(this.fd, vt.VT_WAITEVENT, { event: events });
    return { event, old: oldev, new: newev };
  }

  /** Frees a VT's memory. EBUSY: it is in front, or open, or was open until a moment ago. */
  disallocate(number: number): void {
    pass(this.fd, vt.VT_DISALLOCATE, number);
  }

  /** Forbids all switching, whoever asks, until it is allowed again. No ioctl tells whether it is. */
  lockSwitching(locked: boolean): void {
    pass(this.fd, locked ? vt.VT_LOCKSWITCH : vt.VT_UNLOCKSWITCH, 1);
  }

  displayMode(): DisplayMode {
    return get(this.fd, kd.KDGETMODE) as DisplayMode;
  }

  setDisplayMode(mode: DisplayMode): void {
    pass(this.fd, kd.KDSETMODE, mode);
  }

  keyboardMode(): KeyboardMode {
    return get(this.fd, kd.KDGKBMODE) as KeyboardMode;
  }

  setKeyboardMode(mode: KeyboardMode): void {
    pass(this.fd, kd.KDSKBMODE, mode);
  }

  /** What a key means (K_… values of linux/keyboard.h) with the modifiers that choose the table. */
  keyboardEntry(table: number, key: number): number {
    return exchange(this.fd, kd.KDGKBENT, { kb_table: table, kb_index: key }).kb_value;
  }

  /** For all VTs. */
  setKeyboardEntry(table: number, key: number, value: number): void {
    put(this.fd, kd.KDSKBENT, { kb_table: table, kb_index: key, kb_value: value });
  }

  /** Bits of K_LOCK. */
  locks(): number {
    return get(this.fd, kd.KDGKBLED) & 7;
  }

  setLocks(locks: number): void {
    pass(this.fd, kd.KDSKBLED, locks);
  }

  /** Which signal the kernel sends to this process when the key KeyboardSignal is pressed. */
  acceptKeyboardSignal(signal: number): void {
    pass(this.fd, kd.KDSIGACCEPT, signal);
  }

  /** Tells the kernel the screen's size in characters. */
  resize(rows: number, columns: number): void {
    put(this.fd, vt.VT_RESIZE, { v_rows: rows, v_cols: columns });
  }
}
