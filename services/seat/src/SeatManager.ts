import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Variant } from '@switchyard/dbus';
import type { Log } from '@switchyard/runtime';
import type { Fd } from '@switchyard/sys';
import { BusPeers } from './BusPeers.js';
import { CgroupTree } from './CgroupTree.js';
import type { Device } from './Device.js';
import { DeviceRegistry } from './DeviceRegistry.js';
import { Emergency } from './Emergency.js';
import { type FileKeeper, noKeeper, revokeLeft } from './FileKeeper.js';
import { IdleLock } from './IdleLock.js';
import { InhibitorRegistry } from './InhibitorRegistry.js';
import { KeyboardWatches } from './KeyboardWatches.js';
import type { Leader } from './Leader.js';
import { LingerStore } from './LingerStore.js';
import { LockScreens } from './LockScreens.js';
import { Lull } from './Lull.js';
import { makeSession } from './makeSession.js';
import type { Schedule } from './ScheduledShutdown.js';
import type { Seat } from './Seat.js';
import type { SessionProperty } from './SeatEvents.js';
import type { SeatEventsHub } from './SeatEventsHub.js';
import type { SeatManagerOptions } from './SeatManagerOptions.js';
import { SeatRegistry } from './SeatRegistry.js';
import type { Session } from './Session.js';
import { SessionProcesses } from './SessionProcesses.js';
import { SessionRegistry } from './SessionRegistry.js';
import type { SessionRequest } from './SessionRequest.js';
import { restoreState, snapshotState } from './StateSnapshot.js';
import { type SavedSeatdClient, type SavedState, type SavedVirtualDevice, StateStore } from './StateStore.js';
import type { Place } from './SwitchGoal.js';
import { UserRegistry } from './UserRegistry.js';
import { type Provider, VirtualDevice } from './VirtualDevice.js';
import { givesVts } from './vt/givesVts.js';

/** Seats, sessions, users and devices, and the rules that concern more than one of them. Knows no protocol. */
export class SeatManager {
  readonly sessions: SessionRegistry;
  readonly devices = new DeviceRegistry();
  readonly seats: SeatRegistry;
  readonly users: UserRegistry;
  readonly inhibitors: InhibitorRegistry;
  readonly peers: BusPeers;
  readonly lull = new Lull();
  readonly files: FileKeeper;
  /** Of seatd's face, which is the only one whose connections survive a restart. */
  seatdClients: () => readonly SavedSeatdClient[] = () => [];
  /** A shutdown that is planned. */
  schedule: Schedule | undefined;
  /** The number in the next session's id. */
  nextSession = 1;
  readonly #events: SeatEventsHub;
  readonly #log: Log;
  readonly #options: SeatManagerOptions;
  readonly #store: StateStore;
  readonly #cgroups: CgroupTree | undefined;
  readonly #emergency: Emergency;
  readonly #lockScreens: LockScreens;
  readonly #idleLock: IdleLock | undefined;
  /** A session has been left alone for too long. */
  leftAlone: (session: Session) => void = (session) => this.lock(session);
  readonly #keyboards: KeyboardWatches;
  readonly #processes: SessionProcesses;

  constructor(options: SeatManagerOptions, events: SeatEventsHub, log: Log, files: FileKeeper = noKeeper) {
    this.#options = options;
    this.files = files;
    this.#events = events;
    this.#log = log;
    this.peers = new BusPeers(this, log);
    this.#cgroups = options.cgroupRoot === undefined ? undefined : CgroupTree.open(options.cgroupRoot, log);
    this.#processes = new SessionProcesses(this.#cgroups, options.killUserProcesses, (session, why) =>
      this.endSession(session, why),
    );
    this.sessions = new SessionRegistry(this.#cgroups);
    const permanent = new Set(options.permanentSeats);
    this.seats = new SeatRegistry(events, options.grace, permanent, givesVts(options, log));
    this.users = new UserRegistry(
      events,
      new LingerStore(join(options.stateDir, 'linger')),
      options.runtimePrefix,
    );
    this.inhibitors = new InhibitorRegistry(options.dir.inhibitors);
    this.inhibitors.listen({ inhibitorsChanged: () => this.touch() });
    mkdirSync(options.dir.sessions, { recursive: true, mode: 0o700 });
    this.#emergency = new Emergency(this, options.emergencyCommand, events, log);
    this.#lockScreens = new LockScreens(this, options.lockCommand, log);
    this.#store = new StateStore(
      join(options.stateDir, 'seat.json'),
      () => snapshotState(this),
      (error) => log.error(`the state is not saved: ${error.message}`),
      this.lull,
    );
    if (options.lockAfter > 0) {
      const inhibited = () => this.inhibitors.inhibited('block', 'block-weak').has('idle');
      this.#idleLock = new IdleLock(options.lockAfter, inhibited, (session) => this.leftAlone(session));
    }
    this.#keyboards = new KeyboardWatches(this, options.attention, this.#emergency, this.#idleLock, log);
    events.add({
      switched: (seat, from, to) => {
        this.#idleLock?.used(seat);
        for (const session of [from, to]) if (session) this.users.displayMayHaveChanged(session);
      },
      seatRemoved: (seat) => this.#idleLock?.seatGone(seat),
      seatNew: (seat) => {
        seat.admit = (session) => this.#lockScreens.admit(session);
      },
    });
  }

  /** What a manager before this one left: sessions whose leader lives and whose fifo is held. Before anything else. */
  restore(): SavedState | undefined {
    this.seats.ensurePermanent();
    this.users.restore();
    const saved = this.#store.load();
    const restored = restoreState(this, saved, this.#options.dir);
    for (const session of restored) {
      this.#processes.enter(session);
      this.#processes.watch(session);
    }
    this.#cgroups?.sweep(restored);
    this.#adoptVts();
    // The lock screen died while nobody looked.
    for (const seat of this.seats) {
      if (!seat.active?.guarded) continue;
      const { active } = seat;
      seat.active = undefined;
      seat.switch.start(active);
    }
    revokeLeft(this.files, (id) => this.sessions.get(id) === undefined);
    if (saved && saved.sessions.length > 0) {
      this.#log.info(
        { sessions: restored.map((session) => session.id), lost: saved.sessions.length - restored.length },
        'restored sessions',
      );
    }
    return saved;
  }

  /** logind's KillUserProcesses=. */
  get killsUserProcesses(): boolean {
    return this.#options.killUserProcesses && this.#cgroups !== undefined;
  }

  /** What is to survive a restart has changed. */
  touch(): void {
    this.#store.touch();
  }

  /** A step of a switch, on whose next one somebody waits. */
  touchLater(): void {
    this.#store.touchLater();
  }

  /** Writes at once what touch() would write later. */
  flush(): void {
    this.#store.flush();
  }

  /** The process ends. Sessions and channels stay as they are, for the next manager; VTs are the machine's again. */
  close(): void {
    for (const seat of this.seats) seat.vts?.close();
    this.#options.vts?.close();
    this.flush();
  }

  // Sessions.

  /**
   * Takes the leader over, also when it throws: SessionBusy, LimitsExceeded, NoSuchSeat, InvalidArgs for a VT. The
   * writer of the fifo is the caller's. The session takes its seat at once unless it is to stay in the background; one
   * on a VT of the caller's choice is active when that is in front.
   */
  createSession(request: SessionRequest, leader: Leader): { session: Session; writer: Fd } {
    const made = makeSession(this, request, leader);
    const { session } = made;
    const { seat, vt } = session;
    if (request.id === undefined) this.nextSession++;
    this.sessions.add(session);
    seat?.sessions.push(session);
    this.users.addSession(session);
    // The id must never be given out again, whatever happens to us from here on.
    this.#store.flush();
    this.#log.info(
      { session: session.id, seat: seat?.id, uid: request.uid, leader: leader.pid },
      'new session',
    );
    if (!request.sharesLeader) this.#processes.enter(session);
    this.#events.sessionNew(session);
    this.#processes.watch(session);
    const follows = vt !== undefined && request.vt.choice === undefined;
    if (seat && (follows ? vt === seat.vts?.active : !request.background && !seat.held)) {
      // Superseded by a later wish: nothing to tell anybody.
      seat.switch.request(session).catch(() => {});
    }
    return made;
  }

  /** The session is over: its devices are revoked, its seat goes to the next. Idempotent. */
  endSession(session: Session, why: string): void {
    if (this.sessions.get(session.id) !== session) return;
    this.#log.info({ session: session.id, why }, 'session ends');
    session.close();
    this.#processes.leave(session);
    this.#events.sessionChanged(session, 'State');
    this.sessions.remove(session);
    session.seat?.removeSession(session);
    this.#lockScreens.sessionEnded(session);
    this.#events.sessionRemoved(session);
    this.users.removeSession(session);
    if (session.seat) this.seats.release(session.seat);
    this.touch();
  }

  /** Its processes are asked to end, and made to; the session goes when its leader does. */
  terminate(session: Session): void {
    if (!this.#processes.terminate(session)) return;
    session.closing = true;
    this.#events.sessionChanged(session, 'State');
    this.users.displayMayHaveChanged(session);
  }

  /** A property of the session is another now, also after a restart. */
  sessionChanged(session: Session, ...properties: SessionProperty[]): void {
    if (this.sessions.get(session.id) !== session) return;
    this.#events.sessionChanged(session, ...properties);
    this.touch();
  }

  /** Session.Lock: its lock screen is what is seen of it, where there is a command for that. */
  lock(session: Session): void {
    this.#lockScreens.lock(session);
  }

  unlock(session: Session): void {
    this.#lockScreens.unlock(session);
  }

  /** Also when its controller is dead. */
  dropControl(session: Session): void {
    const { type } = session;
    session.dropControl();
    if (session.type !== type) this.sessionChanged(session, 'Type');
  }

  /** On how many VTs a login prompt starts. */
  get autoVts(): number {
    return this.#options.vts ? this.#options.autoVts : 0;
  }

  /** Undefined when there is nobody to switch to. */
  neighbour(seat: Seat, to: number | 'next' | 'previous'): Place | undefined {
    return typeof to === 'number' ? seat.at(to) : seat.neighbour(to);
  }

  fifoPath(id: string): string {
    return join(this.#options.dir.sessions, `${id}.ref`);
  }

  // Devices.

  /** Throws InvalidArgs or LimitsExceeded. */
  attachDevice(
    seatId: string,
    kind: string,
    name: string,
    properties: ReadonlyMap<string, Variant>,
    provider: Provider,
  ): VirtualDevice {
    const device = this.devices.makeVirtual(seatId, kind, name, properties, provider);
    this.addDevice(device);
    return device;
  }

  /** Of a number that no other device of its seat has. Its seat is there from now on. */
  addDevice(device: Device): void {
    this.devices.add(device);
    const seat = this.seats.ensure(device.seat);
    seat.addDevice(device);
    this.#log.info(
      { seat: seat.id, device: device.key, kind: device.kind, name: device.name },
      'device attached',
    );
    // The same hardware of before the bus was restarted: its old channels end here.
    const orphan =
      device instanceof VirtualDevice && device.usable ? this.devices.orphanOf(device) : undefined;
    if (orphan) this.removeDevice(orphan);
    this.#events.deviceAdded(device);
    this.touch();
    // Behind the answer to AttachDevice, from which the provider learns the numbers.
    setImmediate(() => this.watchKeyboard(device));
  }

  /** What it says of itself is something else now. */
  deviceChanged(device: Device): void {
    if (this.devices.has(device)) this.#events.deviceChanged(device);
  }

  /** Unplugged: its sessions are told "gone". Idempotent. */
  removeDevice(device: Device): void {
    if (!this.devices.has(device)) return;
    this.#log.info({ seat: device.seat, device: device.key }, 'device removed');
    this.devices.remove(device);
    this.#keyboards.forget(device);
    const seat = this.seats.require(device.seat);
    seat.removeDevice(device);
    this.#events.deviceRemoved(device);
    this.seats.release(seat);
  }

  /** A virtual device of before our restart, whose provider may be there still. */
  restoreDevice(saved: SavedVirtualDevice): void {
    this.addDevice(this.devices.restoreVirtual(saved));
  }

  /** Hears its keys, if it has any, from now on. Idempotent. */
  watchKeyboard(device: Device): void {
    if (this.devices.has(device)) this.#keyboards.watch(device);
  }

  /** From here on the kernel asks before it leaves a VT of ours. Which session is active, it says. */
  #adoptVts(): void {
    const { vts } = this.#options;
    const seat = [...this.seats].find((one) => one.vts);
    if (!vts || !seat?.vts) return;
    const ofSeat = seat.vts;
    vts.listen(ofSeat);
    seat.active = ofSeat.sessionOn(ofSeat.active);
    ofSeat.adopt();
    ofSeat.shown();
  }
}
