import type { Log } from '@switchyard/runtime';
import { Floor } from './Floor.js';
import type { Monitors } from './Monitors.js';
import type { SeatViewer } from './SeatViewer.js';
import type { Access } from './Shares.js';
import type { ServerMessage } from './wire/Control.js';

/** All who look at the seat, on whichever of its monitors, and who of them may act. */
export class Audience implements Iterable<SeatViewer> {
  /** Who may act; what the seat copies goes to the clipboard of the one who does. */
  readonly floor = new Floor<SeatViewer>();
  readonly #viewers = new Set<SeatViewer>();
  readonly #monitors: () => Monitors;
  readonly #log: Log;
  readonly #onChanged: () => void;

  /** `onChanged`: somebody came, left, or acts now. */
  constructor(monitors: () => Monitors, log: Log, onChanged: () => void) {
    this.#monitors = monitors;
    this.#log = log;
    this.#onChanged = onChanged;
  }

  [Symbol.iterator](): Iterator<SeatViewer> {
    return this.#viewers.values();
  }
  get size(): number {
    return this.#viewers.size;
  }
  /** Address, frames under way, and whether this viewer was the last to type or point. */
  get viewers(): [string, number, boolean][] {
    return [...this.#viewers].map((v) => [v.address, v.unacknowledged, v === this.floor.controlling]);
  }
  /** Id, address, share (or ''), whether it may act, and whether it is the one that does. */
  get rows(): [number, string, string, boolean, boolean][] {
    return [...this.#viewers].map((v) => [
      v.id,
      v.address,
      v.visitor.access.share,
      v.drives,
      v === this.floor.controlling,
    ]);
  }

  has(viewer: SeatViewer): boolean {
    return this.#viewers.has(viewer);
  }

  /** The one who may act under this number. */
  driver(id: number): SeatViewer | undefined {
    return [...this.#viewers].find((one) => one.id === id && one.drives);
  }

  /** Who acted last, or else anybody who may. */
  get actor(): SeatViewer | undefined {
    return this.floor.controlling ?? [...this.#viewers].find(({ drives }) => drives);
  }

  mayAct(id: number, access: Access): boolean {
    const viewer = this.driver(id);
    return viewer?.visitor.access.share === access.share && this.floor.isFor(viewer);
  }

  add(viewer: SeatViewer): void {
    this.#viewers.add(viewer);
  }

  /** false when it was not there. */
  remove(viewer: SeatViewer): boolean {
    if (!this.#viewers.delete(viewer)) return false;
    this.floor.left(
      viewer,
      [...this.#viewers].find((other) => this.floor.isOneWith(viewer, other)),
    );
    return true;
  }

  /** Lets go of everybody who came by this link. */
  revoked(share: string): void {
    for (const viewer of [...this.#viewers])
      if (viewer.visitor.access.share === share) viewer.end('the link was revoked');
  }

  touched(viewer: SeatViewer): void {
    if (this.floor.acted(viewer)) this.changed();
  }

  /** Keys that the one who loses the floor holds go up first. */
  moveFloor(from: SeatViewer, to: SeatViewer | undefined): void {
    const before = this.floor.holder;
    if (to === undefined) this.floor.release(from);
    else {
      for (const { input } of this.#monitors().all)
        for (const viewer of this.#viewers) if (!this.floor.isOneWith(viewer, to)) input.releaseAll(viewer);
      this.floor.take(to);
    }
    if (this.floor.holder === before) return;
    this.#log.info({ viewer: from.address, to: to?.address }, 'control of the seat moved');
    this.changed();
  }

  tell(message: ServerMessage): void {
    for (const viewer of this.#viewers) viewer.tell(message);
  }

  /** Tells everybody who is there and who acts. */
  changed(): void {
    const { holder, controlling } = this.floor;
    const viewers = [...this.#viewers].map((viewer) => ({
      id: viewer.id,
      name: [viewer.visitor.access.share, viewer.address].filter((part) => part !== '').join(' from '),
      watches: !viewer.drives,
      controls: viewer === controlling,
    }));
    for (const viewer of this.#viewers) {
      const own = holder !== undefined && this.floor.isOneWith(holder, viewer);
      viewer.tell({
        ...{ type: 'viewers', you: viewer.id, viewers },
        holder: own ? viewer.id : (holder?.id ?? null),
      });
    }
    this.#onChanged();
  }
}
