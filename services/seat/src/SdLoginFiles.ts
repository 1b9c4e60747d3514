import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SdLoginRecord } from './SdLoginRecord.js';
import type { Seat } from './Seat.js';
import type { SeatEvents, SessionProperty, SwitchOutcome } from './SeatEvents.js';
import type { SeatManager } from './SeatManager.js';
import type { Session } from './Session.js';
import type { User } from './User.js';

/** Where the next file is written, beside the directories: their readers are told of renames into them only. */
const NEXT = '.next';

/**
 * What libsystemd reads beside the bus (sd-login(3)): a file for each session, seat and user under
 * PREFIX/{sessions,seats,users}. Each is replaced as a whole, by rename(2). Who has an answer finds what it says there:
 * files come before the bus. Only of a switch that nobody waits for an answer to, one by keys, they may tell a little
 * later.
 */
export class SdLoginFiles implements Partial<SeatEvents> {
  readonly #prefix: string;
  readonly #manager: SeatManager;
  readonly #failed: (error: Error) => void;
  /** What the files hold, so that one which did not change is not written. */
  readonly #written = new Map<string, string>();
  readonly #stale = new Set<Session | Seat | User>();
  readonly #due = () => this.flush();

  /** `failed`: a file could not be written. The bus says the same; only readers of files miss it. */
  constructor(prefix: string, manager: SeatManager, failed: (error: Error) => void) {
    this.#prefix = prefix;
    this.#manager = manager;
    this.#failed = failed;
    // machines: sd_login_monitor_new watches all four.
    for (const directory of ['sessions', 'seats', 'users', 'machines']) {
      mkdirSync(join(prefix, directory), { recursive: true, mode: 0o755 });
    }
  }

  /** Writes everything, and removes what a manager before this one left. */
  rewrite(): void {
    this.#written.clear();
    for (const session of this.#manager.sessions) this.#write(session);
    for (const seat of this.#manager.seats) this.#write(seat);
    for (const user of this.#manager.users) this.#write(user);
    for (const directory of ['sessions', 'seats', 'users']) {
      for (const name of readdirSync(join(this.#prefix, directory))) {
        const path = join(this.#prefix, directory, name);
        if (!this.#written.has(path)) rmSync(path, { force: true });
      }
    }
  }

  sessionNew(session: Session): void {
    this.#changed(session);
  }
  sessionChanged(session: Session, ...properties: SessionProperty[]): void {
    this.#changed(session, properties.includes('Active'));
  }
  sessionRemoved(session: Session): void {
    this.#stale.delete(session);
    this.#remove(this.#path(session));
    this.#changedAround(session);
  }
  seatNew(seat: Seat): void {
    this.#mark(seat);
  }
  seatChanged(seat: Seat): void {
    this.#mark(seat, true);
  }
  seatRemoved(seat: Seat): void {
    this.#stale.delete(seat);
    this.#remove(this.#path(seat));
  }
  userNew(user: User): void {
    this.#mark(user);
  }
  userChanged(user: User): void {
    this.#mark(user, true);
  }
  userRemoved(user: User): void {
    this.#stale.delete(user);
    this.#remove(this.#path(user));
  }
  switched(_seat: Seat, _from: unknown, _to: unknown, how: SwitchOutcome): void {
    if (how.awaited) this.flush();
  }

  /** Writes at once what else is written a little later. */
  flush(): void {
    this.#manager.lull.forget(this.#due);
    for (const one of this.#stale) this.#write(one);
    this.#stale.clear();
  }

  #changed(session: Session, lazily = false): void {
    this.#stale.add(session);
    this.#changedAround(session, lazily);
  }

  #changedAround(session: Session, lazily = false): void {
    if (session.seat) this.#stale.add(session.seat);
    const user = this.#manager.users.get(session.uid);
    if (user) this.#stale.add(user);
    this.#flush(lazily);
  }

  #mark(one: Seat | User, lazily = false): void {
    this.#stale.add(one);
    this.#flush(lazily);
  }

  #flush(lazily: boolean): void {
    if (lazily) this.#manager.lull.soon(this.#due);
    // At once: what is said on the bus may leave before anything else that this turn has to do.
    else this.flush();
  }

  #path(one: Session | Seat | User): string {
    if ('leader' in one) return join(this.#prefix, 'sessions', one.id);
    return 'uid' in one ? join(this.#prefix, 'users', `${one.uid}`) : join(this.#prefix, 'seats', one.id);
  }

  #write(one: Session | Seat | User): void {
    const path = this.#path(one);
    const record = 'leader' in one ? sessionRecord(one) : 'uid' in one ? userRecord(one) : seatRecord(one);
    const text = record.toString();
    if (this.#written.get(path) === text) return;
    const next = join(this.#prefix, NEXT);
    try {
      writeFileSync(next, text, { mode: 0o644 });
      renameSync(next, path);
      this.#written.set(path, text);
    } catch (error) {
      this.#failed(error as Error);
    }
  }

  #remove(path: string): void {
    this.#written.delete(path);
    try {
      rmSync(path, { force: true });
    } catch (error) {
      this.#failed(error as Error);
    }
  }
}

function sessionRecord(session: Session): SdLoginRecord {
  const { identity, seat } = session;
  return new SdLoginRecord()
    .add('UID', session.uid)
    .add('USER', identity.user)
    .add('ACTIVE', session.active)
    .add('STATE', session.state)
    .add('REMOTE', identity.remote)
    .add('TYPE', session.type)
    .add('ORIGINAL_TYPE', identity.originalType)
    .add('CLASS', session.class)
    .add('SCOPE', `session-${session.id}.scope`)
    .add('FIFO', session.fifo.path)
    .add('SEAT', seat?.id)
    .addEscaped('TTY', session.tty)
    .add('VTNR', session.vt)
    .addEscaped('DISPLAY', session.display)
    .addEscaped('REMOTE_HOST', identity.remoteHost)
    .addEscaped('REMOTE_USER', identity.remoteUser)
    .addEscaped('SERVICE', identity.service)
    .addEscaped('DESKTOP', identity.desktop)
    .add('LEADER', session.leader.pid)
    .add('REALTIME', identity.timestamp)
    .add('MONOTONIC', identity.timestampMonotonic)
    .add('CONTROLLER', session.controller?.name);
}

function seatRecord(seat: Seat): SdLoginRecord {
  return new SdLoginRecord()
    .add('IS_SEAT0', seat.id === 'seat0')
    .add('CAN_MULTI_SESSION', true)
    .add('CAN_TTY', seat.vts !== undefined)
    .add('CAN_GRAPHICAL', seat.canGraphical)
    .add('ACTIVE', seat.active?.id)
    .add('ACTIVE_UID', seat.active?.uid)
    .addText('SESSIONS', seat.sessions.map((session) => session.id).join(' '))
    .addText('UIDS', seat.sessions.map((session) => session.uid).join(' '));
}

function userRecord(user: User): SdLoginRecord {
  const sessions = [...user.sessions];
  const online = sessions.filter((session) => !session.closing);
  const active = online.filter((session) => session.active);
  const ids = (of: Session[]) => of.map((session) => session.id).join(' ');
  const seats = (of: Session[]) => [...new Set(of.flatMap(({ seat }) => seat?.id ?? []))].join(' ');
  return new SdLoginRecord()
    .add('NAME', user.name)
    .add('STATE', user.state)
    .add('STOPPING', false)
    .add('RUNTIME', user.runtimePath)
    .add('DISPLAY', user.display?.id)
    .add('REALTIME', user.timestamp)
    .add('MONOTONIC', user.timestampMonotonic)
    .addText('SESSIONS', ids(sessions))
    .addText('SEATS', seats(sessions))
    .addText('ACTIVE_SESSIONS', ids(active))
    .addText('ONLINE_SESSIONS', ids(online))
    .addText('ACTIVE_SEATS', seats(active))
    .addText('ONLINE_SEATS', seats(online));
}
