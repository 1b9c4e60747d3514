import { BusLink, DBusError } from '@switchyard/dbus';
import { type OpenDevice, SeatClient, type SessionClient } from '@switchyard/seat';
import type { Fd } from '@switchyard/sys';
import { BlankMonitor } from './BlankMonitor.js';
import { type Front, type FrontEvents, noModifiers } from './Front.js';
import type { KeyModifiers } from './KeyEncoder.js';
import { MonitorCanvas } from './MonitorCanvas.js';
import { SeatKeyboard } from './SeatKeyboard.js';

/** A tree's first device comes within a second of its session manager, on a machine that is not busy. */
const SEAT_PATIENCE_MS = 15_000;
const SEAT_PAUSE_MS = 30;

export interface SeatFrontOptions {
  readonly bus: string;
  readonly seat: string;
  /** The session that was made for this process; without it one of its own. */
  readonly session: string | undefined;
  readonly class: string;
  readonly title: string;
  /** Do not take the seat at once. */
  readonly background?: boolean;
}

/**
 * A session that has its seat's devices itself, as kmscon has: no display stands between, so it is seen also when the
 * display hangs. The first monitor shows it, the others nothing; every keyboard types.
 */
export class SeatFront implements Front {
  readonly clipboard = undefined;
  readonly textInput = undefined;
  readonly #options: SeatFrontOptions;
  readonly #client = new SeatClient();
  #tellJoined!: (id: string) => void;
  readonly #keyboards = new Map<string, SeatKeyboard>();
  /** The monitors but the first. */
  readonly #blank = new Map<string, BlankMonitor>();
  #link: BusLink | undefined;
  #session: SessionClient | undefined;
  #monitor: { readonly key: string; readonly canvas: MonitorCanvas } | undefined;

  constructor(options: SeatFrontOptions) {
    this.#options = options;
    this.joined = new Promise((resolve) => {
      this.#tellJoined = resolve;
    });
  }

  get modifiers(): KeyModifiers {
    for (const keyboard of this.#keyboards.values()) return keyboard.modifiers;
    return noModifiers;
  }

  /** Resolves to the session's id when it is there; never when it never is. */
  readonly joined: Promise<string>;

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

  /** Takes the seat. */
  async activate(): Promise<void> {
    await this.#session?.activate();
  }

  open(events: FrontEvents): void {
    this.#link = new BusLink(this.#options.bus, {
      connected: (connection) => this.#client.connected(connection),
      lost: () => this.#client.lost(),
    });
    this.#join(events).catch((error: Error) => events.gaveUp(`no session on ${this.#options.seat}`, error));
  }

  close(): void {
    this.#closeAll();
    this.#session?.[Symbol.dispose]();
    this.#link?.close();
  }

  async #join(events: FrontEvents): Promise<void> {
    if (!(await events.prepared())) return;
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
          opened: (device, channel) => this.#opened(device, channel, events),
          closed: (device) => this.#closed(device, events),
          active: (active) => events.keyboard.focus(active),
          ended: () => events.gaveUp('the session is over', new Error('the seat manager ended it')),
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

  #opened(device: OpenDevice, channel: Fd, events: FrontEvents): void {
    const key = `${device.major}:${device.minor}`;
    const reopen = () => this.#session?.reopen(device);
    if (device.kind === 'keyboard') {
      this.#keyboards.get(key)?.close();
      this.#keyboards.set(key, new SeatKeyboard(channel, events.keyboard, reopen));
    } else if (device.kind === 'monitor' && !this.#monitor) {
      const canvas = new MonitorCanvas(channel, events, reopen);
      this.#monitor = { key, canvas };
      events.appeared(canvas);
    } else if (device.kind === 'monitor') {
      this.#blank.get(key)?.close();
      this.#blank.set(key, new BlankMonitor(channel, reopen));
    } else {
      channel.close();
    }
  }

  #closed(device: OpenDevice, events: FrontEvents): void {
    const key = `${device.major}:${device.minor}`;
    this.#keyboards.get(key)?.close();
    this.#keyboards.delete(key);
    this.#blank.get(key)?.close();
    this.#blank.delete(key);
    if (this.#monitor?.key !== key) return;
    this.#monitor.canvas.close();
    this.#monitor = undefined;
    events.lost(new Error(`${device.name} is another session’s`));
  }

  #closeAll(): void {
    for (const keyboard of this.#keyboards.values()) keyboard.close();
    this.#keyboards.clear();
    for (const monitor of this.#blank.values()) monitor.close();
    this.#blank.clear();
    this.#monitor?.canvas.close();
    this.#monitor = undefined;
  }
}
