import { DBusError, ErrorName } from '@switchyard/dbus';
import type { Socket } from '@switchyard/sys';
import { Delivery } from './Delivery.js';
import { Driver } from './Driver.js';
import { NameRegistry } from './NameRegistry.js';
import { Peer, type PeerEvents } from './Peer.js';
import { PeerTable } from './PeerTable.js';
import { Quotas } from './Quota.js';
import { ReadTurns } from './ReadTurns.js';
import { ReplyRegistry } from './ReplyRegistry.js';
import { Router } from './Router.js';

/** Connections that have not said Hello; more are closed at once, so that strangers cannot use up our fds. */
const maximumUnsettled = 512;

export type BusOptions = {
  /** 32 hexadecimal digits. */
  guid: string;
  /** Who may connect. */
  accepts: (uid: number) => boolean;
  log: (what: string, about: Record<string, unknown>) => void;
};

/** Who is on the bus, from connection to departure; the Router moves their messages. */
export class Bus {
  readonly guid: string;
  readonly peers = new PeerTable<Peer>();
  readonly names = new NameRegistry<Peer>((name, old, now) => this.announce(name, old, now));
  readonly delivery: Delivery;
  readonly #options: BusOptions;
  readonly #replies = new ReplyRegistry<Peer>();
  readonly #events: PeerEvents;
  readonly #all = new Set<Peer>();
  readonly #quotas = new Quotas();
  readonly #turns = new ReadTurns();
  #unsettled = 0;

  constructor(options: BusOptions) {
    this.#options = options;
    this.guid = options.guid;
    this.delivery = new Delivery(options.log);
    const router = new Router({
      peers: this.peers,
      names: this.names,
      replies: this.#replies,
      delivery: this.delivery,
      driver: new Driver(this),
    });
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
    const account = this.#unsettled < maximumUnsettled ? this.#quotas.connect(uid) : undefined;
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
          accepted: this.#options.accepts(uid),
          isTrusted: uid === 0 || uid === process.getuid?.(),
          quotas: this.#quotas,
          account,
          turns: this.#turns,
        },
        this.#events,
      ),
    );
  }

  close(): void {
    for (const peer of [...this.#all]) peer.disconnect('the bus ends');
  }

  /** The owner of a unique or a well-known name. */
  find(name: string): Peer | undefined {
    return name.startsWith(':') ? this.peers.get(name) : this.names.owner(name);
  }

  /** Hello: gives the peer its unique name. */
  admit(peer: Peer): string {
    peer.becomeActive(this.peers.add(peer));
    return peer.uniqueName;
  }

  /** NameLost, NameOwnerChanged, NameAcquired: in the reference's order. */
  announce(name: string, old: Peer | undefined, now: Peer | undefined): void {
    if (old && old.state !== 'gone') this.delivery.tell(old, 'NameLost', 's', [name]);
    const owners = [old?.uniqueName ?? '', now?.uniqueName ?? ''];
    this.delivery.broadcast('NameOwnerChanged', 'sss', [name, ...owners]);
    if (now) this.delivery.tell(now, 'NameAcquired', 's', [name]);
  }

  /** A peer gives up its names, its rules and its voice, to see everything that its monitor's rules want. */
  makeMonitor(peer: Peer): void {
    this.delivery.matches.removeAll(peer);
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
    this.names.releaseAll(peer);
    this.#forgetUniqueName(peer);
    this.#failCalls(peer);
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
        new DBusError(ErrorName.noReply, `${callee.uniqueName} left without replying`),
      );
  }
}
