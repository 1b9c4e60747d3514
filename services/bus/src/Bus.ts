import { DBusError, ErrorName, type Frame, MessageFlag, MessageType } from '@switchyard/dbus';
import type { Fd, Socket } from '@switchyard/sys';
import { Admission } from './Admission.js';
import { Activation } from './activation/Activation.js';
import type { BusSetup } from './BusSetup.js';
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
import type { Peer, PeerEvents } from './Peer.js';
import { PeerTable } from './PeerTable.js';
import { Guard } from './policy/Guard.js';
import { ReplyRegistry } from './ReplyRegistry.js';
import { ReplyTimeouts } from './ReplyTimeouts.js';
import { Router } from './Router.js';
import { Unanswered } from './Unanswered.js';

export type BusOptions = {
  /** 32 hexadecimal digits. */
  guid: string;
  setup: BusSetup;
  log: (what: string, about: Record<string, unknown>) => void;
  /** Where custom endpoints listen; undefined: there are none. */
  endpointDirectory?: string;
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
  readonly #unanswered: Unanswered;
  readonly #admission: Admission;
  #setup: BusSetup;
  readonly #events: PeerEvents;
  readonly #all = new Set<Peer>();

  constructor(options: BusOptions) {
    this.#options = options;
    this.guid = options.guid;
    this.#setup = options.setup;
    this.#limits = { ...options.setup.limits };
    this.names = new NameRegistry((name, old, now) => this.announce(name, old, now), this.#limits);
    this.#guard = new Guard(
      {
        claims: (peer, name, orBelow) => name === peer.uniqueName || this.names.claims(peer, name, orBelow),
        version: () => this.names.version,
      },
      (what) => options.log(what, {}),
    );
    this.#admission = new Admission({
      guid: options.guid,
      limits: this.#limits,
      setup: () => this.#setup,
      log: options.log,
    });
    this.delivery = new Delivery(this.#guard, this.#limits, options.log);
    const replies = new ReplyRegistry<Peer>(this.#limits);
    const unanswered = new Unanswered(replies, this.delivery);
    this.#unanswered = unanswered;
    this.endpoints = new Endpoints(options.endpointDirectory, (socket, endpoint) =>
      this.accept(socket, endpoint),
    );
    const tellExtension = (peer: Peer, member: string, signature: string, body: unknown[]) =>
      this.tellExtension(peer, member, signature, body);
    this.extended = new ExtendedDelivery({ namesOf: (peer) => this.namesOf(peer), tell: tellExtension });
    this.#router = new Router({
      peers: this.peers,
      names: this.names,
      replies,
      delivery: this.delivery,
      driver: new Driver(this),
      guard: this.#guard,
      access: this.access,
      extended: this.extended,
      tellExtension,
      expired: (caller, serial, callee) => unanswered.expired(caller, serial, callee),
      timeouts: new ReplyTimeouts(this.#limits, (caller, serial, callee) =>
        unanswered.timedOut(caller, serial, callee),
      ),
      activate: (peer, name, frame, fds, subject) => this.#activate(peer, name, frame, fds, subject),
    });
    this.#forActivators = new ActivatorDelivery({
      activators: this.activators,
      forward: (peer, frame, fds) => this.#router.forward(peer, frame, fds),
      postError: (peer, serial, error) => this.delivery.postError(peer, serial, error),
      settle: (caller, serial, callee) => replies.settle(caller, serial, callee),
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
      settled: () => this.#admission.settled(),
      gone: (peer, why) => this.#drop(peer, why),
      drained: (peer) => this.extended.drained(peer),
      impatient: (since) => {
        for (const peer of this.#all) if (peer.backlog.idleSince(since)) peer.backlog.stall();
      },
    };
  }

  /** A new connection; the socket belongs to the bus. */
  accept(socket: Socket, endpoint?: Endpoint<Peer>): void {
    if (this.#wantsCredentials) socket.passCredentials = true;
    const peer = this.#admission.connect(socket, endpoint, this.#events);
    if (!peer) return;
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
    return this.#admission.unsettled;
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
    this.#unanswered.notTaken(caller, serial, callee);
  }

  /** Hello: gives the peer its unique name. */
  admit(peer: Peer): string {
    return this.#admission.admit(peer, this.peers);
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
    this.#unanswered.gone(peer);
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
    this.#unanswered.gone(peer);
    this.activation.gone(peer);
    this.channels.drop(peer);
    this.access.holders.remove(peer);
    this.endpoints.drop(peer);
    this.#forActivators.drop(peer);
    this.reviewChannels();
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
}
