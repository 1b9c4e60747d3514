import { type ChildProcess, spawn } from 'node:child_process';
import type { Connection } from '@switchyard/dbus';
import {
  InputChannel,
  MonitorBuffer,
  MonitorSession,
  SeatClient,
  type SessionClient,
} from '@switchyard/seat';

/** One thing that a session read from a channel, and from which. */
export interface ReadEvent {
  type: number;
  code: number;
  value: number;
}

/** One a connection: a second one would take the first one's channels out of the signals that bring them. */
const clients = new WeakMap<Connection, SeatClient>();

function clientOf(connection: Connection): SeatClient {
  let client = clients.get(connection);
  if (client === undefined) {
    client = new SeatClient();
    client.connected(connection);
    clients.set(connection, client);
  }
  return client;
}

/** A session that a test drives: it takes the seat's devices, draws what it is told and notes what it reads. */
export class TestSession {
  /** A process leads one session at most; a test may have several. */
  readonly #leader: ChildProcess = spawn('sleep', ['600'], { stdio: 'ignore' });
  #session!: SessionClient;
  #monitor: MonitorSession | undefined;
  #buffer: MonitorBuffer | undefined;
  #bufferId = 0;
  readonly #inputs = new Map<string, InputChannel>();
  readonly keyboard: ReadEvent[] = [];
  readonly pointer: ReadEvent[] = [];
  readonly touch: ReadEvent[] = [];
  flips = 0;
  #waiting: { until: () => boolean; resolve: () => void }[] = [];

  static async create(connection: Connection, title: string): Promise<TestSession> {
    const session = new TestSession();
    session.#session = await clientOf(connection).createSession(
      { seat: 'seat0', title, type: 'wayland', leader: session.#leader.pid! },
      {
        opened: (device, channel) => {
          if (device.kind === 'monitor')
            session.#monitor = new MonitorSession(channel, {
              mode: () => session.#changed(),
              flipDone: () => {
                session.flips++;
                session.#changed();
              },
              closed: () => {
                session.#forgetMonitor();
                session.#changed();
                session.#session.reopen(device);
              },
            });
          else {
            const events =
              session[device.kind === 'keyboard' || device.kind === 'touch' ? device.kind : 'pointer'];
            const input = new InputChannel(channel, {
              event: (type, code, value) => {
                events.push({ type, code, value });
                session.#changed();
              },
              closed: () => {
                session.#inputs.delete(device.kind);
                session.#session.reopen(device);
              },
            });
            session.#inputs.set(device.kind, input);
          }
          session.#changed();
        },
        closed: (device) => {
          if (device.kind === 'monitor') session.#forgetMonitor();
          else {
            session.#inputs.get(device.kind)?.close();
            session.#inputs.delete(device.kind);
          }
          session.#changed();
        },
        ended: () => {},
      },
    );
    await session.until(() => session.#monitor?.mode !== undefined && session.#inputs.size >= 2);
    return session;
  }

  get hasTouch(): boolean {
    return this.#inputs.has('touch');
  }
  get id(): string {
    return this.#session.id!;
  }
  get mode(): { width: number; height: number; scale: number } | undefined {
    return this.#monitor?.mode;
  }
  /** The buffer's pixels, 0x00RRGGBB; a new one (black) after each mode. */
  get words(): Uint32Array {
    this.#prepare();
    const { bytes } = this.#buffer!;
    return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  }

  /** Resolves when the condition holds after something has happened to the session. */
  until(condition: () => boolean): Promise<void> {
    if (condition()) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ until: condition, resolve }));
  }

  /** Presents the buffer. True when it is shown; false when the monitor's channel ended first, and with it the buffer. */
  async present(x = 0, y = 0, width = this.mode!.width, height = this.mode!.height): Promise<boolean> {
    this.#prepare();
    const flips = this.flips;
    const monitor = this.#monitor!;
    monitor.present(this.#bufferId, Int32Array.of(x, y, width, height), 1);
    await this.until(() => this.flips > flips || this.#monitor !== monitor);
    return this.flips > flips;
  }

  setCursor(...cursor: Parameters<MonitorSession['setCursor']>): void {
    this.#monitor!.setCursor(...cursor);
  }

  /** As bits 1 << LED_NUML and so on. */
  setLights(bits: number): void {
    this.#inputs.get('keyboard')!.setLights(bits);
  }

  setLocked(locked: boolean): void {
    this.#session.setLockedHint(locked);
  }

  activate(): Promise<void> {
    return this.#session.activate();
  }

  end(): void {
    this.#forgetMonitor();
    for (const input of this.#inputs.values()) input.close();
    this.#session[Symbol.dispose]();
    this.#leader.kill();
  }

  #prepare(): void {
    const { width, height } = this.#monitor!.mode!;
    if (this.#buffer !== undefined && this.#buffer.width === width && this.#buffer.height === height) return;
    this.#buffer?.[Symbol.dispose]();
    this.#buffer = MonitorBuffer.create(width, height);
    this.#bufferId = this.#monitor!.attach(this.#buffer);
  }

  #forgetMonitor(): void {
    this.#monitor?.close();
    this.#monitor = undefined;
    this.#buffer?.[Symbol.dispose]();
    this.#buffer = undefined;
  }

  #changed(): void {
    for (const one of this.#waiting.filter(({ until }) => until())) {
      this.#waiting = this.#waiting.filter((other) => other !== one);
      one.resolve();
    }
  }
}
