import { DBusError, ErrorName, type Frame } from '@switchyard/dbus';
import type { Fd, Socket } from '@switchyard/sys';
import { Activation, type ActivationSetup } from './activation/Activation.js';
import { Delivery } from './Delivery.js';
import { Driver } from './Driver.js';
import type { FrameSubject } from './FrameSubject.js';
import type { Limits } from './Limits.js';
import { NameRegistry } from './NameRegistry.js';
import { Peer, type PeerEvents } from './Peer.js';
import { PeerTable } from './PeerTable.js';
import { Guard } from './policy/Guard.js';
import type { Identity, Policy } from './policy/Policy.js';
import { Quotas } from './Quota.js';
import { ReadTurns } from './ReadTurns.js';
import { ReplyRegistry } from './ReplyRegistry.js';
import { ReplyTimeouts } from './ReplyTimeouts.js';
import { Router } from './Router.js';

export type BusOptions = {
  /** 32 hexadecimal digits. */
  guid: string;
  setup: BusSetup;
  log: (what: string, about: Record<string, unknown>) => void;
};

/** What a configuration decides; it may change while the bus runs. */
export type BusSetup = {
  limits: Limits;
  /** undefined: the bus's own user and root may connect and do everything. */
  policy: Policy | undefined;
  /** The configuration's `<type>`. */
  type: string | undefined;
  activation: ActivationSetup;
  /** Whether those may connect who do not say who they are. */
  allowAnonymous: boolean;
  /** Reads the configuration again. Throws Error. */
  reload(): BusSetup;
};

/** Who is on the bus, from connection to departure; the Router moves their messages. */
export class Bus {
  readonly guid: string;
  readonly peers = new PeerTable<Peer>();
  readonly names: NameRegistry<Peer>;
  readonly delivery: Delivery;
  readonly activation: Activation<Peer>;
  readonly #options: BusOptions;
  /** One object for the bus's whole life: its parts look into it. */
  readonly #limits: Limits;
  readonly #guard: Guard<Peer>;
  readonly #replies: ReplyRegistry<Peer>;
  #setup: BusSetup;
  readonly #events: PeerEvents;
  readonly #all = new Set<Peer>();
  readonly #quotas: Quotas;
  readonly #turns = new ReadTurns();
  #unsettled = 0;

  constructor(options: BusOptions) {
    this.#options = options;
    this.guid = options.guid;
    this.#setup = options.setup;
    this.#limits = { ...options.setup.limits };
    this.names = new NameRegistry((name, old, now) => this.announce(name, old, now), this.#limits);
    this.#replies = new ReplyRegistry(this.#limits);
    this.#quotas = new Quotas(this.#limits);
    this.#guard = new Guard(
      {
        claims: (peer, name, orBelow) => name === peer.uniqueName || this.names.claims(peer, name, orBelow),
        version: () => this.names.version,
      },
      (what) => options.log(what, {}),
    );
    this.delivery = new Delivery(this.#guard, this.#limits, options.log);
    const router = new Router({
      peers: this.peers,
      names: this.names,
      replies: this.#replies,
      delivery: this.delivery,
      driver: new Driver(this),
      guard: this.#guard,
      timeouts: new ReplyTimeouts(this.#limits, (caller, serial, callee) => {
        if (this.#replies.settle(caller, serial, callee))
          this.delivery.postError(
            caller,
            serial,
            new DBusError(ErrorName.noReply, 'Message did not receive a reply (timeout by message bus)'),
          );
      }),
      activate: (peer, name, frame, fds, subject) => this.#activate(peer, name, frame, fds, subject),
    });
    this.activation = new Activation(
      {
        limits: this.#limits,
        owner: (name) => this.find(name),
        post: (peer, message) => this.delivery.post(peer, message),
        postError: (peer, serial, error) => this.delivery.postError(peer, serial, error),
        forward: (peer, frame, fds) => router.forward(peer, frame, fds),
        log: (what) => options.log(what, {}),
      },
      options.setup.activation,
    );
    this.#events = {
      frame: (peer, frame, fds) => router.take(peer, frame, fds),
      settled: () => {
        this.#unsettled--;
      },
      gone: (peer, why) => this.#drop(peer, why),
      impatient: (since) => {
        for (const peer of this.#all) if (peer.backlog.idleSince(since)) peer.backlog.stall();
      },
    };
  }

  /** A new connection; the socket belongs to the bus. */
  accept(socket: Socket): void {
    const { uid } = socket.peer;
    const account =
      this.#unsettled < this.#limits.incompleteConnections ? this.#quotas.connect(uid) : undefined;
    if (!account) {
      this.#options.log('too many connections', { uid, unsettled: this.#unsettled });
      socket.close();
      return;
    }
    this.#unsettled++;
    this.#all.add(
      new Peer(
        socket,
        {
          guid: this.guid,
          accepted: this.#mayConnect(identityOf(socket)),
          isTrusted: uid === 0 || uid === process.getuid?.(),
          quotas: this.#quotas,
          account,
          turns: this.#turns,
          limits: this.#limits,
        },
        this.#events,
      ),
    );
  }

  close(): void {
    this.activation.close();
    for (const peer of [...this.#all]) peer.disconnect('the bus ends');
  }

  get type(): string | undefined {
    return this.#setup.type;
  }

  /** What connections have not said Hello yet. */
  get unsettled(): number {
    return this.#unsettled;
  }

  /** Reads the configuration again, and lives by it from now on. Throws DBusError, and all stays as it was. */
  reload(): void {
    let setup: BusSetup;
    try {
      setup = this.#setup.reload();
    } catch (error) {
      throw new DBusError(ErrorName.failed, (error as Error).message);
    }
    this.#setup = setup;
    Object.assign(this.#limits, setup.limits);
    this.#guard.forget();
    for (const peer of this.peers) peer.policy = setup.policy?.clientPolicy(identityOf(peer.socket));
    this.activation.setup = setup.activation;
    this.delivery.broadcast('ActivatableServicesChanged', '', []);
  }

  /** The owner of a unique or a well-known name. */
  find(name: string): Peer | undefined {
    return name.startsWith(':') ? this.peers.get(name) : this.names.owner(name);
  }

  /** Hello: gives the peer its unique name. */
  admit(peer: Peer): string {
    const { completedConnections } = this.#limits;
    if (this.peers.size >= completedConnections)
      throw new DBusError(
        ErrorName.limitsExceeded,
        `The maximum number of active connections has been reached (max_completed_connections=${completedConnections})`,
      );
    peer.policy = this.#setup.policy?.clientPolicy(identityOf(peer.socket));
    peer.becomeActive(this.peers.add(peer));
    return peer.uniqueName;
  }

  /** NameLost, NameOwnerChanged, NameAcquired: in the reference's order. */
  announce(name: string, old: Peer | undefined, now: Peer | undefined): void {
    if (old && old.state !== 'gone') this.delivery.tell(old, 'NameLost', 's', [name]);
    const owners = [old?.uniqueName ?? '', now?.uniqueName ?? ''];
    this.delivery.broadcast('NameOwnerChanged', 'sss', [name, ...owners]);
    if (!now) return;
    this.delivery.tell(now, 'NameAcquired', 's', [name]);
    this.activation.appeared(name);
  }

  /** A peer gives up its names, its rules and its voice, to see everything that its monitor's rules want. */
  makeMonitor(peer: Peer): void {
    this.delivery.matches.removeAll(peer);
    this.delivery.eavesdroppers.removeAll(peer);
    this.#forgetUniqueName(peer);
    this.names.releaseAll(peer);
    this.#failCalls(peer);
    peer.state = 'monitor';
  }

  /** Well-known names, the unique one, then the calls that stay unanswered: dbus-daemon's order, and kdbus's. */
  #drop(peer: Peer, why: string): void {
    this.#all.delete(peer);
    this.#options.log('peer gone', { peer: peer.uniqueName, pid: peer.pid, uid: peer.uid, why });
    this.delivery.monitors.removeAll(peer);
    if (this.peers.get(peer.uniqueName) !== peer) return;
    this.delivery.matches.removeAll(peer);
    this.delivery.eavesdroppers.removeAll(peer);
    this.names.releaseAll(peer);
    this.#forgetUniqueName(peer);
    this.#failCalls(peer);
    this.activation.gone(peer);
  }

  #mayConnect(who: Identity): boolean {
    const { policy } = this.#setup;
    return policy ? policy.mayConnect(who) : who.uid === 0 || who.uid === process.getuid?.();
  }

  #activate(peer: Peer, name: string, frame: Frame, fds: Fd[], subject: FrameSubject): void {
    const service = this.activation.find(name);
    const denial = this.#guard.refusal(subject, peer, undefined, false);
    if (denial) throw denial;
    this.activation.queue(peer, service, frame, fds);
  }

  #forgetUniqueName(peer: Peer): void {
    this.peers.remove(peer.uniqueName);
    this.announce(peer.uniqueName, peer, undefined);
  }

  #failCalls(callee: Peer): void {
    for (const { caller, serial } of this.#replies.drop(callee))
      this.delivery.postError(
        caller,
        serial,
        new DBusError(ErrorName.noReply, 'Message recipient disconnected from message bus without replying'),
      );
  }
}

/** SO_PEERCRED's, and the groups that the kernel gave the process. */
function identityOf(socket: Socket): Identity {
  const { uid, gid } = socket.peer;
  return { uid, groups: [...new Set([gid, ...(socket.peerGroups() ?? [])])] };
}
