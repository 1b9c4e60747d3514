import type { Connection } from '@switchyard/dbus';
import type { Log } from '@switchyard/runtime';
import { DeviceProvider } from '@switchyard/seat';
import type { WebSocket } from 'ws';
import { Clipboard } from './Clipboard.js';
import type { FrameEncoder } from './FrameEncoder.js';
import { Output } from './Output.js';
import type { Picture } from './Picture.js';
import { SeatInput } from './SeatInput.js';
import { SessionList } from './SessionList.js';
import { Viewer, type ViewerHost } from './Viewer.js';
import type { PageMessage } from './wire/Control.js';
import { POINTER_MAX } from './wire/Wire.js';

/** Requests of one viewer under way: each waits for the display or the session manager, a paste with a memfd. */
const REQUESTS_MAX = 8;

export interface WebSeatOptions {
  seat: string;
  width: number;
  height: number;
  /** Of the page's files. */
  build: string;
  log: Log;
  /** Viewers came or went. */
  viewersChanged(): void;
}

/** A seat in browsers: its virtual monitor, keyboard and pointer on one side, its viewers on the other. */
export class WebSeat implements ViewerHost {
  readonly input: SeatInput;
  readonly provider: DeviceProvider;
  readonly output: Output;
  readonly #options: WebSeatOptions;
  readonly #viewers = new Set<Viewer>();
  readonly #sessions: SessionList;
  readonly #clipboard: Clipboard;
  /** The viewer that was typed or pointed in last: what the seat copies goes to that person's clipboard alone. */
  #controlling: Viewer | undefined;
  #pasted: string | undefined;
  /** Requests under way. */
  readonly #asked = new WeakMap<Viewer, number>();

  /** Throws RangeError for a size outside of 64…8192. */
  constructor(options: WebSeatOptions) {
    this.#options = options;
    const { seat, width, height, log } = options;
    this.provider = new DeviceProvider({
      refused: (kind, name, error) =>
        log.error({ seat, kind, device: name, error: error.message }, 'the session manager refused a device'),
    });
    this.output = new Output(
      width,
      height,
      this.#viewers,
      (mode, on) =>
        this.provider.attachMonitor(seat, 'Browser screen', mode, {
          ...on,
          wrong: (session, reason) => log.warn({ session, reason }, 'a session lost the screen'),
        }),
      () => this.#tellPresenting(),
    );
    this.input = new SeatInput(
      this.provider.attachKeyboard(seat, 'Browser keyboard'),
      this.provider.attachPointer(seat, 'Browser pointer', POINTER_MAX),
    );
    this.#sessions = new SessionList(seat, () => {
      for (const viewer of this.#viewers) this.#tellSessions(viewer);
    });
    this.#clipboard = new Clipboard(seat, (text) => {
      if (text !== this.#pasted) this.#controlling?.tell({ type: 'selection', text });
    });
  }

  get picture(): Picture {
    return this.output.picture;
  }
  get encoder(): FrameEncoder {
    return this.output.encoder;
  }
  get cursor(): Uint8Array {
    return this.output.cursor;
  }
  get seat(): string {
    return this.#options.seat;
  }
  /** Address, frames under way, and whether this viewer was the last to type or point. */
  get viewers(): [string, number, boolean][] {
    return [...this.#viewers].map((v) => [v.address, v.unacknowledged, v === this.#controlling]);
  }

  connected(connection: Connection): void {
    this.provider.connected(connection);
    this.#sessions.connected(connection);
    this.#clipboard.connected(connection);
  }

  lost(): void {
    this.provider.lost();
    this.#sessions.lost();
    this.#clipboard.lost();
  }

  close(): void {
    this.output.close();
    this.provider[Symbol.dispose]();
  }

  addViewer(socket: WebSocket, address: string): void {
    new Viewer(socket, address, this);
  }

  joined(viewer: Viewer): void {
    const { seat, build, log } = this.#options;
    this.#viewers.add(viewer);
    viewer.tell({ type: 'hello', seat, build });
    viewer.tell({ type: 'presenting', presenting: this.output.presenting });
    this.#tellSessions(viewer);
    log.info({ viewer: viewer.address, viewers: this.#viewers.size }, 'a viewer came');
    this.#options.viewersChanged();
  }

  left(viewer: Viewer, reason: string): void {
    if (!this.#viewers.delete(viewer)) return;
    if (this.#controlling === viewer) this.#controlling = undefined;
    this.#options.log.info({ viewer: viewer.address, reason, viewers: this.#viewers.size }, 'a viewer left');
    this.output.settle();
    this.#options.viewersChanged();
  }

  settled(): void {
    this.output.settle();
  }

  touched(viewer: Viewer): void {
    this.#controlling = viewer;
  }

  request(viewer: Viewer, message: PageMessage): void {
    const failed = (error: Error) => viewer.tell({ type: 'failed', message: error.message });
    const asked = this.#asked.get(viewer) ?? 0;
    if (asked >= REQUESTS_MAX) {
      failed(new Error('too much was asked for at once; try again'));
      return;
    }
    this.#asked.set(viewer, asked + 1);
    this.#do(viewer, message)
      .catch(failed)
      .finally(() => this.#asked.set(viewer, this.#asked.get(viewer)! - 1));
  }

  async #do(viewer: Viewer, message: PageMessage): Promise<void> {
    switch (message.type) {
      case 'activate':
        return this.#sessions.activate(message.session);
      case 'setMode':
        return this.output.setMode(message.width, message.height);
      case 'copy':
        return viewer.tell({ type: 'selection', text: await this.#clipboard.text() });
      case 'paste':
        return this.#paste(viewer, message.serial, message.text);
    }
  }

  async #paste(viewer: Viewer, serial: number, text: string): Promise<void> {
    this.#pasted = text;
    try {
      await this.#clipboard.setText(text);
      viewer.tell({ type: 'pasted', serial });
    } catch (error) {
      viewer.tell({ type: 'pasted', serial, error: (error as Error).message });
    }
  }

  #tellSessions(viewer: Viewer): void {
    viewer.tell({ type: 'sessions', sessions: this.#sessions.sessions });
  }

  #tellPresenting(): void {
    const { presenting } = this.output;
    for (const viewer of this.#viewers) viewer.tell({ type: 'presenting', presenting });
  }
}
