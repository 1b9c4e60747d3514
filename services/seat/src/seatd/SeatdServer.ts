import type { Log } from '@switchyard/runtime';
import { type Fd, Listener, Socket } from '@switchyard/sys';
import { Leader } from '../Leader.js';
import { loginError } from '../LoginError.js';
import type { SeatEvents } from '../SeatEvents.js';
import type { SeatManager } from '../SeatManager.js';
import type { Session } from '../Session.js';
import type { SavedSeatdClient } from '../StateStore.js';
import { type Dialect, dialectOf } from './Dialect.js';
import { keptFifo, keptSocket, SeatdClient, type SeatdClientHost } from './SeatdClient.js';

/** A compositor has one, an X server with its helpers a few. */
const CLIENTS_PER_USER_MAX = 256;
/** The seat of those whose process belongs to no session; what seatd calls its only one. */
const DEFAULT_SEAT = 'seat0';

export interface SeatdOptions {
  readonly path: string;
  /** Permissions of the socket: who may connect may have a session on the seat. */
  readonly mode: number;
  readonly dialect: Dialect | 'auto';
}

/**
 * seatd's protocol on its own socket. A client is a session like any other: the one that its process runs in, where
 * nobody controls that yet, else one of its own. Both faces share the seats and what happens on them.
 */
export class SeatdServer implements SeatdClientHost, Partial<SeatEvents> {
  readonly manager: SeatManager;
  readonly #options: SeatdOptions;
  readonly #log: Log;
  readonly #listener: Listener;
  readonly #clients = new Set<SeatdClient>();
  #count = 0;

  constructor(options: SeatdOptions, manager: SeatManager, log: Log) {
    this.manager = manager;
    this.#options = options;
    this.#log = log;
    const { path, mode } = options;
    manager.seatdClients = () => [...this.#clients].flatMap((client) => client.save());
    this.#listener = Listener.listen(path, { mode, onConnection: (socket) => this.#accept(socket) });
  }

  close(): void {
    this.#listener.close();
    for (const client of [...this.#clients]) client.close('the session manager ends');
  }

  /** Clients of the manager before this one, whose connections and sessions are there still. */
  restore(saved: readonly SavedSeatdClient[]): void {
    const { files, sessions } = this.manager;
    for (const one of saved) {
      this.#count = Math.max(this.#count, one.number);
      const fd = files.take(keptSocket(one.number));
      const session = sessions.get(one.session);
      const fifo = files.take(keptFifo(one.session));
      if (!fd || !session) {
        fd?.close();
        fifo?.close();
        continue;
      }
      const client = new SeatdClient(this, Socket.adopt(fd, 'stream'), one.number);
      this.#clients.add(client);
      client.restore(one, session, fifo);
      this.#log.info({ client: client.name, session: session.id }, 'seatd client is there still');
    }
  }

  // SeatdClientHost

  openSession(client: SeatdClient): { session: Session; own: boolean; fifo: Fd | undefined } {
    const { pid, uid } = client.peer;
    const surrounding = this.manager.sessions.ofProcess(pid);
    const usable = surrounding?.seat && !surrounding.closing && surrounding.uid === uid;
    if (surrounding && usable && !surrounding.controller) {
      surrounding.takeControl(client, false);
      return { session: surrounding, own: false, fifo: undefined };
    }
    const leader = Leader.open(pid);
    if (!leader) throw loginError.invalid(`There is no process ${pid} to lead the session`);
    const seat = this.manager.seats.ensure(surrounding?.seat?.id ?? DEFAULT_SEAT);
    try {
      const { session, writer } = this.manager.createSession(
        {
          uid,
          seat: seat.id,
          type: 'unspecified',
          class: 'user',
          tty: '',
          // As in seatd: a client's session is the VT that is in front when it comes.
          vt: { vtnr: seat.vts?.active ?? 0, choice: undefined },
          title: '',
          display: '',
          // As in seatd: who comes to a seat that somebody has waits for its turn.
          background: seat.active !== undefined || !seat.switch.idle,
          sharesLeader: true,
          identity: { service: 'seatd', desktop: '', remote: false, remoteUser: '', remoteHost: '' },
        },
        leader,
      );
      session.takeControl(client, false);
      return { session, own: true, fifo: writer };
    } finally {
      this.manager.seats.release(seat);
    }
  }

  dialectOf(pid: number): Dialect {
    const { dialect } = this.#options;
    return dialect === 'auto' ? dialectOf(pid) : dialect;
  }

  closed(client: SeatdClient, why: string): void {
    this.#clients.delete(client);
    this.#log.info({ client: client.name, why }, 'seatd client is gone');
  }

  // SeatEvents

  sessionRemoved(session: Session): void {
    for (const client of this.#clients) if (client.session === session) client.sessionEnded();
  }

  #accept(socket: Socket): void {
    const { uid, pid } = socket.peer;
    let count = 0;
    for (const client of this.#clients) if (client.peer.uid === uid) count++;
    if (count >= CLIENTS_PER_USER_MAX) {
      this.#log.warn({ uid, pid }, `uid ${uid} has ${CLIENTS_PER_USER_MAX} seatd clients already`);
      socket.close();
      return;
    }
    const client = new SeatdClient(this, socket, ++this.#count);
    this.#clients.add(client);
    this.#log.info({ client: client.name, uid, pid }, 'new seatd client');
  }
}
