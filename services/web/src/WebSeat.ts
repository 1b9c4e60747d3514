import type { Connection } from '@switchyard/dbus';
import type { Log } from '@switchyard/runtime';
import { DeviceProvider, type MonitorSize } from '@switchyard/seat';
import type { Fd } from '@switchyard/sys';
import type { WebSocket } from 'ws';
import { Audience } from './Audience.js';
import { Clipboard } from './Clipboard.js';
import { harmlessFileName } from './FileName.js';
import type { Floor } from './Floor.js';
import type { Visitor } from './HttpServer.js';
import { Layouts } from './Layouts.js';
import { Monitors } from './Monitors.js';
import { type RequestedSeat, Requests } from './Requests.js';
import type { SeatInput } from './SeatInput.js';
import { SeatKeymap } from './SeatKeymap.js';
import type { SeatViewer } from './SeatViewer.js';
import { SessionList } from './SessionList.js';
import type { Access } from './Shares.js';
import { Sound } from './sound/Sound.js';
import { TerminalText } from './TerminalText.js';
import { TextCursor } from './TextCursor.js';
import { type TransferSeat, Transfers } from './Transfers.js';
import { Typist } from './Typist.js';
import { Viewer, type ViewerSeat } from './Viewer.js';
import { VideoPolicy, type VideoWhen } from './video/VideoStream.js';
import type { MonitorSeat, WebMonitor } from './WebMonitor.js';
import type { PageMessage } from './wire/Control.js';

export interface WebSeatOptions {
  seat: string;
  /** The bus name of what shows the seat's sessions. */
  displayName: string;
  /** Of the first monitor. */
  size: MonitorSize;
  /** Of the page's files. */
  build: string;
  log: Log;
  /** Viewers came or went. */
  viewersChanged(): void;
  video: VideoWhen;
}

/** A seat in browsers: its virtual monitors, keyboards and pointers on one side, its viewers on the other. */
export class WebSeat implements MonitorSeat, ViewerSeat, TransferSeat, RequestedSeat {
  readonly keymap = new SeatKeymap();
  readonly provider: DeviceProvider;
  readonly monitors: Monitors;
  readonly log: Log;
  readonly #options: WebSeatOptions;
  readonly audience: Audience;
  readonly sessions: SessionList;
  readonly clipboard: Clipboard;
  readonly typist: Typist;
  readonly transfers: Transfers;
  readonly sound: Sound;
  readonly terminal: TerminalText;
  readonly layouts: Layouts;
  readonly video: VideoPolicy;
  readonly #caret: TextCursor;
  readonly #requests = new Requests(this);
  #lastId = 0;

  /** Throws RangeError for a size outside of 64…8192. */
  constructor(options: WebSeatOptions) {
    this.#options = options;
    const { seat, size, log } = options;
    this.log = log;
    this.video = new VideoPolicy(options.video, (reason) =>
      log.warn({ reason }, 'no video encoder; videos go as JPEG'),
    );
    this.provider = new DeviceProvider({
      refused: (kind, name, error) =>
        log.error({ seat, kind, device: name, error: error.message }, 'the session manager refused a device'),
    });
    this.audience = new Audience(
      () => this.monitors,
      log,
      () => options.viewersChanged(),
    );
    this.monitors = new Monitors(this, size, () => this.#monitorsChanged());
    this.typist = new Typist(seat, options.displayName, this.keymap);
    this.sessions = new SessionList(seat, () => {
      for (const viewer of this.audience) this.#tellSessions(viewer);
      this.sound.look();
    });
    this.clipboard = new Clipboard(
      seat,
      options.displayName,
      (text) => {
        if (text !== this.#requests.pasted && !this.barred)
          this.floor.controlling?.tell({ type: 'selection', text });
      },
      (png) => {
        if (this.barred) png.close();
        else this.#offer(this.floor.controlling, 'clipboard.png', 'image/png', png, true);
      },
    );
    this.transfers = new Transfers(this, log);
    this.layouts = new Layouts(options.displayName, () => {
      this.keymap.setLayout(this.layouts.names);
      this.audience.tell({ type: 'layout', layout: this.layouts.current });
    });
    this.#caret = new TextCursor(seat, options.displayName, () => {
      for (const monitor of this.monitors.all)
        for (const viewer of monitor.viewers) this.#tellCaret(viewer, monitor);
    });
    this.terminal = new TerminalText(
      () => (this.sessions.covered ? undefined : this.sessions.front),
      (text, viewer) => (viewer as SeatViewer).tell({ type: 'terminal', text }),
    );
    this.sound = new Sound(
      () => this.owner,
      () => {
        for (const viewer of this.audience) this.#tellSound(viewer);
      },
      log,
    );
  }

  get seat(): string {
    return this.#options.seat;
  }
  get floor(): Floor<SeatViewer> {
    return this.audience.floor;
  }

  connected(connection: Connection): void {
    this.provider.connected(connection);
    this.sessions.connected(connection);
    this.clipboard.connected(connection);
    this.typist.connected(connection);
    this.layouts.connected(connection);
    this.#caret.connected(connection);
    this.terminal.connected(connection);
  }

  lost(): void {
    this.provider.lost();
    this.sessions.lost();
    this.clipboard.lost();
    this.typist.lost();
    this.layouts.lost();
    this.#caret.lost();
    this.terminal.lost();
  }

  close(): void {
    this.monitors.close();
    this.transfers.close();
    this.sound.close();
    this.terminal.close();
    this.provider[Symbol.dispose]();
  }

  mayAct(id: number, access: Access): boolean {
    return this.audience.mayAct(id, access);
  }

  get owner(): number | undefined {
    return this.sessions.owner;
  }

  /** What its user copied and keeps is not for who looks at the lock. */
  get barred(): boolean {
    return this.sessions.barred;
  }

  setImage(png: Buffer): Promise<void> {
    return this.clipboard.setImage(png);
  }

  /** Gives a file to the page of the person who acted last. Throws when there is none, or it is no plain file. */
  send(name: string, fd: Fd): void {
    const viewer = this.audience.actor;
    if (viewer === undefined) {
      fd.close();
      throw new Error('nobody who may act looks at the seat');
    }
    this.#options.log.info({ viewer: viewer.address, name }, 'a file was sent');
    this.#offer(viewer, harmlessFileName(name), 'application/octet-stream', fd, false);
  }

  #offer(viewer: SeatViewer | undefined, name: string, type: string, fd: Fd, clipboard: boolean): void {
    if (viewer === undefined) {
      fd.close();
      return;
    }
    viewer.tell({ type: 'file', name, clipboard, ...this.transfers.offer(name, type, fd) });
  }

  nextId(): number {
    return ++this.#lastId;
  }

  addViewer(socket: WebSocket, visitor: Visitor): void {
    new Viewer(this.nextId(), socket, visitor, this);
  }

  joined(viewer: SeatViewer, monitor: WebMonitor): void {
    const { seat, build, log } = this.#options;
    this.audience.add(viewer);
    this.monitors.watched(monitor);
    viewer.tell({ type: 'hello', seat, build, monitor: monitor.number });
    viewer.tell({ type: 'monitors', monitors: this.monitors.all.map(({ number }) => number) });
    viewer.tell({ type: 'presenting', presenting: monitor.output.presenting });
    this.#tellSessions(viewer);
    viewer.tell({ type: 'layout', layout: this.layouts.current });
    this.#tellSound(viewer);
    this.#tellCaret(viewer, monitor);
    this.sound.watch(true);
    const { access } = viewer.visitor;
    log.info(
      { viewer: viewer.address, share: access.share, role: access.role, viewers: this.audience.size },
      'a viewer came',
    );
    this.audience.changed();
  }

  left(viewer: SeatViewer, monitor: WebMonitor, reason: string): void {
    if (!this.audience.remove(viewer)) return;
    this.monitors.watched(monitor);
    this.sound.listen(viewer, false);
    this.terminal.read(viewer, false);
    this.sound.watch(this.audience.size > 0);
    this.#options.log.info({ viewer: viewer.address, reason, viewers: this.audience.size }, 'a viewer left');
    this.audience.changed();
  }

  presentingChanged(monitor: WebMonitor): void {
    const { presenting } = monitor.output;
    for (const viewer of monitor.viewers) viewer.tell({ type: 'presenting', presenting });
  }

  touched(viewer: SeatViewer): void {
    this.audience.touched(viewer);
  }

  request(viewer: SeatViewer, monitor: WebMonitor, message: PageMessage): void {
    this.#requests.take(viewer, monitor, message);
  }

  resized(): void {
    this.#options.viewersChanged();
  }

  /** Hot. Text waits for the display's word; a key that came after it must not overtake it. */
  key(viewer: SeatViewer, input: SeatInput, code: number, down: boolean): void {
    if (this.typist.idle) input.key(viewer, code, down);
    else
      void this.typist.after(() => {
        if (this.audience.has(viewer) && this.floor.isFor(viewer)) input.key(viewer, code, down);
      });
  }

  across(from: WebMonitor, number: number, x: number, y: number): { x: number; y: number } | undefined {
    return this.monitors.across(from, number, x, y);
  }

  #monitorsChanged(): void {
    const monitors = this.monitors.all.map(({ number }) => number);
    this.audience.tell({ type: 'monitors', monitors });
    this.#options.viewersChanged();
  }

  #tellSessions(viewer: SeatViewer): void {
    viewer.tell({ type: 'sessions', sessions: this.sessions.sessions });
  }

  #tellSound(viewer: SeatViewer): void {
    viewer.tell({ type: 'soundAvailable', available: this.sound.available });
  }

  #tellCaret(viewer: SeatViewer, { number }: WebMonitor): void {
    viewer.tell({ type: 'caret', place: this.#caret.on(number) });
  }
}
