import type { MonitorSize } from '@switchyard/seat';
import { layOut } from './MonitorLayout.js';
import type { SeatViewer } from './SeatViewer.js';
import { type MonitorSeat, WebMonitor } from './WebMonitor.js';
import { type MonitorWish, wishedSize } from './wire/Control.js';
import { POINTER_MAX } from './wire/Wire.js';

/** Each is a picture here, two buffers in the display, and four devices; people have two or three. */
export const MONITORS_MAX = 4;
/** For a page that is loaded anew (ms): until then its monitor stays, with the windows on it. */
const GRACE_MS = 5000;

interface Further {
  readonly monitor: WebMonitor;
  unplugging: NodeJS.Timeout | undefined;
  /** Who wants it to be there without being in front of it alone. */
  readonly holders: Set<SeatViewer>;
}

/**
 * The seat's monitors: the first is always there, a further one while somebody who may act looks at it.
 *
 *   free ──its page is opened──▶ watched ──last page gone──▶ waiting ──5 s──▶ free
 *                                   ▲────a page again────────┘
 */
export class Monitors {
  readonly first: WebMonitor;
  readonly #seat: MonitorSeat;
  readonly #further = new Map<number, Further>();
  readonly #changed: () => void;

  /** `changed`: one came or went. Throws RangeError for a size outside of 64…8192. */
  constructor(seat: MonitorSeat, size: MonitorSize, changed: () => void) {
    this.#seat = seat;
    this.#changed = changed;
    this.first = new WebMonitor(seat, 1, size);
  }

  /** From the left to the right. */
  get all(): WebMonitor[] {
    const further = [...this.#further.values()].map(({ monitor }) => monitor);
    return [this.first, ...further.sort((a, b) => a.number - b.number)];
  }

  /**
   * A place on a monitor, 0 … POINTER_MAX, as one beyond the edge of another: whoever drags something over has one
   * pointer, so that nothing overtakes the button that it is let go of with. undefined if there is no such monitor.
   */
  across(from: WebMonitor, number: number, x: number, y: number): { x: number; y: number } | undefined {
    const places = layOut(this.all, ({ picture }) => picture);
    const own = places.find(({ monitor }) => monitor === from);
    const other = places.find(({ monitor }) => monitor.number === number);
    if (!own || !other) return undefined;
    return {
      x: Math.round(((other.x - own.x) * POINTER_MAX + x * other.width) / own.width),
      y: Math.round((y * other.height) / own.height),
    };
  }

  /** The monitor that the viewer wants to see; it is plugged in for one who may act. Throws with a reason in words. */
  open(viewer: SeatViewer, wish: MonitorWish): WebMonitor {
    const { number } = wish;
    if (number === 1) return this.first;
    const known = this.#further.get(number);
    if (known) return known.monitor;
    if (number < 1 || number > MONITORS_MAX)
      throw new Error(`a seat has monitors 1 to ${MONITORS_MAX}, not ${number}`);
    if (!viewer.drives) throw new Error(`there is no monitor ${number}, and this link is for watching only`);
    if (!this.#seat.floor.isFor(viewer)) throw new Error('another has control, and adds monitors');
    const size = wishedSize(wish);
    const monitor = new WebMonitor(this.#seat, number, size);
    this.#further.set(number, { monitor, unplugging: undefined, holders: new Set() });
    this.first.setOwnKeyboard(true);
    this.#seat.log.info({ monitor: number, viewer: viewer.address, ...size }, 'a monitor was added');
    this.#changed();
    return monitor;
  }

  /** It stays until this viewer releases it. */
  hold(monitor: WebMonitor, viewer: SeatViewer): void {
    this.#further.get(monitor.number)?.holders.add(viewer);
    this.watched(monitor);
  }

  /** Unplugs them. false when somebody else is in front of any of them or holds it: then all stay. */
  release(monitors: readonly WebMonitor[], viewer: SeatViewer): boolean {
    const isTheirs = ({ number, viewers }: WebMonitor) => {
      const holders = this.#further.get(number)?.holders;
      return holders?.size === 1 && holders.has(viewer) && viewers.size === 0;
    };
    if (!monitors.every(isTheirs)) return false;
    for (const monitor of monitors) {
      clearTimeout(this.#further.get(monitor.number)?.unplugging);
      this.#unplug(monitor);
    }
    return true;
  }

  /** The viewer is gone: so is what it held, in a while. */
  forget(viewer: SeatViewer): void {
    for (const { monitor, holders } of this.#further.values())
      if (holders.delete(viewer)) this.watched(monitor);
  }

  /** Somebody came to look at it, or left. */
  watched(monitor: WebMonitor): void {
    const further = this.#further.get(monitor.number);
    if (!further) return;
    clearTimeout(further.unplugging);
    further.unplugging = undefined;
    if (further.holders.size > 0 || [...monitor.viewers].some(({ drives }) => drives)) return;
    further.unplugging = setTimeout(() => this.#unplug(monitor), GRACE_MS);
  }

  close(): void {
    for (const { unplugging, monitor } of this.#further.values()) {
      clearTimeout(unplugging);
      monitor.output.close();
    }
    this.first.output.close();
  }

  #unplug(monitor: WebMonitor): void {
    this.#further.delete(monitor.number);
    for (const viewer of [...monitor.viewers]) viewer.end(`monitor ${monitor.number} was unplugged`);
    monitor.close();
    if (this.#further.size === 0) this.first.setOwnKeyboard(false);
    this.#seat.log.info({ monitor: monitor.number }, 'a monitor was unplugged');
    this.#changed();
  }
}
