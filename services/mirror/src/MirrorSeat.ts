import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { SwitchChord } from '@switchyard/input';
import {
  type AttachedBuffer,
  type CursorImage,
  type CursorName,
  InputChannel,
  type Mode,
  type OpenDevice,
  type SeatClient,
  type SessionClient,
} from '@switchyard/seat';
import type { Fd } from '@switchyard/sys';
import { ABS, BTN, EV, REL, SYN } from '@switchyard/uapi';
import { MirrorScreen } from './MirrorScreen.js';
import type { SharedInput } from './SharedInput.js';

export interface MirrorSeatEvents {
  /** Somebody types or points there. */
  used(mode: Mode): void;
  /** It has a screen again: it must be shown the picture. */
  appeared(): void;
  /** What it was shown is seen. */
  flipped(): void;
  /** Its session is over. */
  ended(): void;
}

const wheels: ReadonlySet<number> = new Set([REL.WHEEL, REL.WHEEL_HI_RES, REL.HWHEEL, REL.HWHEEL_HI_RES]);
/** Where pointers' buttons lie. */
const lastButton = 0x117;

interface NumberedScreen {
  /** Among the seat's monitors, from the left, beginning with 1. */
  readonly number: number;
  readonly screen: MirrorScreen;
}

/**
 * The shared session on one of the seats that show it: there it is a session like any other, which has the seat's
 * monitors, keyboards and pointers while it is in front. Each monitor shows the picture, and the pointer in front of it
 * points at what is there.
 */
export class MirrorSeat {
  readonly seat: string;
  readonly #input: SharedInput;
  readonly #on: MirrorSeatEvents;
  readonly #channels = new Map<string, InputChannel>();
  /** Those that have lights. */
  readonly #keyboards = new Map<string, InputChannel>();
  #session: SessionClient | undefined;
  /** A process leads one session only, so each seat has one; it ends with us. */
  readonly #leader: ChildProcess;
  readonly #screens = new Map<string, NumberedScreen>();
  /** The monitor in front of which somebody types or points. */
  #usedNumber = 1;
  #cursor: CursorImage | CursorName = 'default';

  private constructor(seat: string, input: SharedInput, on: MirrorSeatEvents) {
    this.seat = seat;
    this.#input = input;
    this.#on = on;
    this.#leader = spawn('cat', { stdio: ['pipe', 'ignore', 'ignore'] });
  }

  /** Rejects with the DBusError of the session manager: there is no such seat. */
  static async join(
    client: SeatClient,
    options: { seat: string; title: string; uid: number },
    input: SharedInput,
    on: MirrorSeatEvents,
  ): Promise<MirrorSeat> {
    const mirror = new MirrorSeat(options.seat, input, on);
    await once(mirror.#leader, 'spawn');
    const leader = mirror.#leader.pid!;
    try {
      mirror.#session = await client.createSession(
        { ...options, leader, type: 'wayland', class: 'user' },
        {
          opened: (device, channel) => mirror.#opened(device, channel),
          closed: (device) => mirror.#closed(keyOf(device)),
          ended: () => {
            mirror.#end();
            on.ended();
          },
        },
      );
    } catch (error) {
      mirror.#end();
      throw error;
    }
    return mirror;
  }

  get session(): string {
    return this.#session?.id ?? '';
  }
  /** It is in front. */
  get shown(): boolean {
    return [...this.#screens.values()].some(({ screen }) => screen.mode !== undefined);
  }

  async activate(): Promise<void> {
    await this.#session?.activate();
  }

  setTitle(title: string): void {
    this.#session?.setTitle(title);
  }

  setCursor(cursor: CursorImage | CursorName): void {
    this.#cursor = cursor;
    for (const { screen } of this.#screens.values()) screen.setCursor(cursor);
  }

  /** Which lights of the seat's keyboards shine while it is in front. */
  setLights(lights: number): void {
    for (const keyboard of this.#keyboards.values()) keyboard.setLights(lights);
  }

  changed(frame: AttachedBuffer, damage: Int32Array, count: number): void {
    for (const { screen } of this.#screens.values()) screen.changed(frame, damage, count);
  }

  draw(frame: AttachedBuffer): void {
    for (const { screen } of this.#screens.values()) screen.draw(frame);
  }

  /** Ends its session there. */
  async leave(): Promise<void> {
    this.#end();
    await this.#session?.release();
  }

  #opened(device: OpenDevice, channel: Fd): void {
    const key = keyOf(device);
    this.#closed(key);
    const lost = () => {
      this.#closed(key);
      this.#session?.reopen(device);
    };
    if (device.kind === 'monitor') {
      const screen = new MirrorScreen(channel, {
        mode: () => this.#on.appeared(),
        flipped: () => this.#on.flipped(),
        closed: lost,
      });
      this.#screens.set(key, { number: numberOf(device, 'number') ?? 1, screen });
      screen.setCursor(this.#cursor);
    } else if (device.kind === 'keyboard') {
      const keyboard = this.#keyboard(device, channel, lost);
      this.#channels.set(key, keyboard);
      this.#keyboards.set(key, keyboard);
      keyboard.setLights(this.#input.lights);
    } else if (device.kind === 'pointer') {
      this.#channels.set(key, this.#pointer(device, channel, lost));
    } else {
      channel.close();
    }
  }

  #keyboard(device: OpenDevice, channel: Fd, closed: () => void): InputChannel {
    const number = numberOf(device, 'monitor');
    // The seat manager's own; what it acts upon is not typed.
    const chord = new SwitchChord();
    return new InputChannel(channel, {
      event: (type, code, value) => {
        if (type === EV.SYN && code === SYN.DROPPED) {
          chord.reset();
          this.#input.release(this);
        }
        if (type !== EV.KEY || value === 2 || chord.feed(code, value).kind !== 'pass') return;
        this.#used(number);
        this.#input.key(this, code, value === 1);
      },
      closed,
    });
  }

  #pointer(device: OpenDevice, channel: Fd, closed: () => void): InputChannel {
    const max = Number(device.properties.get('absolute-max')?.value ?? 0) || 65_535;
    const number = numberOf(device, 'monitor') ?? 1;
    let [x, y, moved] = [0, 0, false];
    const move = () => {
      const box = this.#numbered(number)?.letterbox;
      if (moved && box)
        this.#input.moveTo(...box.fraction((x * box.screen.width) / max, (y * box.screen.height) / max));
      moved = false;
    };
    return new InputChannel(channel, {
      event: (type, code, value) => {
        if (type === EV.ABS && (code === ABS.X || code === ABS.Y)) {
          if (code === ABS.X) x = value;
          else y = value;
          moved = true;
        } else if (type === EV.REL && (code === REL.X || code === REL.Y || wheels.has(code))) {
          this.#input.relative(code, value);
        } else if (type === EV.KEY && code >= BTN.LEFT && code <= lastButton && value < 2) {
          // A button is where the pointer has come to.
          move();
          this.#used(number);
          this.#input.button(this, code, value === 1);
        } else if (type === EV.SYN && code === SYN.REPORT) {
          move();
          this.#input.sync();
        } else if (type === EV.SYN && code === SYN.DROPPED) {
          this.#input.release(this);
        }
      },
      closed,
    });
  }

  /** `number`: of the monitor; undefined is any. */
  #used(number: number | undefined): void {
    this.#usedNumber = number ?? this.#usedNumber;
    const mode = this.#numbered(this.#usedNumber)?.mode;
    if (mode) this.#on.used(mode);
  }

  /** The monitor of this number, else the first. */
  #numbered(number: number): MirrorScreen | undefined {
    const screens = [...this.#screens.values()].sort((a, b) => a.number - b.number);
    return (screens.find((one) => one.number === number) ?? screens[0])?.screen;
  }

  #closed(key: string): void {
    const channel = this.#channels.get(key);
    if (channel) {
      channel.close();
      this.#channels.delete(key);
      this.#keyboards.delete(key);
      this.#input.release(this);
    }
    this.#screens.get(key)?.screen.close();
    this.#screens.delete(key);
  }

  #end(): void {
    this.#leader.kill();
    for (const key of [...this.#channels.keys(), ...this.#screens.keys()]) this.#closed(key);
  }
}

function numberOf({ properties }: OpenDevice, name: 'number' | 'monitor'): number | undefined {
  const value = properties.get(name)?.value;
  return typeof value === 'number' ? value : undefined;
}

function keyOf({ major, minor }: OpenDevice): string {
  return `${major}:${minor}`;
}
