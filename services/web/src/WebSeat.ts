import type { Connection } from '@switchyard/dbus';
import type { Log } from '@switchyard/runtime';
import { DeviceProvider } from '@switchyard/seat';
import type { Fd } from '@switchyard/sys';
import type { WebSocket } from 'ws';
import { Clipboard } from './Clipboard.js';
import { harmlessFileName } from './FileName.js';
import { Floor } from './Floor.js';
import type { Visitor } from './HttpServer.js';
import { Layouts } from './Layouts.js';
import { Monitors } from './Monitors.js';
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

/** Requests of one viewer under way: each waits for the display or the session manager, a paste with a memfd. */
const REQUESTS_MAX = 8;

export interface WebSeatOptions {
  seat: string;
  /** The bus name of what shows the seat's sessions. */
  displayName: string;
  width: number;
  height: number;
  /** Of the page's files. */
  build: string;
  log: Log;
  /** Viewers came or went. */
  viewersChanged(): void;
  video: VideoWhen;
}

/** A seat in browsers: its virtual monitors, keyboards and pointers on one side, its viewers on the other. */
export class WebSeat implements MonitorSeat, ViewerSeat, TransferSeat {
  readonly keymap = new SeatKeymap();
  readonly provider: DeviceProvider;
  readonly monitors: Monitors;
  readonly log: Log;
  readonly #options: WebSeatOptions;
  readonly #viewers = new Set<SeatViewer>();
  readonly #sessions: SessionList;
  readonly #clipboard: Clipboard;
  readonly #typist: Typist;
  readonly transfers: Transfers;
  readonly #sound: Sound;
  readonly #terminal: TerminalText;
  readonly #layouts: Layouts;
  readonly #caret: TextCursor;
  /** Who may act; what the seat copies goes to the clipboard of the one who does. */
  readonly floor = new Floor<SeatViewer>();
  readonly video: VideoPolicy;
  #lastId = 0;
  #pasted: string | undefined;
  /** Requests under way. */
  readonly #asked = new WeakMap<SeatViewer, number>();

  /** Throws RangeError for a size outside of 64…8192. */
  constructor(options: WebSeatOptions) {
    this.#options = options;
    const { seat, width, height, log } = options;
    this.log = log;
    this.video = new VideoPolicy(options.video, (reason) =>
      log.warn({ reason }, 'no video encoder; videos go as JPEG'),
    );
    this.provider = new DeviceProvider({
      refused: (kind, name, error) =>
        log.error({ seat, kind, device: name, error: error.message }, 'the session manager refused a device'),
    });
    this.monitors = new Monitors(this, width, height, () => this.#monitorsChanged());
    this.#typist = new Typist(seat, options.displayName, this.keymap);
    this.#sessions = new SessionList(seat, () => {
      for (const viewer of this.#viewers) this.#tellSessions(viewer);
      this.#sound.look();
    });
    this.#clipboard = new Clipboard(
      seat,
      options.displayName,
      (text) => {
        if (text !== this.#pasted && !this.barred) this.floor.controlling?.tell({ type: 'selection', text });
      },
      (png) => {
        if (this.barred) png.close();
        else this.#offer(this.floor.controlling, 'clipboard.png', 'image/png', png, true);
      },
    );
    this.transfers = new Transfers(this, log);
    this.#layouts = new Layouts(options.displayName, () => {
      this.keymap.setLayout(this.#layouts.names);
      for (const viewer of this.#viewers) viewer.tell({ type: 'layout', layout: this.#layouts.current });
    });
    this.#caret = new TextCursor(seat, options.displayName, () => {
      for (const monitor of this.monitors.all)
        for (const viewer of monitor.viewers) this.#tellCaret(viewer, monitor);
    });
    this.#terminal = new TerminalText(
      () => (this.#sessions.covered ? undefined : this.#sessions.front),
      (text, viewer) => (viewer as SeatViewer).tell({ type: 'terminal', text }),
    );
    this.#sound = new Sound(
      () => this.owner,
      () => {
        for (const viewer of this.#viewers) this.#tellSound(viewer);
      },
      log,
    );
  }

  get seat(): string {
    return this.#options.seat;
  }
  /** Address, frames under way, and whether this viewer was the last to type or point. */
  get viewers(): [string, number, boolean][] {
    return [...this.#viewers].map((v) => [v.address, v.unacknowledged, v === this.floor.controlling]);
  }
  /** Id, address, share (or ''), whether it may act, and whether it is the one that does. */
  get audience(): [number, string, string, boolean, boolean][] {
    return [...this.#viewers].map((v) => [
      v.id,
      v.address,
      v.visitor.access.share,
      v.drives,
      v === this.floor.controlling,
    ]);
  }

  connected(connection: Connection): void {
    this.provider.connected(connection);
    this.#sessions.connected(connection);
    this.#clipboard.connected(connection);
    this.#typist.connected(connection);
    this.#layouts.connected(connection);
    this.#caret.connected(connection);
    this.#terminal.connected(connection);
  }

  lost(): void {
    this.provider.lost();
    this.#sessions.lost();
    this.#clipboard.lost();
    this.#typist.lost();
    this.#layouts.lost();
    this.#caret.lost();
    this.#terminal.lost();
  }

  close(): void {
    this.monitors.close();
    this.transfers.close();
    this.#sound.close();
    this.#terminal.close();
    this.provider[Symbol.dispose]();
  }

  mayAct(id: number, access: Access): boolean {
    const viewer = [...this.#viewers].find((one) => one.id === id);
    return viewer?.visitor.access.share === access.share && viewer.drives && this.floor.isFor(viewer);
  }

  get owner(): number | undefined {
    return this.#sessions.owner;
  }

  /** What its user copied and keeps is not for who looks at the lock. */
  get barred(): boolean {
    return this.#sessions.barred;
  }

  setImage(png: Buffer): Promise<void> {
    return this.#clipboard.setImage(png);
  }

  /** Gives a file to the page of the person who acted last. Throws when there is none, or it is no plain file. */
  send(name: string, fd: Fd): void {
    const viewer = this.floor.controlling ?? [...this.#viewers].find(({ drives }) => drives);
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

  /** Lets go of everybody who came by this link. */
  revoked(share: string): void {
    for (const viewer of [...this.#viewers])
      if (viewer.visitor.access.share === share) viewer.end('the link was revoked');
  }

  joined(viewer: SeatViewer, monitor: WebMonitor): void {
    const { seat, build, log } = this.#options;
    this.#viewers.add(viewer);
    this.monitors.watched(monitor);
    viewer.tell({ type: 'hello', seat, build, monitor: monitor.number });
    viewer.tell({ type: 'monitors', monitors: this.monitors.all.map(({ number }) => number) });
    viewer.tell({ type: 'presenting', presenting: monitor.output.presenting });
    this.#tellSessions(viewer);
    viewer.tell({ type: 'layout', layout: this.#layouts.current });
    this.#tellSound(viewer);
    this.#tellCaret(viewer, monitor);
    this.#sound.watch(true);
    const { access } = viewer.visitor;
    log.info(
      { viewer: viewer.address, share: access.share, role: access.role, viewers: this.#viewers.size },
      'a viewer came',
    );
    this.#viewersChanged();
  }

  left(viewer: SeatViewer, monitor: WebMonitor, reason: string): void {
    if (!this.#viewers.delete(viewer)) return;
    this.monitors.watched(monitor);
    this.floor.left(
      viewer,
      [...this.#viewers].find((other) => this.floor.isOneWith(viewer, other)),
    );
    this.#sound.listen(viewer, false);
    this.#terminal.read(viewer, false);
    this.#sound.watch(this.#viewers.size > 0);
    this.#options.log.info({ viewer: viewer.address, reason, viewers: this.#viewers.size }, 'a viewer left');
    this.#viewersChanged();
  }

  presentingChanged(monitor: WebMonitor): void {
    const { presenting } = monitor.output;
    for (const viewer of monitor.viewers) viewer.tell({ type: 'presenting', presenting });
  }

  touched(viewer: SeatViewer): void {
    if (this.floor.acted(viewer)) this.#viewersChanged();
  }

  request(viewer: SeatViewer, monitor: WebMonitor, message: PageMessage): void {
    const failed = (error: Error) => viewer.tell({ type: 'failed', message: error.message });
    const asked = this.#asked.get(viewer) ?? 0;
    if (asked >= REQUESTS_MAX) {
      failed(new Error('too much was asked for at once; try again'));
      return;
    }
    this.#asked.set(viewer, asked + 1);
    this.#do(viewer, monitor, message)
      .catch(failed)
      .finally(() => this.#asked.set(viewer, this.#asked.get(viewer)! - 1));
  }

  async #do(viewer: SeatViewer, monitor: WebMonitor, message: PageMessage): Promise<void> {
    const { log } = this.#options;
    if (message.type === 'ping') return viewer.tell({ type: 'pong', serial: message.serial });
    if (message.type === 'sound') return this.#sound.listen(viewer, message.on);
    if (message.type === 'read') return this.#terminal.read(viewer, message.on);
    if (!viewer.drives) throw new Error('this link is for watching only');
    if (message.type !== 'floor' && message.type !== 'copy' && !this.floor.isFor(viewer))
      throw new Error('another has control; take it first');
    switch (message.type) {
      case 'floor':
        return this.#moveFloor(viewer, message.take ? viewer : undefined);
      case 'give': {
        const other = [...this.#viewers].find(({ id, drives }) => id === message.viewer && drives);
        if (other === undefined) throw new Error('that viewer is gone, or may only watch');
        return this.#moveFloor(viewer, other);
      }
      case 'activate':
        log.info({ viewer: viewer.address, session: message.session }, 'a viewer switched');
        return this.#sessions.activate(message.session);
      case 'end':
        log.info({ viewer: viewer.address, session: message.session }, 'a viewer ends a session');
        return this.#sessions.end(message.session);
      case 'setMode':
        monitor.output.setMode(message.width, message.height);
        return this.#options.viewersChanged();
      case 'copy':
        if (this.barred) throw new Error('the seat is locked');
        if (this.#clipboard.holdsImage) return this.#clipboard.image();
        return viewer.tell({ type: 'selection', text: await this.#clipboard.text() });
      case 'text':
        this.touched(viewer);
        return this.#typist.write(message.text, monitor.input);
      case 'layouts':
        return viewer.tell({
          type: 'layout',
          layout: this.#layouts.current,
          layouts: this.#layouts.all,
        });
      case 'layout':
        return this.#layouts.choose(message.layout);
      case 'preedit':
        return this.#typist.preedit(message.text);
      case 'paste':
        return this.#paste(viewer, message);
    }
  }

  /** Hot. Text waits for the display's word; a key that came after it must not overtake it. */
  key(viewer: SeatViewer, input: SeatInput, code: number, down: boolean): void {
    if (this.#typist.idle) input.key(viewer, code, down);
    else
      void this.#typist.after(() => {
        if (this.#viewers.has(viewer) && this.floor.isFor(viewer)) input.key(viewer, code, down);
      });
  }

  /** Keys that the one who loses the floor holds go up first. */
  #moveFloor(from: SeatViewer, to: SeatViewer | undefined): void {
    const before = this.floor.holder;
    if (to === undefined) this.floor.release(from);
    else {
      for (const { viewers, input } of this.monitors.all)
        for (const viewer of viewers) if (!this.floor.isOneWith(viewer, to)) input.releaseAll(viewer);
      this.floor.take(to);
    }
    if (this.floor.holder === before) return;
    this.#options.log.info({ viewer: from.address, to: to?.address }, 'control of the seat moved');
    this.#viewersChanged();
  }

  async #paste(
    viewer: SeatViewer,
    { serial, text, primary }: Extract<PageMessage, { type: 'paste' }>,
  ): Promise<void> {
    this.#pasted = text;
    try {
      await this.#clipboard.setText(text, primary);
      viewer.tell({ type: 'pasted', serial });
    } catch (error) {
      viewer.tell({ type: 'pasted', serial, error: (error as Error).message });
    }
  }

  #viewersChanged(): void {
    const { holder, controlling } = this.floor;
    const viewers = [...this.#viewers].map((viewer) => ({
      id: viewer.id,
      name: [viewer.visitor.access.share, viewer.address].filter((part) => part !== '').join(' from '),
      watches: !viewer.drives,
      controls: viewer === controlling,
    }));
    for (const viewer of this.#viewers) {
      const own = holder !== undefined && this.floor.isOneWith(holder, viewer);
      viewer.tell({
        ...{ type: 'viewers', you: viewer.id, viewers },
        holder: own ? viewer.id : (holder?.id ?? null),
      });
    }
    this.#options.viewersChanged();
  }

  #monitorsChanged(): void {
    const monitors = this.monitors.all.map(({ number }) => number);
    for (const viewer of this.#viewers) viewer.tell({ type: 'monitors', monitors });
    this.#options.viewersChanged();
  }

  #tellSessions(viewer: SeatViewer): void {
    viewer.tell({ type: 'sessions', sessions: this.#sessions.sessions });
  }

  #tellSound(viewer: SeatViewer): void {
    viewer.tell({ type: 'soundAvailable', available: this.#sound.available });
  }

  #tellCaret(viewer: SeatViewer, { number }: WebMonitor): void {
    viewer.tell({ type: 'caret', place: this.#caret.on(number) });
  }
}
