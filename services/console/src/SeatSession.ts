import { BusLink, DBusError } from '@switchyard/dbus';
import { InputChannel, type OpenDevice, SeatClient, type SessionClient } from '@switchyard/seat';
import type { Fd } from '@switchyard/sys';
import { EV } from '@switchyard/uapi';
import { noModifiers } from './Front.js';
import type { KeyModifiers } from './KeyEncoder.js';
import type { KeyPressEvents } from './KeyPresses.js';
import { SeatKeyboard } from './SeatKeyboard.js';

/** A tree's first device comes within a second of its session manager, on a machine that is not busy. */
const SEAT_PATIENCE_MS = 15_000;
const SEAT_PAUSE_MS = 30;

export interface SeatSessionOptions {
  readonly bus: string;
  readonly seat: string;
  /** The session that was made for this process; without it one of its own. */
  readonly session: string | undefined;
  readonly class: string;
  readonly title: string;
  /** Do not take the seat at once. */
  readonly background?: boolean;
}

/** A monitor of the seat's that can be drawn on. */
export interface SeatMonitor {
  /** Its device's, as long as it is plugged in. */
  readonly key: string;
  /** From the left, beginning with 1. */
  readonly number: number;
}

export interface SeatSessionEvents {
  /** What is made of the monitor takes the channel, and calls `closed` when that has ended by itself. */
  monitorOpened(monitor: SeatMonitor, channel: Fd, closed: () => void): void;
  /** Let go of it now. */
  monitorClosed(monitor: SeatMonitor): void;
  /** Somebody types or clicks in front of the monitor of this number. */
  attended?(number: number): void;
  /** There is no session, or it is over. */
  ended(what: string, why: Error): void;
  readonly keyboard: KeyPressEvents;
}

/** A session that has its seat's monitors and keyboards itself; every keyboard types. */
export class SeatSession {
  /** Resolves to the session's id when it is there; never when it never is. */
  readonly joined: Promise<string>;
  readonly #options: SeatSessionOptions;
  readonly #on: SeatSessionEvents;
  readonly #client = new SeatClient();
  readonly #keyboards = new Map<string, SeatKeyboard>();
  readonly #pointers = new Map<string, InputChannel>();
  #tellJoined!: (id: string) => void;
  #link: BusLink | undefined;
  #session: SessionClient | undefined;

  constructor(options: SeatSessionOptions, on: SeatSessionEvents) {
    this.#options = options;
    this.#on = on;
    this.joined = new Promise((resolve) => {
      this.#tellJoined = resolve;
    });
  }

  get modifiers(): KeyModifiers {
    for (const keyboard of this.#keyboards.values()) return keyboard.modifiers;
    return noModifiers;
  }

  get capsLock(): boolean {
    for (const keyboard of this.#keyboards.values()) if (keyboard.capsLock) return true;
    return false;
  }

  /** Of the keyboard that has another than the first, where there are several. */
  get layout(): string {
    const groups = [...this.#keyboards.values()].map(({ group }) => group);
    const names = (process.env['XKB_DEFAULT_LAYOUT'] || 'us').split(',');
    return names[Math.max(0, ...groups)] ?? names[0]!;
  }

  forgetDeadKeys(): void {
    for (const keyboard of this.#keyboards.values()) keyboard.forgetDeadKeys();
  }

  /** Takes the seat. */
  async activate(): Promise<void> {
    await this.#session?.activate();
  }

  /** Joins when `prepared` resolves, if to true. */
  open(prepared: Promise<boolean>): void {
    this.#link = new BusLink(this.#options.bus, {
      connected: (connection) => this.#client.connected(connection),
      lost: () => this.#client.lost(),
    });
    this.#join(prepared).catch((error: Error) =>
      this.#on.ended(`no session on ${this.#options.seat}`, error),
    );
  }

  /** Ends the session. The monitors are whoever's that took them. */
  close(): void {
    for (const keyboard of this.#keyboards.values()) keyboard.close();
    this.#keyboards.clear();
    for (const pointer of this.#pointers.values()) pointer.close();
    this.#pointers.clear();
    this.#session?.[Symbol.dispose]();
    this.#link?.close();
  }

  async #join(prepared: Promise<boolean>): Promise<void> {
    if (!(await prepared)) return;
    const { seat, session, title, background } = this.#options;
    const create = () =>
      this.#client.createSession(
        {
          seat,
          title,
          type: 'tty',
          class: this.#options.class,
          ...(background ? { background } : {}),
          ...(session ? { id: session } : {}),
        },
        {
          opened: (device, channel) => this.#opened(device, channel),
          closed: (device) => this.#closed(device),
          active: (active) => this.#on.keyboard.focus(active),
          ended: () => this.#on.ended('the session is over', new Error('the seat manager ended it')),
        },
      );
    this.#session = await this.#onceThere(create);
    this.#tellJoined(this.#session.id!);
  }

  /** A seat is there with its first device, which may be on its way. */
  async #onceThere(create: () => Promise<SessionClient>): Promise<SessionClient> {
    for (const end = performance.now() + SEAT_PATIENCE_MS; ; ) {
      try {
        return await create();
      } catch (error) {
        const missing = error instanceof DBusError && error.name === 'org.freedesktop.login1.NoSuchSeat';
        if (!missing || performance.now() > end) throw error;
        await new Promise((resolve) => setTimeout(resolve, SEAT_PAUSE_MS));
      }
    }
  }

  #opened(device: OpenDevice, channel: Fd): void {
    const key = keyOf(device);
    const reopen = () => this.#session?.reopen(device);
    if (device.kind === 'monitor') this.#on.monitorOpened(monitorOf(device), channel, reopen);
    else if (device.kind === 'keyboard') this.#openKeyboard(key, device, channel, reopen);
    else if (device.kind === 'pointer') this.#openPointer(key, device, channel, reopen);
    else channel.close();
  }

  #openKeyboard(key: string, device: OpenDevice, channel: Fd, reopen: () => void): void {
    const { keyboard } = this.#on;
    this.#keyboards.get(key)?.close();
    const typed: KeyPressEvents = {
      focus: (focused) => keyboard.focus(focused),
      key: (press, modifiers, serial) => {
        if (press.event !== 'release') this.#attended(device);
        keyboard.key(press, modifiers, serial);
      },
    };
    this.#keyboards.set(key, new SeatKeyboard(channel, typed, reopen));
  }

  /** Nothing here is pointed at; a click only says which monitor somebody is in front of. */
  #openPointer(key: string, device: OpenDevice, channel: Fd, reopen: () => void): void {
    this.#pointers.get(key)?.close();
    const event = (type: number, _code: number, value: number) => {
      if (type === EV.KEY && value === 1) this.#attended(device);
    };
    this.#pointers.set(key, new InputChannel(channel, { event, closed: reopen }));
  }

  /** A keyboard that is the whole seat's says nothing; a pointer without a monitor is the first one's. */
  #attended({ kind, properties }: OpenDevice): void {
    const number = properties.get('monitor')?.value ?? (kind === 'pointer' ? 1 : undefined);
    if (typeof number === 'number') this.#on.attended?.(number);
  }

  #closed(device: OpenDevice): void {
    const key = keyOf(device);
    this.#keyboards.get(key)?.close();
    this.#keyboards.delete(key);
    this.#pointers.get(key)?.close();
    this.#pointers.delete(key);
    if (device.kind === 'monitor') this.#on.monitorClosed(monitorOf(device));
  }
}

function keyOf({ major, minor }: OpenDevice): string {
  return `${major}:${minor}`;
}

function monitorOf(device: OpenDevice): SeatMonitor {
  const number = device.properties.get('number')?.value;
  return { key: keyOf(device), number: typeof number === 'number' ? number : 1 };
}
