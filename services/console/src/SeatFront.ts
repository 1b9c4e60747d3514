import type { Fd } from '@switchyard/sys';
import { type Front, type FrontEvents, noModifiers } from './Front.js';
import type { KeyModifiers } from './KeyEncoder.js';
import { MonitorCanvas } from './MonitorCanvas.js';
import { type SeatMonitor, SeatSession, type SeatSessionOptions } from './SeatSession.js';

interface Screen {
  readonly monitor: SeatMonitor;
  readonly canvas: MonitorCanvas;
}

/**
 * A terminal that has its seat's devices itself, as kmscon has: no display stands between, so it is seen also when the
 * display hangs. It is on one monitor, where somebody typed or clicked last and else on the first; the others are black.
 */
export class SeatFront implements Front {
  readonly clipboard = undefined;
  readonly textInput = undefined;
  readonly #options: SeatSessionOptions;
  readonly #screens = new Map<string, Screen>();
  #session: SeatSession | undefined;
  #shownOn: Screen | undefined;
  /** The number of the monitor in front of which somebody sits. */
  #attended = 1;

  constructor(options: SeatSessionOptions) {
    this.#options = options;
  }

  get modifiers(): KeyModifiers {
    return this.#session?.modifiers ?? noModifiers;
  }

  forgetDeadKeys(): void {
    this.#session?.forgetDeadKeys();
  }

  open(events: FrontEvents): void {
    this.#session = new SeatSession(this.#options, {
      keyboard: events.keyboard,
      monitorOpened: (monitor, channel, closed) => this.#opened(monitor, channel, closed, events),
      monitorClosed: (monitor) => this.#closed(monitor, events),
      attended: (number) => {
        this.#attended = number;
        this.#choose(events);
      },
      ended: (what, why) => events.gaveUp(what, why),
    });
    this.#session.open(events.prepared());
  }

  close(): void {
    for (const { canvas } of this.#screens.values()) canvas.close();
    this.#screens.clear();
    this.#session?.close();
  }

  #opened(monitor: SeatMonitor, channel: Fd, closed: () => void, events: FrontEvents): void {
    this.#screens.get(monitor.key)?.canvas.close();
    const isShown = () => this.#shownOn?.canvas === canvas;
    const canvas = new MonitorCanvas(
      channel,
      {
        resized: (width, height, scale) => {
          if (isShown()) events.resized(width, height, scale);
          else canvas.blank();
        },
        frameDone: () => {
          if (isShown()) events.frameDone();
        },
      },
      closed,
    );
    this.#screens.set(monitor.key, { monitor, canvas });
    this.#choose(events);
  }

  #closed({ key, number }: SeatMonitor, events: FrontEvents): void {
    const screen = this.#screens.get(key);
    if (!screen) return;
    screen.canvas.close();
    this.#screens.delete(key);
    if (screen !== this.#shownOn) return;
    this.#shownOn = undefined;
    if (this.#screens.size === 0) events.lost(new Error(`monitor ${number} is another session’s`));
    else this.#choose(events);
  }

  /** The screen that it is to be on; the one before shows nothing from then on. */
  #choose(events: FrontEvents): void {
    const before = this.#shownOn;
    const screens = [...this.#screens.values()].sort((a, b) => a.monitor.number - b.monitor.number);
    const next = screens.find(({ monitor }) => monitor.number === this.#attended) ?? screens[0]!;
    if (next === before) return;
    this.#shownOn = next;
    before?.canvas.blank();
    next.canvas.renew();
    events.appeared(next.canvas);
    const { size } = next.canvas;
    if (size) events.resized(size.width, size.height, size.scale);
  }
}
