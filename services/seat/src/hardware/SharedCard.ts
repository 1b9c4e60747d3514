import { constants } from 'node:os';
import { Card, type Lease, type Resources } from '@switchyard/drm';
import { type Fd, SystemError } from '@switchyard/sys';
import { CardPart, type LeaseHold } from './CardPart.js';
import { type CardShare, shareOf } from './CardShare.js';
import { ConsoleGuard } from './ConsoleGuard.js';
import { Curtain } from './Curtain.js';
import { becomeMaster, type Usurped } from './DrmDevice.js';
import type { KeptLease, KeptLeases } from './KeptLeases.js';
import type { SysDevice } from './SysDevice.js';
import type { UdevRecord } from './UdevRecord.js';

const { errno } = constants;

/** Which seat has which connector, by name. */
export type ConnectorSeats = ReadonlyMap<string, string>;

interface Grant {
  readonly hold: LeaseHold;
  readonly kept: KeptLease;
  readonly lease: Lease;
  readonly share: CardShare;
}

/**
 * A card whose connectors belong to several seats. The manager's own file is its master, and each seat's session in front has a
 * lease of its seat's connectors: the kernel lets it see and set nothing else, and a seat's switch is nothing to the others.
 *
 *   resting ──a session comes to the front──▶ master ──no seat has one in front any more──▶ resting
 *
 * While it rests, nobody is master: the kernel's text console is on all screens. Where files are kept, the card's and its leases'
 * outlive the manager, and the next one goes on with them.
 */
export class SharedCard {
  readonly sys: SysDevice;
  readonly #record: UdevRecord | undefined;
  readonly #usurped: Usurped;
  readonly #files: KeptLeases;
  readonly #awaits: (session: string) => boolean;
  readonly #parts = new Map<string, CardPart>();
  readonly #grants = new Map<CardPart, Grant>();
  /** Leases that could not be revoked since somebody else was master; they sleep until this card is it again. */
  readonly #overdue = new Map<Lease, KeptLease>();
  readonly #curtain = new Curtain();
  readonly #guard = new ConsoleGuard();
  #seats: ConnectorSeats = new Map();
  #card: Card | undefined;
  /** Called when a seat's lease has ended. */
  onRevoked: () => void = () => {};

  /** `awaits`: whether a session will have again what it had of the manager before this one. */
  constructor(
    sys: SysDevice,
    record: UdevRecord | undefined,
    usurped: Usurped,
    files: KeptLeases,
    awaits: (session: string) => boolean,
  ) {
    this.sys = sys;
    this.#record = record;
    this.#usurped = usurped;
    this.#files = files;
    this.#awaits = awaits;
    const card = files.takeCard();
    if (!card) return;
    this.#card = new Card(card.fd);
    this.#guard.console = card.console;
  }

  get parts(): readonly CardPart[] {
    return [...this.#parts.values()];
  }
  get seats(): ConnectorSeats {
    return this.#seats;
  }
  isLeased(part: CardPart): boolean {
    return this.#grants.has(part);
  }

  leaseOf(hold: LeaseHold): Lease | undefined {
    const grant = this.#grants.get(hold.part);
    return grant?.hold === hold ? grant.lease : undefined;
  }

  connectorsOf(seat: string): string[] {
    return [...this.#seats].flatMap(([name, owner]) => (owner === seat ? [name] : []));
  }

  /** Leases that are out stay what they were. The parts that are no more are returned. */
  assign(seats: ConnectorSeats): CardPart[] {
    this.#seats = seats;
    const wanted = new Set([...seats.values()].filter((seat) => seat !== ''));
    for (const seat of wanted) {
      if (!this.#parts.has(seat)) this.#parts.set(seat, new CardPart(this, seat, this.sys, this.#record));
    }
    const gone = this.parts.filter(({ seat }) => !wanted.has(seat));
    for (const { seat } of gone) this.#parts.delete(seat);
    this.#endUnclaimed();
    return gone;
  }

  // For the holds.

  /** Throws EBUSY when a stranger is master, ENOSPC when the other seats have all the CRTCs. */
  lease(hold: LeaseHold): Fd {
    this.#grants.get(hold.part)?.hold.revoke();
    const card = this.#becomeMaster(hold.part);
    try {
      const resources = card.resources();
      if (this.#grants.size === 0) this.#guard.learn(resources, this.#curtain.framebuffers);
      this.#files.putCard(card.fd, this.#guard.console);
      const share = this.#shareOf(resources, hold.part);
      const lease = card.lease([...share.crtcs, ...share.connectors].map(({ id }) => id));
      const kept = { session: hold.session, seat: hold.part.seat, lessee: lease.lessee };
      this.#files.put(kept, lease.fd);
      this.#grants.set(hold.part, { hold, lease, share, kept });
      return lease.open();
    } finally {
      this.#restIfIdle();
    }
  }

  /** The session has a lease of the manager before this one: it is the hold's now, if it is worth anything. */
  adopt(hold: LeaseHold): void {
    const { part, session } = hold;
    const kept = this.#files.left().find((one) => one.session === session && one.seat === part.seat);
    if (!kept || !this.#card) return;
    const card = this.#becomeMaster(part);
    const lease = this.#files.take(card, kept);
    if (!lease) return;
    using lessee = new Card(lease.open());
    const objects = new Set(lessee.leasedObjects());
    const resources = card.resources();
    const connectors = resources.connectors.filter(({ id }) => objects.has(id));
    const crtcs = resources.crtcs.filter(({ id }) => objects.has(id));
    if (crtcs.length > 0) this.#grants.set(part, { hold, lease, share: { connectors, crtcs }, kept });
    else this.#overdue.set(lease, kept);
  }

  /** A file of the card that can nothing, for ever. */
  openEmpty(part: CardPart): Fd {
    const card = this.#becomeMaster(part);
    try {
      using lease = card.lease([]);
      return lease.open();
    } finally {
      this.#restIfIdle();
    }
  }

  /** Idempotent. */
  revoke(hold: LeaseHold): void {
    const grant = this.#grants.get(hold.part);
    if (grant?.hold !== hold) return;
    this.#grants.delete(hold.part);
    this.#overdue.set(grant.lease, grant.kept);
    try {
      // Makes all that is overdue end.
      const card = this.#becomeMaster(hold.part);
      const resources = card.resources();
      this.#guard.remember(
        resources,
        [...this.#grants.values()].flatMap(({ share }) => share.crtcs),
      );
      this.#draw(resources, grant.share);
      this.#restIfIdle();
    } catch (error) {
      // EBUSY: while a stranger is master, no lease of ours can do anything. ENODEV: the card is gone.
      if (!(error instanceof SystemError)) throw error;
    }
    this.onRevoked();
  }

  /** A switch is over: the kernel's console may have come to other seats' screens. */
  turnEnded(): void {
    this.#guard.restore();
  }

  /** The card is unplugged, or one seat's as a whole from now on. */
  close(): void {
    for (const { hold } of [...this.#grants.values()]) this.revoke(hold);
    this.#guard[Symbol.dispose]();
    this.#curtain[Symbol.dispose]();
    // With the file all that it made is over; a lease whose owner is gone sleeps for ever.
    this.#card?.close();
    this.#card = undefined;
    this.#files.removeCard();
    for (const [lease, kept] of this.#overdue) {
      lease[Symbol.dispose]();
      this.#files.remove(kept);
    }
    this.#overdue.clear();
  }

  /** `part`: for whom. */
  #becomeMaster(part: CardPart): Card {
    this.#card ??= part.openCard();
    becomeMaster(this.#card.calls, (attempt) => this.#usurped(part, attempt));
    for (const [lease, kept] of this.#overdue) {
      this.#overdue.delete(lease);
      discard(lease);
      this.#files.remove(kept);
    }
    return this.#card;
  }

  #restIfIdle(): void {
    const idle = this.#grants.size === 0 && this.#files.left().length === 0;
    if (idle && this.#card?.isMaster) this.#card.dropMaster();
  }

  /** Leases of the manager before this one whose sessions are over, or have nothing of the card any more. */
  #endUnclaimed(): void {
    for (const kept of this.#files.left()) {
      const claimed = this.#parts.has(kept.seat) && this.#awaits(kept.session);
      const lease = this.#card && !claimed ? this.#files.take(this.#card, kept) : undefined;
      if (lease) this.#overdue.set(lease, kept);
    }
    const [part] = this.#parts.values();
    if (!part || this.#overdue.size === 0) return;
    try {
      this.#becomeMaster(part);
      this.#restIfIdle();
    } catch (error) {
      if (!(error instanceof SystemError)) throw error;
    }
  }

  #shareOf(resources: Resources, part: CardPart): CardShare {
    const taken = new Set<number>();
    const served = new Set([part.seat]);
    for (const [{ seat }, { share }] of this.#grants) {
      served.add(seat);
      for (const crtc of share.crtcs) taken.add(crtc.id);
    }
    const mine = resources.connectors.filter(({ name }) => this.#seats.get(name) === part.seat);
    const waiting = resources.connectors.filter(({ name }) => {
      const seat = this.#seats.get(name) ?? '';
      return seat !== '' && !served.has(seat);
    });
    const share = shareOf(resources, mine, waiting, taken);
    if (share.crtcs.length === 0) throw new SystemError(errno.ENOSPC, 'lease', this.sys.node ?? '');
    return share;
  }

  /** In front of the screens of a share that nobody has any more. */
  #draw(resources: Resources, share: CardShare): void {
    for (const { id } of share.crtcs) {
      const crtc = resources.crtc(id);
      if (!crtc) continue;
      const driven = resources.connectors.filter((connector) => resources.crtcOf(connector)?.id === id);
      this.#curtain.draw(crtc, driven);
    }
  }
}

/** Revokes it. A card that is unplugged has revoked everything itself. */
function discard(lease: Lease): void {
  try {
    lease[Symbol.dispose]();
  } catch (error) {
    if (!(error instanceof SystemError && [errno.ENODEV, errno.ENOENT].includes(error.errno))) throw error;
  }
}
