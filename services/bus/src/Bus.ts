import { DBusError, ErrorName, type Frame, MessageFlag, MessageType } from '@switchyard/dbus';
import type { Fd, Socket } from '@switchyard/sys';
import { Activation, type ActivationSetup } from './activation/Activation.js';
import { Delivery } from './Delivery.js';
import { Driver } from './Driver.js';
import { driverPath } from './DriverName.js';
import { AccessControl } from './extension/AccessControl.js';
import { ActivatorDelivery } from './extension/ActivatorDelivery.js';
import { Activators } from './extension/Activators.js';
import { channelSubject, extensionName } from './extension/Bus1Interface.js';
import { Channels } from './extension/Channels.js';
import { type Endpoint, Endpoints } from './extension/Endpoints.js';
import { ExtendedDelivery } from './extension/ExtendedDelivery.js';
import { wantsCredentials } from './extension/Metadata.js';
import type { FrameSubject } from './FrameSubject.js';
import type { Limits } from './Limits.js';
import { NameRegistry } from './NameRegistry.js';
import { identityOf, Peer, type PeerEvents } from './Peer.js';
import { PeerTable } from './PeerTable.js';
import { Guard } from './policy/Guard.js';
import type { Policy } from './policy/Policy.js';
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
  /** Where custom endpoints listen; undefined: there are none. */
  endpointDirectory?: string;
};

/** What a configuration decides; it may change while the bus runs. */
export type BusSetup = {
  limits: Limits;
  /** undefined: the bus's own user and root may connect and do everything. */
  policy: Policy | undefined;
  /** The configuration's `<type>`. */
  type: string | undefined;
  activation: ActivationSetup;
  /** How connections may say who they are; `anonymous`: that they do not. */
  mechanisms: { external: boolean; anonymous: boolean };
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
  /** What policy holders and endpoints allow. */
  readonly access = new AccessControl<Peer>((peer) => this.namesOf(peer));
  readonly channels = new Channels<Peer>();
  readonly activators = new Activators<Peer>();
  readonly endpoints: Endpoints<Peer>;
  readonly extended: ExtendedDelivery;
  readonly #router: Router;
  readonly #forActivators: ActivatorDelivery;
  #wantsCredentials = false;
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
    this.endpoints = new Endpoints(options.endpointDirectory, (socket, endpoint) =>
      this.accept(socket, endpoint),
    );
    const tellExtension = (peer: Peer, member: string, signature: string, body: unknown[]) =>
      this.tellExtension(peer, member, signature, body);
    this.extended = new ExtendedDelivery({ namesOf: (peer) => this.namesOf(peer), tell: tellExtension });
    this.#router = new Router({
      peers: this.peers,
      names: this.names,
      replies: this.#replies,
      delivery: this.delivery,
      driver: new Driver(this),
      guard: this.#guard,
      access: this.access,
      extended: this.extended,
      tellExtension,
      expired: (caller, serial, callee) => {
        if (!this.#replies.settle(caller, serial, callee)) return;
        const error = new DBusError(ErrorName.timeout, `${callee.uniqueName} did not reply in time`);
        this.delivery.postError(caller, serial, error);
      },
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
    this.#forActivators = new ActivatorDelivery({
      activators: this.activators,
      forward: (peer, frame, fds) => this.#router.forward(peer, frame, fds),
      postError: (peer, serial, error) => this.delivery.postError(peer, serial, error),
      settle: (caller, serial, callee) => this.#replies.settle(caller, serial, callee),
      tell: tellExtension,
    });
    this.activation = new Activation(
      {
        limits: this.#limits,
        owner: (name) => this.find(name),
        post: (peer, message, isShown) => this.delivery.post(peer, message, isShown),
        show: (message) => this.delivery.show(message),
        postError: (peer, serial, error) => this.delivery.postError(peer, serial, error),
        showError: (peer, serial, error) => this.delivery.showError(peer.uniqueName, serial, error),
        forward: (peer, frame, fds) => this.#router.forward(peer, frame, fds),
        log: (what) => options.log(what, {}),
      },
      options.setup.activation,
    );
    this.#events = {
      frame: (peer, frame, fds) => this.#router.take(peer, frame, fds),
      settled: () => {
        this.#unsettled--;
      },
      gone: (peer, why) => this.#drop(peer, why),
      drained: (peer) => this.extended.drained(peer),
      impatient: (since) => {
        for (const peer of this.#all) if (peer.backlog.idleSince(since)) peer.backlog.stall();
      },
    };
  }

  /** A new connection; the socket belongs to the bus. */
  accept(socket: Socket, endpoint?: Endpoint<Peer>): void {
    const { uid } = socket.peer;
    const account =
      this.#unsettled < this.#limits.incompleteConnections ? this.#quotas.connect(uid) : undefined;
    if (!account) {
      this.#options.log('too many connections', { uid, unsettled: this.#unsettled });
      socket.close();
      return;
    }
    this.#unsettled++;
    if (this.#wantsCredentials) socket.passCredentials = true;
    const peer = new Peer(
      socket,
      {
        guid: this.guid,
        accepted: this.#setup.mechanisms.external && (endpoint !== undefined || this.#mayConnect(socket)),
        anonymous: this.#setup.mechanisms.anonymous && endpoint === undefined,
        endpoint,
        isTrusted: uid === 0 || uid === process.getuid?.(),
        quotas: this.#quotas,
        account,
        turns: this.#turns,
        limits: this.#limits,
      },
      this.#events,
    );
    this.#all.add(peer);
    if (!endpoint) return;
    endpoint.add(peer);
    this.access.confined++;
  }

  close(): void {
    this.endpoints.close();
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
    for (const peer of this.peers) peer.policy = setup.policy?.clientPolicy(peer.identity);
    this.activation.setup = setup.activation;
    this.delivery.broadcast('ActivatableServicesChanged', '', []);
    this.reviewChannels();
  }

  /** The owner of a unique or a well-known name. */
  find(name: string): Peer | undefined {
    return name.startsWith(':') ? this.peers.get(name) : this.names.owner(name);
  }

  /** The same for somebody who may not see all of them. */
  findFor(peer: Peer, name: string): Peer | undefined {
    const found = this.find(name);
    if (!found || !peer.endpoint) return found;
    const isSeen = name.startsWith(':')
      ? this.access.maySeePeer(peer, found)
      : this.access.maySee(peer, name);
    return isSeen ? found : undefined;
  }

  namesOf(peer: Peer): string[] {
    return this.names.ownedBy(peer);
  }

  tellExtension(peer: Peer, member: string, signature: string, body: unknown[]): void {
    this.delivery.post(peer, {
      type: MessageType.signal,
      flags: MessageFlag.noReplyExpected,
      path: driverPath,
      interface: extensionName,
      member,
      signature,
      body,
    });
  }

  mayOpenChannel(from: Peer, to: Peer): boolean {
    const subject = { ...channelSubject, destination: to.uniqueName };
    return this.access.mayTalk(from, to) && !this.#guard.refusal(subject, from, to, false);
  }

  /** Policy has changed. */
  reviewChannels(): void {
    this.channels.review((from, to) => this.mayOpenChannel(from, to));
  }

  /** Somebody wants these items of metadata: from now on the kernel tells who sends. */
  credentialsWanted(items: number): void {
    if (this.#wantsCredentials || !wantsCredentials(items)) return;
    this.#wantsCredentials = true;
    for (const { socket } of this.#all) socket.passCredentials = true;
  }

  /** A call is not going to be answered. */
  failCall(caller: Peer, serial: number, callee: Peer): void {
    if (!this.#replies.settle(caller, serial, callee)) return;
    const error = new DBusError(ErrorName.noReply, `${callee.uniqueName} did not take the call`);
    this.delivery.postError(caller, serial, error);
  }

  /** Hello: gives the peer its unique name. */
  admit(peer: Peer): string {
    const { completedConnections } = this.#limits;
    if (this.peers.size >= completedConnections)
      throw new DBusError(
        ErrorName.limitsExceeded,
        `The maximum number of active connections has been reached (max_completed_connections=${completedConnections})`,
      );
    const { connectionsPerUser } = this.#limits;
    if (peer.account.completed >= connectionsPerUser)
      throw new DBusError(
        ErrorName.limitsExceeded,
        `The maximum number of active connections for UID ${peer.uid} has been reached (max_connections_per_user=${connectionsPerUser})`,
      );
    peer.account.completed++;
    peer.policy = this.#setup.policy?.clientPolicy(peer.identity);
    peer.becomeActive(this.peers.add(peer));
    return peer.uniqueName;
  }

  /** NameLost, NameOwnerChanged, NameAcquired: in the reference's order. */
  announce(name: string, old: Peer | undefined, now: Peer | undefined): void {
    if (old) this.delivery.tell(old, 'NameLost', 's', [name]);
    const owners = [old?.uniqueName ?? '', now?.uniqueName ?? ''];
    this.delivery.broadcast('NameOwnerChanged', 'sss', [name, ...owners], (peer) =>
      name.startsWith(':') ? true : this.access.maySee(peer, name),
    );
    if (!now) {
      if (old) this.#forActivators.giveBack(name, old);
      return;
    }
    this.delivery.tell(now, 'NameAcquired', 's', [name]);
    this.activation.appeared(name);
    this.#forActivators.handOver(name);
  }

  /** A peer gives up its names, its rules and its voice, to see everything that its monitor's rules want. */
  makeMonitor(peer: Peer): void {
    this.delivery.matches.removeAll(peer);
    this.delivery.eavesdroppers.removeAll(peer);
    this.#forgetUniqueName(peer);
    this.names.releaseAll(peer);
    this.#failCalls(peer);
    // It has no voice to take anything out of it.
    peer.extension?.closeInbox();
    peer.state = 'monitor';
  }

  /** Well-known names, the unique one, then the calls that stay unanswered: dbus-daemon's order. kdbus told of the calls before the unique name. */
  #drop(peer: Peer, why: string): void {
    this.#all.delete(peer);
    if (peer.uniqueName !== '') peer.account.completed--;
    this.#options.log('peer gone', { peer: peer.uniqueName, pid: peer.pid, uid: peer.uid, why });
    this.delivery.monitors.removeAll(peer);
    if (peer.endpoint) this.access.confined--;
    if (this.peers.get(peer.uniqueName) === peer) this.#forget(peer);
    peer.extension?.close();
  }

  #forget(peer: Peer): void {
    this.delivery.matches.removeAll(peer);
    this.delivery.eavesdroppers.removeAll(peer);
    this.names.releaseAll(peer);
    this.#forgetUniqueName(peer);
    this.#failCalls(peer);
    this.activation.gone(peer);
    this.channels.drop(peer);
    this.access.holders.remove(peer);
    this.endpoints.drop(peer);
    this.#forActivators.drop(peer);
    this.reviewChannels();
  }

  #mayConnect(socket: Socket): boolean {
    const { policy } = this.#setup;
    const { uid } = socket.peer;
    return policy ? policy.mayConnect(identityOf(socket)) : uid === 0 || uid === process.getuid?.();
  }

  #activate(peer: Peer, name: string, frame: Frame, fds: Fd[], subject: FrameSubject): void {
    if (this.access.isActive && !this.access.mayTalkTo(peer, name))
      throw peer.endpoint && !this.access.maySee(peer, name)
        ? new DBusError(ErrorName.serviceUnknown, `The name ${name} was not provided by any .service files`)
        : new DBusError(ErrorName.accessDenied, `Policy forbids to talk to ${name}`);
    if (this.#forActivators.keep(peer, name, frame, fds)) return;
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
