import { type Fd, monotonicNow } from '@switchyard/sys';
import { Fifo } from './Fifo.js';
import type { Leader } from './Leader.js';
import { loginError } from './LoginError.js';
import { userName } from './Passwd.js';
import type { Seat } from './Seat.js';
import type { SeatManager } from './SeatManager.js';
import { Session } from './Session.js';
import type { SessionRequest } from './SessionRequest.js';

/**
 * What is asked for becomes a session under the id that it asks for or the manager's next, with a fifo, whose writer is the caller's, and where its seat has VTs on one of
 * them. Nobody knows of it yet. Takes the leader over, also when it throws.
 */
export function makeSession(
  manager: SeatManager,
  request: SessionRequest,
  leader: Leader,
): { session: Session; writer: Fd } {
  const id = request.id ?? `c${manager.nextSession}`;
  let seat: Seat | undefined;
  let vt: number | undefined;
  let opened: { fifo: Fifo; writer: Fd };
  try {
    if (manager.sessions.get(id)) throw loginError.invalid(`There is a session ${id} already`);
    seat = request.seat === '' ? undefined : manager.seats.require(request.seat);
    manager.sessions.check(request.uid, request.sharesLeader ? undefined : leader.pid);
    vt = chooseVt(seat, request);
    opened = Fifo.create(manager.fifoPath(id));
  } catch (error) {
    seat?.vts?.sweep();
    leader.close();
    throw error;
  }
  const identity = {
    ...request.identity,
    id,
    uid: request.uid,
    user: userName(request.uid),
    originalType: request.type,
    timestamp: BigInt(Date.now()) * 1000n,
    timestampMonotonic: monotonicNow() / 1000n,
  };
  const namesVt = request.tty === '' && vt !== undefined && request.vt.choice !== 'shared';
  const changing = namesVt ? { ...request, tty: `tty${vt}` } : request;
  const session = new Session(identity, seat, leader, opened.fifo, changing, vt, request.standsFor);
  session.files = manager.files;
  return { session, writer: opened.writer };
}

function chooseVt(seat: Seat | undefined, request: SessionRequest): number | undefined {
  if (seat?.vts) return seat.vts.choose({ ...request.vt, class: request.class });
  if (request.vt.vtnr === 0) return undefined;
  throw loginError.invalid(`${seat ? `Seat ${seat.id}` : 'No seat'} has virtual terminals: vtnr must be 0`);
}
