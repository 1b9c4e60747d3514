import { DBusError, ErrorName } from '@switchyard/dbus';
import { builtInLimits, type Limits } from './Limits.js';

type Expected<Peer> = { caller: Peer; serial: number; callee: Peer };

/** Which replies are owed, by whom, to whom: a message that claims to be one and is not here goes nowhere. */
export class ReplyRegistry<Peer> {
  readonly #byCaller = new Map<Peer, Map<number, Expected<Peer>>>();
  readonly #byCallee = new Map<Peer, Set<Expected<Peer>>>();

  readonly #limits: Pick<Limits, 'repliesPerConnection'>;

  constructor(limits: Pick<Limits, 'repliesPerConnection'> = builtInLimits) {
    this.#limits = limits;
  }

  /** Throws AccessDenied when the serial is in use, LimitsExceeded. */
  expect(caller: Peer, serial: number, callee: Peer): void {
    const calls = this.#byCaller.get(caller) ?? new Map<number, Expected<Peer>>();
    this.#byCaller.set(caller, calls);
    if (calls.has(serial))
      throw new DBusError(ErrorName.accessDenied, `A call with serial ${serial} waits for its reply already`);
    const maximum = this.#limits.repliesPerConnection;
    if (calls.size >= maximum)
      throw new DBusError(ErrorName.limitsExceeded, `A connection has at most ${maximum} pending calls`);
    const expected = { caller, serial, callee };
    calls.set(serial, expected);
    const owed = this.#byCallee.get(callee) ?? new Set();
    this.#byCallee.set(callee, owed);
    owed.add(expected);
  }

  /** True, once, when `callee` owes `caller` a reply to that serial. */
  settle(caller: Peer, serial: number, callee: Peer): boolean {
    const calls = this.#byCaller.get(caller);
    const expected = calls?.get(serial);
    if (expected?.callee !== callee) return false;
    calls!.delete(serial);
    this.#byCallee.get(callee)!.delete(expected);
    return true;
  }

  /** Forgets a peer. The calls that it will not answer any more are returned. */
  drop(peer: Peer): { caller: Peer; serial: number }[] {
    for (const expected of this.#byCaller.get(peer)?.values() ?? [])
      this.#byCallee.get(expected.callee)?.delete(expected);
    this.#byCaller.delete(peer);
    const owed = [...(this.#byCallee.get(peer) ?? [])];
    this.#byCallee.delete(peer);
    for (const { caller, serial } of owed) this.#byCaller.get(caller)?.delete(serial);
    return owed;
  }
}
