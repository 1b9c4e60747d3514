import type { Log } from '@switchyard/runtime';
import type { DeviceProvider, InputProvider, MonitorProvider, MonitorSize } from '@switchyard/seat';
import type { Floor } from './Floor.js';
import type { FrameEncoder } from './FrameEncoder.js';
import { Output, type OutputViewer } from './Output.js';
import type { Picture } from './Picture.js';
import { SeatInput } from './SeatInput.js';
import type { SeatKeymap } from './SeatKeymap.js';
import type { SeatViewer } from './SeatViewer.js';
import type { ViewerHost } from './Viewer.js';
import type { VideoPolicy } from './video/VideoStream.js';
import type { PageMessage } from './wire/Control.js';
import { POINTER_MAX } from './wire/Wire.js';

/** What the monitors of one seat have in common. */
export interface MonitorSeat {
  readonly seat: string;
  readonly provider: DeviceProvider;
  readonly floor: Floor<SeatViewer>;
  readonly video: VideoPolicy;
  readonly keymap: SeatKeymap;
  readonly log: Log;
  /** Whether a session draws on it has changed. */
  presentingChanged(monitor: WebMonitor): void;
  joined(viewer: SeatViewer, monitor: WebMonitor): void;
  left(viewer: SeatViewer, monitor: WebMonitor, reason: string): void;
  touched(viewer: SeatViewer): void;
  request(viewer: SeatViewer, monitor: WebMonitor, message: PageMessage): void;
  /** What the pointer in front of this monitor says of a place on another; undefined if that is not there. */
  across(monitor: WebMonitor, number: number, x: number, y: number): { x: number; y: number } | undefined;
  key(viewer: SeatViewer, input: SeatInput, code: number, down: boolean): void;
}

/** One monitor of the seat, with the keyboard, pointer and touchscreen that are in front of it. */
export class WebMonitor implements ViewerHost {
  /** From the left, beginning with 1. */
  readonly number: number;
  readonly output: Output;
  readonly input: SeatInput;
  /** Whose own monitor it is. */
  readonly viewers = new Set<SeatViewer>();
  /** Whom its frames are for. */
  readonly #watchers = new Set<OutputViewer>();
  readonly #seat: MonitorSeat;
  readonly #devices: (MonitorProvider | InputProvider)[] = [];
  #ownKeyboard: InputProvider | undefined;

  /** Attaches its devices. Throws RangeError for a size outside of 64…8192. */
  constructor(seat: MonitorSeat, number: number, size: MonitorSize) {
    const { seat: name, provider, log } = seat;
    this.#seat = seat;
    this.number = number;
    const own = number === 1 ? undefined : number;
    this.output = new Output(
      size,
      this.#watchers,
      (mode, on) => {
        const wrong = (session: string, reason: string) =>
          log.warn({ session, reason, monitor: number }, 'a session lost the screen');
        return this.#keep(
          provider.attachMonitor(name, this.#called('screen'), mode, { ...on, wrong }, number),
        );
      },
      () => seat.presentingChanged(this),
    );
    this.input = new SeatInput(
      this.#keep(
        provider.attachKeyboard(name, this.#called('keyboard'), own, () => {
          for (const viewer of this.viewers) viewer.showLights?.();
        }),
      ),
      this.#keep(provider.attachPointer(name, this.#called('pointer'), POINTER_MAX, own)),
      () => this.#keep(provider.attachTouch(name, this.#called('touchscreen'), POINTER_MAX, own)),
    );
  }

  get picture(): Picture {
    return this.output.picture;
  }
  get encoder(): FrameEncoder {
    return this.output.encoder;
  }
  get scale(): number {
    return this.output.scale;
  }
  get cursor(): Uint8Array {
    return this.output.cursor;
  }
  get lights(): number {
    return this.input.lights;
  }
  get floor(): Floor<SeatViewer> {
    return this.#seat.floor;
  }
  get keymap(): SeatKeymap {
    return this.#seat.keymap;
  }
  get video(): VideoPolicy {
    return this.#seat.video;
  }

  /**
   * The first monitor's keyboard is the seat's: programs type on it too. Beside further monitors, who types in front of
   * the first one does so on a keyboard of its own.
   */
  setOwnKeyboard(wanted: boolean): void {
    if (wanted === (this.#ownKeyboard !== undefined)) return;
    const { provider, seat } = this.#seat;
    const before = this.#ownKeyboard;
    this.#ownKeyboard = wanted
      ? provider.attachKeyboard(seat, `${this.#called('keyboard')} ${this.number}`, this.number)
      : undefined;
    this.input.setOwnKeyboard(this.#ownKeyboard);
    if (before) provider.detach(before);
  }

  watch(watcher: OutputViewer): void {
    this.#watchers.add(watcher);
  }

  unwatch(watcher: OutputViewer): void {
    this.#watchers.delete(watcher);
    this.output.settle();
  }

  /** Unplugs it. */
  close(): void {
    this.setOwnKeyboard(false);
    this.output.close();
    for (const device of this.#devices) this.#seat.provider.detach(device);
  }

  // ---- ViewerHost

  motion(number: number, x: number, y: number): void {
    const place = number === 0 ? { x, y } : this.#seat.across(this, number, x, y);
    if (place) this.input.motion(place.x, place.y);
  }

  joined(viewer: SeatViewer): void {
    this.viewers.add(viewer);
    this.#seat.joined(viewer, this);
  }

  left(viewer: SeatViewer, reason: string): void {
    if (!this.viewers.delete(viewer)) return;
    this.#seat.left(viewer, this, reason);
  }

  settled(): void {
    this.output.settle();
  }

  touched(viewer: SeatViewer): void {
    this.#seat.touched(viewer);
  }

  request(viewer: SeatViewer, message: PageMessage): void {
    this.#seat.request(viewer, this, message);
  }

  key(viewer: SeatViewer, code: number, down: boolean): void {
    this.#seat.key(viewer, this.input, code, down);
  }

  #keep<Device extends MonitorProvider | InputProvider>(device: Device): Device {
    this.#devices.push(device);
    return device;
  }

  #called(part: string): string {
    return this.number === 1 ? `Browser ${part}` : `Browser ${part} ${this.number}`;
  }
}
