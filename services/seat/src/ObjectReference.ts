import { seatPath, sessionPath } from '@switchyard/seat';
import type { Seat } from './Seat.js';
import type { Session } from './Session.js';

/** A session as `(so)`; none is ("", "/"). */
export function sessionReference(session: Session | undefined): [string, string] {
  return session ? [session.id, sessionPath(session.id)] : ['', '/'];
}

export function seatReference(seat: Seat | undefined): [string, string] {
  return seat ? [seat.id, seatPath(seat.id)] : ['', '/'];
}
