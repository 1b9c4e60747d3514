import { Variant } from '@switchyard/dbus';
import { Card } from '@switchyard/drm';
import type { Fd } from '@switchyard/sys';
import type { Hold } from '../Hold.js';
import { cardConnectors } from './CardConnector.js';
import { commonProperties, KernelDevice } from './KernelDevice.js';
import type { SharedCard } from './SharedCard.js';
import type { SysDevice } from './SysDevice.js';
import type { UdevRecord } from './UdevRecord.js';

/**
 * What one seat has of a card that seats share: some of its connectors. To the seat's sessions it is the card: it has the card's
 * numbers and its path. What they get is a lease of these connectors, a new one with each turn.
 */
export class CardPart extends KernelDevice {
  readonly kind = 'card';
  readonly isInput = false;
  readonly isScreen = true;
  /** A lease that was revoked has nothing any more, for ever. */
  readonly resumesInPlace = false;
  readonly card: SharedCard;

  constructor(card: SharedCard, seat: string, sys: SysDevice, record: UdevRecord | undefined) {
    const about = commonProperties(sys, record);
    super(seat, sys, about['driver'] ?? sys.name, about);
    this.card = card;
  }

  /** Names of its connectors, whether something is plugged in or not. */
  get connectors(): string[] {
    return this.card.connectorsOf(this.seat);
  }

  /** Those at which a screen is. */
  connected(): string[] {
    const mine = new Set(this.connectors);
    return cardConnectors(this.sys).flatMap(({ name, connected }) =>
      connected && mine.has(name) ? [name] : [],
    );
  }

  override get properties(): ReadonlyMap<string, Variant> {
    return new Map(super.properties)
      .set('connectors', new Variant('as', this.connectors))
      .set('connected', new Variant('as', this.connected()));
  }

  hold(session: string, kept?: Fd): Hold {
    const hold = new LeaseHold(this, session);
    if (kept) this.card.adopt(hold);
    kept?.close();
    return hold;
  }

  /** The whole card, for the SharedCard. */
  openCard(): Card {
    return new Card(this.openNode());
  }

  listen(): undefined {
    return undefined;
  }
}

/** A session's lease while it is in front, none otherwise. */
export class LeaseHold implements Hold {
  readonly part: CardPart;
  readonly session: string;

  constructor(part: CardPart, session: string) {
    this.part = part;
    this.session = session;
  }

  /** The lessee's file. The lease ends with its owner's, which the card keeps. */
  get kept(): Fd | undefined {
    return this.part.card.leaseOf(this)?.fd;
  }
  get live(): boolean {
    return this.part.card.leaseOf(this) !== undefined;
  }

  open(): Fd {
    return this.part.card.lease(this);
  }

  openRevoked(): Fd {
    return this.part.card.openEmpty(this.part);
  }

  revoke(): void {
    this.part.card.revoke(this);
  }

  close(): void {
    this.revoke();
  }
}
