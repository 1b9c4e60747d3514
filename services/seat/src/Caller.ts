import type { CallContext } from '@switchyard/dbus';
import { loginError } from './LoginError.js';
import type { Seat } from './Seat.js';
import type { Session } from './Session.js';

/** Who calls, as the bus has it from the kernel. */
export class Caller {
  private constructor(
    readonly uid: number,
    readonly pid: number,
  ) {}

  static async of(context: CallContext): Promise<Caller> {
    const { uid, pid } = await context.credentials();
    return new Caller(uid, pid);
  }

  /** Root, and who runs this manager: without root it can do nothing that this user could not do anyway. */
  get privileged(): boolean {
    return this.uid === 0 || this.uid === process.getuid?.();
  }

  owns(session: Session): boolean {
    return this.privileged || this.uid === session.uid;
  }

  /** Throws AccessDenied. */
  requireOwner(session: Session, what: string): void {
    if (this.owns(session)) return;
    throw loginError.accessDenied(
      `${what} on session ${session.id} is for its user (uid ${session.uid}) and root, not for uid ${this.uid}`,
    );
  }

  /** Throws AccessDenied. */
  requireUser(uid: number, what: string): void {
    if (this.privileged || this.uid === uid) return;
    throw loginError.accessDenied(
      `${what} on user ${uid} is for themselves and root, not for uid ${this.uid}`,
    );
  }

  /** Throws AccessDenied. */
  requirePrivileged(what: string): void {
    if (this.privileged) return;
    throw loginError.accessDenied(
      `${what} is for root and the session manager's user, not for uid ${this.uid}`,
    );
  }

  /** Who sits at the seat may leave it for any session and VT, as with the keys; others may only show their own. */
  requireMayActivate(seat: Seat, session: Session | undefined): void {
    if (seat.active && this.owns(seat.active)) return;
    if (session) this.requireOwner(session, 'Activate');
    else this.requirePrivileged('Switching to a VT without a session');
  }
}
