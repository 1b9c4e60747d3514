import type { Fd } from '@switchyard/sys';
import type { Controller } from './Controller.js';
import type { Device } from './Device.js';
import type { Fifo } from './Fifo.js';
import { type FileKeeper, noKeeper } from './FileKeeper.js';
import { HeldDevices } from './HeldDevices.js';
import type { Leader } from './Leader.js';
import { loginError } from './LoginError.js';
import { Resumption } from './Resumption.js';
import type { Seat } from './Seat.js';
import { SessionDevice } from './SessionDevice.js';
import type { FormerControl, SessionIdentity } from './SessionIdentity.js';
import type { SessionScope } from './SessionScope.js';

/**
 * A session: what takes its turn on a seat.
 *
 *   online ◀──switch──▶ active
 *     └──────┬────────────┘
 *            ├── TerminateSession ──▶ closing ──leader gone──▶ removed
 *            └── leader gone | fifo closed | ReleaseSession ──▶ removed
 *
 * Its controller is the one connection that may take its seat's devices; it may be none.
 */
export class Session {
  readonly identity: SessionIdentity;
  readonly seat: Seat | undefined;
  readonly leader: Leader;
  readonly fifo: Fifo;
  /** Where it is shown, on a seat that has VTs. Several sessions can share one. */
  readonly vt: number | undefined;
  type: string;
  class: string;
  tty: string;
  title: string;
  /** Its controller says that one of its programs does not answer. */
  hung = false;
  display: string;
  /** Locked by the manager: it has no devices until it is unlocked (LockScreens). */
  guarded = false;
  /** The id of the session for which it is the lock screen. */
  readonly standsFor: string | undefined;
  #lockedHint = false;
  idleHint = false;
  /** µs since the epoch, and monotonic, of the last change of idleHint; 0 before the first. */
  idleSince: readonly [bigint, bigint] = [0n, 0n];
  /** The seat's count of activations when this became active; 0 = never was. */
  lastActive = 0;
  closing = false;
  /** Since it was asked to give its devices up it has done so with one of them at least: it does not hang. */
  answered = false;
  /** It was taken off the seat without having left its VT, of which the kernel does not ask it any more: it must begin anew. */
  missedLeaving = false;
  /** Where duplicates of its devices' files lie for the next manager. */
  files: FileKeeper = noKeeper;
  /** What the manager before this one knew, and is not claimed yet. */
  former: FormerControl | undefined;
  /** Its control group, where there are any. */
  scope: SessionScope | undefined;
  readonly #devices = new HeldDevices();
  readonly #resumption = new Resumption(this);
  #controller: Controller | undefined;

  constructor(
    identity: SessionIdentity,
    seat: Seat | undefined,
    leader: Leader,
    fifo: Fifo,
    changing: { type: string; class: string; tty: string; title: string; display: string },
    vt?: number,
    standsFor?: string,
  ) {
    this.identity = identity;
    this.seat = seat;
    this.leader = leader;
    this.fifo = fifo;
    this.vt = vt;
    this.standsFor = standsFor;
    this.type = changing.type;
    this.class = changing.class;
    this.tty = changing.tty;
    this.title = changing.title;
    this.display = changing.display;
  }

  get id(): string {
    return this.identity.id;
  }
  get uid(): number {
    return this.identity.uid;
  }
  /** A session without a seat waits for nobody. */
  get active(): boolean {
    return this.seat === undefined || this.seat.active === this;
  }
  get state(): 'online' | 'active' | 'closing' {
    if (this.closing) return 'closing';
    return this.active ? 'active' : 'online';
  }
  get graphical(): boolean {
    return this.type === 'wayland' || this.type === 'x11' || this.type === 'mir';
  }
  /** logind's classes of sessions of people, who can be away and lock their screen. */
  get canIdle(): boolean {
    return this.class === 'user' || this.class === 'user-early';
  }
  /** Somebody has locked it: the manager, or a locker of its own that says so. */
  get lockedHint(): boolean {
    return this.guarded || this.#lockedHint;
  }
  set lockedHint(locked: boolean) {
    this.#lockedHint = locked;
  }
  get canLock(): boolean {
    return this.class === 'user';
  }
  get controller(): Controller | undefined {
    return this.#controller;
  }
  /** It was asked to give up its devices and is not done. */
  get pausing(): boolean {
    if (this.#controller?.leaving) return true;
    return this.#devices.pausing;
  }
  /** Devices that it can read or write at this moment. */
  get openDevices(): number {
    return this.#devices.open.length;
  }

  // Control.

  /**
   * `force` throws another controller out. What a controller before left behind is revoked. The session's VT is made
   * ready for pictures; throws SystemError when that cannot be.
   */
  takeControl(controller: Controller, force: boolean): void {
    if (this.#controller?.name === controller.name) return;
    if (this.#controller !== undefined && !force) throw loginError.controlled(this.id);
    this.seat?.vts?.prepare(this);
    for (const { device } of this.#devices) this.#announcePause(device, 'gone');
    this.#forgetDevices();
    this.#controller = controller;
    this.former = undefined;
  }

  /** The controller of before our restart is there still, and has what it had. */
  regainControl(controller: Controller): void {
    this.#controller = controller;
  }

  /** A device that the session had before our restart is there again: what it had of it is as it was. */
  deviceReturned(device: Device): void {
    if (!this.former?.devices.delete(device.key)) return;
    const held = new SessionDevice(device, this.id, this.files);
    // What the manager before this one gave out and did not live to tell, or did not live to revoke.
    if (held.open && !this.active) held.revoke();
    this.#devices.add(held);
  }

  /** What did not return by now does not. */
  forgetFormer(): void {
    const { former } = this;
    this.former = undefined;
    for (const key of former?.devices ?? []) {
      const [major, minor] = key.split(':').map(Number) as [number, number];
      this.#controller?.pauseDevice(this, { major, minor }, 'gone');
    }
  }

  /** A duplicate of what the session has of the device; undefined when it has none, or none that works. */
  fileOf(key: string): Fd | undefined {
    return this.#devices.get(key)?.duplicate();
  }

  /** Of all devices that it has taken: their keys, and whether it can use them at this moment. */
  *heldDevices(): Generator<{ readonly device: Device; readonly open: boolean }> {
    for (const { device, open } of this.#devices) yield { device, open };
  }

  /** The controller gave up, or is dead. */
  dropControl(): void {
    this.#controller = undefined;
    this.type = this.identity.originalType;
    this.#forgetDevices();
    this.seat?.vts?.restore(this);
  }

  /**
   * The bus is gone, and with it every name on it: the controller lives but cannot be told apart any more. It keeps
   * its channels until it (or another) takes control again; one that was asked to pause cannot answer any more.
   */
  loseBus(): void {
    if (this.#controller && !this.#controller.onBus) return;
    this.#controller = undefined;
    for (const held of this.#devices) if (held.state === 'pausing') held.revoke();
    this.seat?.switch.progress();
  }

  requireController(sender: string): void {
    if (this.#controller?.name !== sender) throw loginError.notInControl(this.id);
  }

  // Devices, as the controller asks for them.

  /**
   * The session's fd; for an inactive session it is revoked already. Throws DeviceIsTaken, and a SystemError when the
   * device cannot be opened: ENODEV, EBUSY when a stranger is master of the card.
   */
  takeDevice(device: Device): { end: Fd; inactive: boolean } {
    if (this.#devices.has(device.key)) throw loginError.deviceIsTaken(device.key);
    const held = new SessionDevice(device, this.id, this.files);
    if (held.open) held.revoke();
    const inactive = !this.mayUse(device);
    try {
      // A client of seatd's protocol opens one device after the other, each when it has the one before, and is seen only
      // when it has them all: what its switch does not need comes behind it.
      const end = inactive ? held.openPaused() : held.resume(this.#controller?.onBus === false);
      this.#devices.add(held);
      return { end, inactive };
    } catch (error) {
      held.forget();
      throw error;
    }
  }

  releaseDevice(major: number, minor: number): void {
    const held = this.#devices.require(major, minor);
    this.answered = true;
    this.#devices.remove(held);
    this.seat?.switch.progress();
  }

  /**
   * An answer to "pause". A late one for a device that is paused changes nothing; one that works again the controller
   * takes for paused.
   */
  completePause(major: number, minor: number): void {
    const held = this.#devices.meant(major, minor);
    this.answered = true;
    if (held.state === 'live' && this.#controller) this.#resumption.remind(this.#controller, held);
    if (held.state !== 'pausing') return;
    held.revoke();
    this.seat?.switch.progress();
  }

  // Devices, as the seat gives and takes them.

  /**
   * Negotiation begins. Without a controller there is nobody to ask. Screens first: a compositor that hears of its
   * screen gives its input up by itself before it answers, and need not be waited for again because of that.
   */
  askToPause(which: 'all' | 'screens' = 'all'): void {
    this.#controller?.turnEnding(this);
    this.#ask(which === 'screens');
  }

  /** Those that were asked for are given up. False: there is nothing else to ask for. */
  askForRest(): boolean {
    this.#ask(false);
    return this.pausing;
  }

  /**
   * It draws on a card, as compositors that were not made for us do, and is asked for its input only when it has not given
   * that up with the card: asked at once it would answer for what it has released, one call after the other, and libseat,
   * while there is something that it has not looked at, sends a Ping with every call of its own.
   */
  get givesInputUp(): boolean {
    return this.#controller?.onBus === true && this.#devices.drawsOnCard;
  }

  /** The kernel wants to leave its VT. False: it cannot be told; `refused` is called when that is found out later. */
  tellToLeave(refused: () => void): boolean {
    const signal = this.answered ? this.seat?.vts?.signalTakenFrom(this) : undefined;
    return signal !== undefined && (this.#controller?.tellToLeave?.(this, signal, refused) ?? false);
  }

  /**
   * From here on the session reads no key and shows no pixel. Returns how many devices it had not given up. `hasLeft`: it has
   * left its VT before, as an X server does.
   */
  revokeDevices(hasLeft = false): number {
    const { open } = this.#devices;
    const screensOnly = !hasLeft && this.missesTurns;
    this.missedLeaving = screensOnly;
    for (const held of open) held.revoke();
    for (const held of open) {
      if (!screensOnly || !held.device.isInput) this.#announcePause(held.device, 'force');
    }
    this.#controller?.turnEnded(this);
    return open.length;
  }

  /**
   * All that the session holds works again. One that was still asked to pause begins anew as well. Devices that need
   * a new file wait for a controller that cannot be given one until it opens them again. One that cannot be opened just
   * now (unplugged, or a card with a stranger as master) stays paused and is tried again for a while. Nothing of a
   * locked session does.
   */
  resumeDevices(): void {
    const controller = this.#controller;
    if (controller === undefined || this.guarded) return;
    this.#resumption.begin(controller, this.#devices.inOrder);
    controller.turnBegan(this);
  }

  deviceUnplugged(device: Device): void {
    const held = this.#devices.get(device.key);
    if (held?.device !== device) return;
    this.#devices.remove(held);
    this.#announcePause(device, 'gone');
    this.seat?.switch.progress();
  }

  /** Releases what the session holds of the system. SeatManager ends sessions. */
  close(): void {
    this.#resumption.close();
    this.closing = true;
    this.#controller = undefined;
    this.#devices.forgetAll();
    this.leader.close();
    this.fifo.close();
  }

  /** At this moment. */
  mayUse(device: Device): boolean {
    return this.seat?.active === this && !this.guarded && this.seat.switch.idle && device.usable;
  }

  /**
   * The kernel does not ask it any more before it leaves its VT (SeatVts). An X server that hears of the end of input
   * devices, and has not left its VT before that, closes what it reads all of them by; so it only hears of new ones.
   */
  get missesTurns(): boolean {
    return this.seat?.vts?.signalTakenFrom(this) !== undefined;
  }

  #forgetDevices(): void {
    this.#devices.forgetAll();
    this.seat?.switch.progress();
  }

  #ask(screensOnly: boolean): void {
    for (const held of this.#devices.inOrder.toReversed()) {
      if (held.state !== 'live' || ((screensOnly || this.missesTurns) && held.device.isInput)) continue;
      if (this.#controller === undefined) {
        held.revoke();
        continue;
      }
      held.pause();
      this.#announcePause(held.device, 'pause');
    }
  }

  #announcePause(device: Device, kind: 'pause' | 'force' | 'gone'): void {
    this.#controller?.pauseDevice(this, device, kind);
  }
}
