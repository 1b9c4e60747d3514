import {
  type CallContext,
  type Connection,
  DBusError,
  ErrorName,
  NameFlag,
  RequestNameReply,
} from '@switchyard/dbus';
import type { Log } from '@switchyard/runtime';
import { login1 } from '@switchyard/seat';
import { BusController } from './BusController.js';
import { BusProvider } from './BusProvider.js';
import type { Hardware } from './hardware/Hardware.js';
import { loginError } from './LoginError.js';
import { LoginObjects } from './LoginObjects.js';
import { LoginSignals } from './LoginSignals.js';
import { PeerWatch } from './PeerWatch.js';
import { type Action, type Permission, Policy } from './Policy.js';
import { Power, type PowerOptions } from './Power.js';
import type { Seat } from './Seat.js';
import type { SeatManager } from './SeatManager.js';
import type { Session } from './Session.js';
import type { Place } from './SwitchGoal.js';
import { SwitchRefused } from './SwitchRefused.js';
import { SwitchSuperseded } from './SwitchSuperseded.js';

/**
 * The session manager's face on the bus: exports what exists, says what happens.
 *
 *   away ──connected()──▶ claiming ──org.freedesktop.login1 is ours──▶ serving
 *     ▲────────────────────── bus lost ──────────────────────────────────┘
 */
export class LoginService {
  readonly manager: SeatManager;
  readonly policy: Policy;
  readonly power: Power;
  /** What shutdown(8) would say to everyone; kept for those who ask. */
  readonly wall = { text: '', enabled: true };
  readonly log: Log;
  readonly signals: LoginSignals;
  readonly #objects: LoginObjects;
  #connection: Connection | undefined;
  #peers: PeerWatch | undefined;

  /** `rules`: what the policy has otherwise than by default. */
  constructor(
    manager: SeatManager,
    power: PowerOptions,
    rules: Partial<Record<Action, Permission>>,
    log: Log,
    readonly hardware?: Hardware,
  ) {
    this.manager = manager;
    this.log = log;
    this.policy = new Policy(manager.users, rules);
    this.#objects = new LoginObjects(this);
    this.signals = new LoginSignals(manager, this.#objects, log);
    const prepare = (what: 'shutdown' | 'sleep', begins: boolean) => this.signals.prepare(what, begins);
    this.power = new Power(power, manager, this.policy, prepare, log);
    manager.leftAlone = (session) => this.announceLock(session, true);
  }

  /** Throws when somebody else owns org.freedesktop.login1 on this bus. */
  async serve(connection: Connection): Promise<void> {
    this.#connection = connection;
    this.#peers = new PeerWatch(connection, (name) => this.manager.peers.vanished(name));
    this.#objects.connected(connection);
    this.signals.connected(connection);
    await this.#meetFormerPeers(connection);
    const reply = await connection.requestName(login1.name, NameFlag.doNotQueue);
    if (reply !== RequestNameReply.primaryOwner) {
      throw new Error(`${login1.name} is owned by another session manager on this bus; stop that one first`);
    }
    this.manager.peers.busConnected();
  }

  /**
   * After a restart of the manager alone its peers are on the bus under the names that they had. Before our name is
   * claimed, so that whoever hears of us finds everything in its place.
   */
  async #meetFormerPeers(connection: Connection): Promise<void> {
    const bus = 'org.freedesktop.DBus';
    const ask = (member: string, signature = '', ...body: unknown[]) =>
      connection.call({
        destination: bus,
        path: '/org/freedesktop/DBus',
        interface: bus,
        member,
        signature,
        body,
      });
    const [id] = (await ask('GetId')) as [string];
    const { peers } = this.manager;
    if (id !== peers.bus) peers.forgetFormer();
    peers.bus = id;
    for (const name of peers.former()) {
      const [there] = await ask('NameHasOwner', 's', name);
      if (!there) continue;
      const provider = new BusProvider(connection, name, this.log);
      peers.returned(new BusController(connection, name), provider);
      this.watchPeer(name);
    }
  }

  lost(): void {
    this.signals.lost();
    this.#objects.lost();
    this.#peers?.close();
    this.#peers = undefined;
    this.#connection = undefined;
    this.manager.peers.busLost();
  }

  /**
   * Throws Disconnected for a call that came over a bus which is gone: its sender's name means nothing any more, or
   * somebody else.
   */
  requireCurrent(context: CallContext): void {
    if (context.connection === this.#connection) return;
    throw new DBusError(ErrorName.disconnected, 'The bus was lost during the call');
  }

  /** From now on the manager hears when this unique name vanishes. */
  watchPeer(name: string): void {
    this.#peers?.watch(name);
  }

  /**
   * Switches for a caller. Answers when the switch is done; but a caller that has devices of its own to give up for
   * it, and may be waiting for this answer before it reads on, is answered at once.
   */
  async activate(session: Session, sender: string): Promise<void> {
    if (!session.seat) throw loginError.notSupported(`Session ${session.id} has no seat to be active on`);
    const { seat } = session;
    // A program that starts asks to be seen, and is when somebody goes there: nothing comes over the emergency session or a lock screen by itself.
    if (seat.held && session !== seat.active && session.controller?.name === sender) return;
    await this.switchTo(seat, session, sender);
  }

  /** The same for a place that may be a VT without a session. */
  async switchTo(seat: Seat, place: Place, sender: string): Promise<void> {
    if (seat.active?.controller?.name === sender) {
      seat.switch.start(place);
      return;
    }
    try {
      await seat.switch.request(place);
    } catch (error) {
      if (error instanceof SwitchSuperseded) throw loginError.superseded(error.message);
      throw error instanceof SwitchRefused ? loginError.errno('EBUSY', error.message) : error;
    }
  }

  /** Session.Lock and Session.Unlock: what the manager does about it, and a word to the session's own locker. */
  announceLock(session: Session, locked: boolean): void {
    if (locked) this.manager.lock(session);
    else this.manager.unlock(session);
    this.signals.lock(session, locked);
  }
}
