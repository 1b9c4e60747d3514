import { deviceKey } from '../Device.js';
import type { SeatManager } from '../SeatManager.js';
import { CardDealer } from './CardDealer.js';
import type { CardPart } from './CardPart.js';
import type { Usurped } from './DrmDevice.js';
import { KeptLeases } from './KeptLeases.js';
import type { SeatMembership } from './SeatMembership.js';
import type { Candidate } from './SeatRule.js';
import { SharedCard } from './SharedCard.js';
import type { SysDevice } from './SysDevice.js';

/** The cards of which a rule names connectors, and who deals them out. */
export class SharedCards {
  readonly #manager: SeatManager;
  readonly #membership: SeatMembership;
  readonly #grace: number;
  readonly #settled: () => void;
  readonly #usurped: Usurped;
  /** By the card's path in sysfs. */
  readonly #dealers = new Map<string, CardDealer>();

  /** `settled`: there may be new parts, not attached to their seats yet. */
  constructor(
    manager: SeatManager,
    membership: SeatMembership,
    usurped: Usurped,
    grace: number,
    settled: () => void,
  ) {
    this.#manager = manager;
    this.#membership = membership;
    this.#usurped = usurped;
    this.#grace = grace;
    this.#settled = settled;
  }

  *parts(): Generator<CardPart> {
    for (const { card } of this.#dealers.values()) yield* card.parts;
  }
  *cards(): Generator<SysDevice> {
    for (const { card } of this.#dealers.values()) yield card.sys;
  }

  /** Deals the card's connectors out as the rules have them now. False: it is one seat's as a whole, or nobody's. */
  look(candidate: Candidate): boolean {
    const { sys, record } = candidate;
    const { number } = sys;
    const ofSeats = !record || record.tags.has('seat');
    const seats = ofSeats && number ? this.#membership.connectorSeats(candidate) : undefined;
    const known = this.#dealers.get(sys.path);
    const same =
      known?.card.sys.number?.major === number?.major && known?.card.sys.number?.minor === number?.minor;
    if (known && (!seats || !same)) this.forget(sys.path);
    const leases = number && new KeptLeases(this.#manager.files, number);
    if (!seats || !leases) {
      // Shared before a restart, and not any more: with the file that was its master its leases end.
      leases?.endCard();
      return false;
    }
    let dealer = this.#dealers.get(sys.path);
    if (!dealer) {
      dealer = new CardDealer(
        new SharedCard(
          sys,
          record,
          this.#usurped,
          leases,
          (id) =>
            this.#manager.sessions.get(id)?.former?.devices.has(deviceKey(number.major, number.minor)) ??
            false,
        ),
        this.#manager,
        this.#grace,
        this.#settled,
      );
      this.#dealers.set(sys.path, dealer);
    }
    void dealer.deal(seats);
    return true;
  }

  /** A switch is over on some seat. */
  turnEnded(): void {
    for (const { card } of this.#dealers.values()) card.turnEnded();
  }

  /** Resolves when the card's connectors are where they are to be. */
  settled(path: string): Promise<void> {
    return this.#dealers.get(path)?.whenSettled() ?? Promise.resolve();
  }

  /** Idempotent. */
  forget(path: string): void {
    const dealer = this.#dealers.get(path);
    if (!dealer) return;
    this.#dealers.delete(path);
    dealer.close();
  }
}
