import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from '@switchyard/runtime';
import type { SeatEvents, SessionProperty } from '../SeatEvents.js';
import type { SeatManager } from '../SeatManager.js';
import type { Session } from '../Session.js';
import { type Node, NodeAccess } from './NodeAccess.js';
import type { SeatMembership } from './SeatMembership.js';
import { SysDevice } from './SysDevice.js';
import type { UdevDatabase } from './UdevDatabase.js';

/** What a new device brings in one go is looked at together. */
const SETTLE_MS = 50;
/** A sound card has ten nodes. */
const NODES_MAX = 1024;
/** udev's word for what the user in front of the seat may open. */
const TAG = 'uaccess';

/** Without udev: what is used by opening it, and what it shows or hears is the user's at the seat. */
const classes: readonly { name: string; node: RegExp }[] = [
  { name: 'sound', node: /^(controlC|pcmC|midiC|hwC|timer|seq)/ },
  { name: 'video4linux', node: /^video\d+$/ },
  { name: 'drm', node: /^renderD\d+$/ },
];

/** Whoever may open a card itself may be its master while nobody else is: no list ever names a user on one. */
const CARD = /^card\d+$/;

/**
 * Sound, cameras and the like, of which many programs may have files at once: whoever is active on the seat may open them,
 * by their nodes' ACLs. Files that are open already stay so: what must be revoked is taken with TakeDevice.
 */
export class UserAccess implements Partial<SeatEvents> {
  readonly #manager: SeatManager;
  readonly #access: NodeAccess;
  readonly #sysfs: string;
  readonly #udev: UdevDatabase;
  readonly #membership: SeatMembership;
  readonly #log: Log;
  /** And the seats that they are on. */
  #nodes = new Map<Node, string>();
  #users = '';
  #later: NodeJS.Timeout | undefined;

  constructor(
    manager: SeatManager,
    access: NodeAccess,
    { sysfs, udev, membership }: { sysfs: string; udev: UdevDatabase; membership: SeatMembership },
    log: Log,
  ) {
    this.#manager = manager;
    this.#access = access;
    this.#sysfs = sysfs;
    this.#udev = udev;
    this.#membership = membership;
    this.#log = log;
  }

  start(): void {
    this.#access.load();
    this.#rescan();
  }

  /** Every node is as it was. */
  close(): void {
    clearTimeout(this.#later);
    this.#access.set(new Map());
  }

  /** Devices came, went, or are another seat's. */
  rescan(): void {
    this.#later ??= setTimeout(() => this.#rescan(), SETTLE_MS).unref();
  }

  // SeatEvents

  /** Before the session hears that it is active, it can open what is its own. */
  sessionChanged(session: Session, ...properties: SessionProperty[]): void {
    if (session.seat && properties.includes('Active')) this.#apply();
  }
  sessionRemoved(session: Session): void {
    if (session.seat) this.#apply();
  }

  #rescan(): void {
    clearTimeout(this.#later);
    this.#later = undefined;
    this.#clearCards();
    const nodes = new Map<Node, string>();
    const managed = this.#udev.present;
    for (const sys of managed ? this.#tagged() : this.#ofClasses()) {
      const { node: path, number } = sys;
      const isCard = sys.subsystem === 'drm' && CARD.test(sys.name);
      if (path === undefined || !number || isCard || nodes.size >= NODES_MAX) continue;
      try {
        nodes.set({ path, rdev: statSync(path).rdev, managed }, this.#membership.seatOfAny(sys));
      } catch {
        // Gone meanwhile.
      }
    }
    this.#nodes = nodes;
    this.#users = '';
    this.#apply();
  }

  /** udevd has the same idea of who is in front as we, and names him on whatever is tagged. */
  #clearCards(): void {
    for (const { name, node } of SysDevice.ofClass(this.#sysfs, 'drm')) {
      if (!CARD.test(name) || node === undefined) continue;
      try {
        NodeAccess.clear(node);
      } catch (error) {
        if (existsSync(node)) this.#log.warn(`access to a card: ${(error as Error).message}`);
      }
    }
  }

  *#tagged(): Generator<SysDevice> {
    for (const id of this.#udev.tagged(TAG)) {
      const number = /^c(\d+:\d+)$/.exec(id)?.[1];
      const sys = number && SysDevice.at(this.#sysfs, join(this.#sysfs, 'dev/char', number));
      if (sys && this.#udev.record(sys)?.tags.has(TAG)) yield sys;
    }
  }

  *#ofClasses(): Generator<SysDevice> {
    for (const { name, node } of classes) {
      for (const sys of SysDevice.ofClass(this.#sysfs, name)) if (node.test(sys.name)) yield sys;
    }
  }

  #apply(): void {
    const active = new Map<string, number>();
    for (const seat of this.#manager.seats) {
      const session = seat.active;
      // root may open them anyway.
      if (session && !session.identity.remote && session.uid !== 0) active.set(seat.id, session.uid);
    }
    const users = JSON.stringify([...active]);
    if (users === this.#users) return;
    this.#users = users;
    const wanted = new Map<Node, number>();
    for (const [node, seat] of this.#nodes) {
      const uid = active.get(seat);
      if (uid !== undefined) wanted.set(node, uid);
    }
    for (const error of this.#access.set(wanted)) this.#log.warn(`access to a device: ${error.message}`);
  }
}
