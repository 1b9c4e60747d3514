import type { Connection } from '@switchyard/dbus';
import type { Log } from '@switchyard/runtime';
import {
  type AttachedBuffer,
  type CursorImage,
  type CursorName,
  DeviceProvider,
  type Mode,
  type MonitorProvider,
  type MonitorSize,
  SeatClient,
} from '@switchyard/seat';
import { MirrorSeat } from './MirrorSeat.js';
import { pointerMax, SharedInput } from './SharedInput.js';

/** A frame is taken as seen after this time, when no seat shows it (ms): the session goes on, at little cost. */
const unseenPeriod = 200;

export interface MirrorOptions {
  /** The seat on which the shared session itself runs: its hardware is ours. */
  readonly seat: string;
  readonly size: MonitorSize;
  /** The picture takes the size of the seat that was used last; else it keeps its own. */
  readonly follow: boolean;
  readonly title: string;
  /** Whose session it is, on every seat. */
  readonly uid: number;
  readonly log: Log;
  /** Which seats show it has changed. */
  readonly changed: () => void;
}

/**
 * One session on several seats. The session runs on a seat of its own, whose monitor, keyboard and pointer are played
 * here; on each seat that shows it there is a session of ours, which shows the monitor and plays the keyboard.
 *
 *   display ──frames──▶ monitor ──copy of what changed──▶ each seat in front ──flip of the first──▶ next frame
 *   display ◀──events── keyboard, pointer ◀────────────── each seat in front
 */
export class Mirror {
  readonly provider: DeviceProvider;
  readonly client = new SeatClient();
  readonly #options: MirrorOptions;
  readonly #monitor: MonitorProvider;
  readonly #input: SharedInput;
  readonly #seats = new Map<string, MirrorSeat>();
  /** Seats on which its session is being made. */
  readonly #joining = new Map<string, Promise<MirrorSeat>>();
  #title: string;
  #frame: AttachedBuffer | undefined;
  #cursor: CursorImage | CursorName = 'default';
  #timer: NodeJS.Timeout | undefined;

  constructor(options: MirrorOptions) {
    this.#options = options;
    this.#title = options.title;
    const { seat, size, log } = options;
    this.provider = new DeviceProvider({
      refused: (kind, name, error) =>
        log.error({ seat, kind, device: name, error: error.message }, 'a device was refused'),
    });
    this.#monitor = this.provider.attachMonitor(
      seat,
      'Shared screen',
      { ...size, refresh: 60_000 },
      {
        present: (frame, damage, count) => this.#present(frame, damage, count),
        cursor: (image, hotX, hotY) => this.#setCursor(copyOf(image, hotX, hotY)),
        wrong: (session, reason) => log.warn({ session, reason }, 'a session lost the shared screen'),
      },
    );
    this.#input = new SharedInput(
      this.provider.attachKeyboard(seat, 'Shared keyboard', undefined, (lights) => {
        for (const shown of this.#seats.values()) shown.setLights(lights);
      }),
      this.provider.attachPointer(seat, 'Shared pointer', pointerMax),
    );
  }

  get uid(): number {
    return this.#options.uid;
  }
  get seats(): string[] {
    return [...this.#seats.keys()];
  }

  /** The session's id on that seat. */
  sessionOn(seat: string): string | undefined {
    return this.#seats.get(seat)?.session;
  }

  connected(connection: Connection): void {
    this.provider.connected(connection);
    this.client.connected(connection);
  }

  lost(): void {
    this.provider.lost();
    this.client.lost();
  }

  /** Shows it on a seat, in front; where it is already, it comes to the front. Rejects when there is no such seat. */
  async show(seat: string): Promise<string> {
    // Without a turn in between: two who ask at once are to get one session.
    const there = this.#seats.get(seat) ?? this.#joining.get(seat);
    if (there) {
      const joined = await there;
      await joined.activate();
      return joined.session;
    }
    const joining = this.#join(seat);
    this.#joining.set(seat, joining);
    try {
      return (await joining).session;
    } finally {
      this.#joining.delete(seat);
    }
  }

  async #join(seat: string): Promise<MirrorSeat> {
    let isOver = false;
    const options = { seat, title: this.#title, uid: this.#options.uid };
    const joined = await MirrorSeat.join(this.client, options, this.#input, {
      used: (mode) => this.#used(mode),
      appeared: () => this.#appeared(seat),
      flipped: () => this.#flipped(seat),
      ended: () => {
        isOver = true;
        this.#gone(seat);
      },
    });
    if (isOver) throw new Error(`the session on ${seat} ended at once`);
    this.#seats.set(seat, joined);
    joined.setCursor(this.#cursor);
    this.#appeared(seat);
    this.#options.changed();
    return joined;
  }

  /** False when it is not there. */
  async hide(seat: string): Promise<boolean> {
    const there = this.#seats.get(seat) ?? (await this.#joining.get(seat)?.catch(() => undefined));
    if (!there || this.#seats.get(seat) !== there) return false;
    this.#gone(seat);
    await there.leave();
    return true;
  }

  setTitle(title: string): void {
    this.#title = title;
    for (const seat of this.#seats.values()) seat.setTitle(title);
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    for (const seat of [...this.#seats.keys()]) await this.hide(seat);
    this.provider[Symbol.dispose]();
  }

  /** Hot. */
  #present(frame: AttachedBuffer, damage: Int32Array, count: number): void {
    this.#frame = frame;
    for (const seat of this.#seats.values()) {
      seat.changed(frame, damage, count);
      seat.draw(frame);
    }
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#monitor.flipDone();
    }, unseenPeriod);
  }

  /** The first seat that has seen a frame lets the session draw the next. */
  #flipped(name: string): void {
    if (this.#frame) this.#seats.get(name)?.draw(this.#frame);
    if (!this.#monitor.presented) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#monitor.flipDone();
  }

  #appeared(name: string): void {
    const seat = this.#seats.get(name);
    if (!seat || !this.#frame) return;
    seat.changed(this.#frame, noDamage, 0);
    seat.draw(this.#frame);
  }

  #used(mode: Mode): void {
    if (!this.#options.follow) return;
    const { width, height, scale } = this.#monitor.mode;
    if (mode.width !== width || mode.height !== height || mode.scale !== scale)
      this.#monitor.setMode({ ...mode });
  }

  #gone(seat: string): void {
    if (this.#seats.delete(seat)) this.#options.changed();
  }

  #setCursor(cursor: CursorImage | CursorName): void {
    this.#cursor = cursor;
    for (const seat of this.#seats.values()) seat.setCursor(cursor);
  }
}

const noDamage = new Int32Array(0);

/** The session may take the image back with its next message. */
function copyOf(image: AttachedBuffer | CursorName, hotX: number, hotY: number): CursorImage | CursorName {
  if (typeof image === 'string') return image;
  const { width, height, stride, bytes } = image;
  const pixels = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y++)
    pixels.set(bytes.subarray(y * stride, y * stride + width * 4), y * width * 4);
  return { width, height, pixels, hotX, hotY };
}
