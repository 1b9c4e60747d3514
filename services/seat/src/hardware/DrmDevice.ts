import { constants } from 'node:os';
import { Variant } from '@switchyard/dbus';
import { type Fd, SystemError } from '@switchyard/sys';
import { DrmCard } from '@switchyard/uapi/calls';
import type { Hold } from '../Hold.js';
import { cardConnectors } from './CardConnector.js';
import { commonProperties, KernelDevice } from './KernelDevice.js';
import type { SysDevice } from './SysDevice.js';
import type { UdevRecord } from './UdevRecord.js';

const { errno } = constants;
/** A compositor that is just dying holds the card until its last thread is gone: a few ms. */
const BUSY_TRIES = 5;
const BUSY_PAUSE_MS = 1;

/** Who is master of a card that none of our sessions has. Returns true when it is worth trying again. */
export type Usurped = (card: KernelDevice, attempt: number) => boolean;

/**
 * A graphics card, /dev/dri/cardN. Each session has one open file of it for as long as it holds it, and it is that
 * file's being master that comes and goes: the session need not be told anything new.
 */
export class DrmDevice extends KernelDevice {
  readonly kind = 'card';
  readonly isInput = false;
  readonly isScreen = true;
  readonly resumesInPlace = true;
  readonly #usurped: Usurped;
  readonly #holds = new Set<DrmHold>();

  constructor(seat: string, sys: SysDevice, record: UdevRecord | undefined, usurped: Usurped) {
    const about = commonProperties(sys, record);
    super(seat, sys, about['driver'] ?? sys.name, about);
    this.#usurped = usurped;
  }

  override get properties(): ReadonlyMap<string, Variant> {
    return new Map(super.properties).set('connected', new Variant('as', this.connected()));
  }

  /** Names of the connectors at which a screen is: `HDMI-A-1`. */
  connected(): string[] {
    return cardConnectors(this.sys).flatMap(({ name, connected }) => (connected ? [name] : []));
  }

  /** A session has it. */
  get inUse(): boolean {
    return this.#holds.size > 0;
  }

  hold(session: string, kept?: Fd): DrmHold {
    const hold = new DrmHold(this, session, kept);
    if (kept) this.#holds.add(hold);
    return hold;
  }

  listen(): undefined {
    return undefined;
  }

  /** For its holds. */
  openFile(hold: DrmHold): Fd {
    const fd = this.openNode();
    this.#holds.add(hold);
    return fd;
  }

  forgetHold(hold: DrmHold): void {
    this.#holds.delete(hold);
  }

  /**
   * Makes a session's file the card's master. Throws EBUSY when somebody else's is and stays so; it is then told who.
   */
  setMaster(hold: DrmHold, fd: Fd): void {
    becomeMaster(new DrmCard(fd), (attempt) => {
      // Since Linux 6.7 a session that had its file before it was ever master may make itself master in the gap between two
      // others.
      for (const other of this.#holds) if (other !== hold) other.revoke();
      return this.#usurped(this, attempt);
    });
  }
}

/** `busy`: somebody else is master; true when it is worth trying again. Throws EBUSY when he stays so. */
export function becomeMaster(card: DrmCard, busy: (attempt: number) => boolean): void {
  for (let attempt = 1; ; attempt++) {
    try {
      card.setMaster();
      return;
    } catch (error) {
      if (!(error instanceof SystemError) || error.errno !== errno.EBUSY) throw error;
      if (!busy(attempt) && attempt >= BUSY_TRIES) throw error;
      Atomics.wait(sleeper, 0, 0, BUSY_PAUSE_MS);
    }
  }
}

const sleeper = new Int32Array(new SharedArrayBuffer(4));

/** A session's file of a card, which is master or is not. */
export class DrmHold implements Hold {
  readonly session: string;
  readonly #device: DrmDevice;
  #kept: Fd | undefined;

  constructor(device: DrmDevice, session: string, kept: Fd | undefined) {
    this.#device = device;
    this.session = session;
    this.#kept = kept;
  }

  /** The file itself; undefined before the first open and after close. */
  get kept(): Fd | undefined {
    return this.#kept;
  }
  get live(): boolean {
    return this.#kept !== undefined && new DrmCard(this.#kept).isMaster();
  }

  open(): Fd {
    const fd = this.#open();
    this.#device.setMaster(this, fd);
    return fd.dup();
  }

  openRevoked(): Fd {
    const fd = this.#open();
    // Who opens a card that has no master is its master.
    this.revoke();
    return fd.dup();
  }

  revoke(): void {
    if (!this.#kept) return;
    try {
      new DrmCard(this.#kept).dropMaster();
    } catch (error) {
      // EINVAL: it was none. ENODEV: the card is unplugged.
      const harmless = error instanceof SystemError && [errno.EINVAL, errno.ENODEV].includes(error.errno);
      if (!harmless) throw error;
    }
  }

  close(): void {
    if (!this.#kept) return;
    this.revoke();
    this.#kept.close();
    this.#kept = undefined;
    this.#device.forgetHold(this);
  }

  #open(): Fd {
    this.#kept ??= this.#device.openFile(this);
    return this.#kept;
  }
}
