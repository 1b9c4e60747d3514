import type { Area } from '../DirtyTiles.js';
import { layOut } from '../MonitorLayout.js';
import type { Monitors } from '../Monitors.js';
import { CursorKind, cursorHeader } from '../wire/Wire.js';
import { RfbScreen, type RfbScreenEvents } from './RfbScreen.js';

/** Rows of a black rectangle: many of them, and a small part of what an update may have. */
const BLACK_ROWS = 256;

/** All monitors of the seat as one framebuffer, side by side. What is below a lower one is black. */
export class RfbScreens {
  width = 0;
  height = 0;
  /** Black places that the client has not been sent. */
  black: Area[] = [];
  readonly #monitors: Monitors;
  readonly #on: RfbScreenEvents;
  #list: readonly RfbScreen[] = [];

  constructor(monitors: Monitors, on: RfbScreenEvents) {
    this.#monitors = monitors;
    this.#on = on;
    this.layOut();
  }

  /** From the left to the right. */
  get list(): readonly RfbScreen[] {
    return this.#list;
  }
  get dirty(): boolean {
    return this.black.length > 0 || this.#list.some(({ unseen }) => unseen.dirty > 0);
  }
  get lossy(): boolean {
    return this.#list.some(({ unseen }) => unseen.lossy > 0);
  }
  /** The pointer's image as a message to pages: of the monitor that it is on. */
  get cursor(): Uint8Array {
    const cursors = this.#list.map(({ monitor }) => monitor.cursor);
    return cursors.find((message) => !isHidden(message)) ?? cursors[0]!;
  }

  /** The one at this column, or the nearest. */
  at(x: number): RfbScreen {
    return this.#list.findLast((screen) => x >= screen.x) ?? this.#list[0]!;
  }

  /** Finds the monitors anew: which there are, and how large. Says whether the client has to be told. */
  layOut(): boolean {
    const { all } = this.#monitors;
    const before = this.#list;
    for (const screen of before) if (!all.includes(screen.monitor)) screen.close();
    this.#list = all.map(
      (monitor) => before.find((screen) => screen.monitor === monitor) ?? new RfbScreen(monitor, this.#on),
    );
    const places = layOut(this.#list, (screen) => screen);
    const [width, height] = [this.width, this.height];
    this.width = places.reduce((sum, place) => sum + place.width, 0);
    this.height = Math.max(...places.map((place) => place.height));
    const moved = places.some(({ monitor, x }) => monitor.x !== x);
    const others =
      before.length !== this.#list.length || this.#list.some((screen, i) => screen !== before[i]);
    if (!moved && !others && width === this.width && height === this.height) return false;
    for (const { monitor: screen, x } of places) screen.x = x;
    this.markAll();
    return true;
  }

  markAll(): void {
    for (const { unseen } of this.#list) unseen.markAll();
    this.mark(0, 0, this.width, this.height);
  }

  /** An area of the framebuffer is to be sent again. */
  mark(x: number, y: number, width: number, height: number): void {
    this.black = [];
    for (const screen of this.#list) {
      screen.mark(x, y, width, height);
      for (let top = screen.height; top < this.height; top += BLACK_ROWS)
        this.black.push({
          ...{ x: screen.x, y: top, width: screen.width },
          height: Math.min(BLACK_ROWS, this.height - top),
        });
    }
  }

  settled(): void {
    for (const { monitor } of this.#list) monitor.settled();
  }

  /** What the viewer holds on any of them is up. */
  releaseAll(viewer: object): void {
    for (const { monitor } of this.#list) monitor.input.releaseAll(viewer);
  }

  close(): void {
    for (const screen of this.#list) screen.close();
  }
}

function isHidden(message: Uint8Array): boolean {
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  return cursorHeader.get.kind(view, 0) === CursorKind.hidden;
}
