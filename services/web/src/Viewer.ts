import type { RawData, WebSocket } from 'ws';
import { DirtyTiles } from './DirtyTiles.js';
import type { FrameEncoder } from './FrameEncoder.js';
import { FrameWindow } from './FrameWindow.js';
import type { Visitor } from './HttpServer.js';
import type { Monitors } from './Monitors.js';
import type { OutputViewer } from './Output.js';
import { PageInput } from './PageInput.js';
import type { Scroll } from './Picture.js';
import type { SeatViewer, SeatViewerHost } from './SeatViewer.js';
import { type VideoPolicy, VideoStream } from './video/VideoStream.js';
import { type PageMessage, parsePageMessage, type ServerMessage } from './wire/Control.js';
import { ack, MessageType, PROTOCOL_VERSION } from './wire/Wire.js';

/** A page says hello as soon as it is connected (ms). */
const HELLO_TIMEOUT_MS = 5000;
/** For a page's answer to its end (ms): until then it takes a viewer's place. */
const CLOSE_TIMEOUT_MS = 2000;
/** No acknowledgement for this long: the page is gone or stuck (ms). */
const ACK_TIMEOUT_MS = 60_000;
/** More than this in our own queue means that the kernel's is full: no frame until it drains (bytes). */
const BUFFERED_MAX = 256 * 1024;
/** A viewer that reads nothing while session lists and clipboard texts for it pile up to this is let go (bytes). */
const CONTROL_BUFFERED_MAX = 4 * 1024 * 1024;
/** A tile that stood still for this long after it was sent as JPEG is sent again exactly (ms). */
const REFINE_AFTER_MS = 250;
/** Tiles refined in one message, 512 kB of pixels: new frames never wait long behind it. */
const REFINE_TILES = 32;

/** WebSocket close codes: RFC 6455, 7.4.1. */
const PROTOCOL_ERROR = 1002;
const POLICY_VIOLATION = 1008;

/** What a page needs of the seat that it looks at. */
export interface ViewerHost extends SeatViewerHost {
  readonly encoder: FrameEncoder;
  readonly video: VideoPolicy;
  /** The output's, in 120ths. */
  readonly scale: number;
  /** A key of this viewer's keyboard, behind what it has written before. */
  key(viewer: SeatViewer, code: number, down: boolean): void;
  /** The pointer is there, 0 … POINTER_MAX, on the monitor of this number; 0 is the one that is looked at. */
  motion(monitor: number, x: number, y: number): void;
  /** Its frames are for this viewer, too, until `unwatch`. */
  watch(viewer: OutputViewer): void;
  unwatch(viewer: OutputViewer): void;
}

/** The seat that a page comes to. */
export interface ViewerSeat {
  readonly monitors: Monitors;
}

/**
 * One page on one WebSocket.
 *
 *   greeting ──hello──▶ watching ⇄ hidden
 *      └────── wrong message | too late | closed ──────▶ gone
 */
export class Viewer implements SeatViewer, OutputViewer {
  readonly id: number;
  readonly visitor: Visitor;
  readonly #socket: WebSocket;
  readonly #seat: ViewerSeat;
  /** The monitor that it looks at. */
  #host: ViewerHost;
  #party = '';
  readonly #window = new FrameWindow();
  readonly #input = new PageInput(this);
  #state: 'greeting' | 'watching' | 'hidden' | 'gone' = 'greeting';
  readonly #video: VideoStream;
  #unseen: DirtyTiles;
  #cursorUnseen = true;
  #refine: NodeJS.Timeout | undefined;
  readonly #greeting: NodeJS.Timeout;
  #silence: NodeJS.Timeout | undefined;

  constructor(id: number, socket: WebSocket, visitor: Visitor, seat: ViewerSeat) {
    this.id = id;
    this.#socket = socket;
    this.visitor = visitor;
    this.#seat = seat;
    this.#host = seat.monitors.first;
    this.#unseen = new DirtyTiles(0, 0);
    this.#video = new VideoStream(this.#host.video, visitor.address, {
      coded: (message) => this.#coded(message),
      lost: (area) => {
        this.#unseen.markArea(area);
        this.offer();
      },
    });
    this.#greeting = setTimeout(() => this.end('no hello'), HELLO_TIMEOUT_MS);
    socket.binaryType = 'nodebuffer';
    socket.on('message', (data, binary) => this.#receive(data, binary));
    socket.on('close', () => this.#leave('closed'));
    // A wrong WebSocket frame or a reset; ws closes the socket itself.
    socket.on('error', (error) => this.#leave(error.message));
  }

  get address(): string {
    return this.visitor.address;
  }
  get party(): string {
    return this.#party;
  }
  get drives(): boolean {
    return this.visitor.access.role === 'drive';
  }
  get watching(): boolean {
    return this.#state === 'watching';
  }
  /** The newest pixels are on their way to it. */
  get upToDate(): boolean {
    return this.#unseen.dirty === 0;
  }
  get unacknowledged(): number {
    return this.#window.unacknowledged;
  }

  /** The output has another size; all of it is unseen. */
  restart(): void {
    this.#video.close();
    const { picture, scale } = this.#host;
    const { width, height } = picture;
    this.#unseen = new DirtyTiles(width, height);
    this.#unseen.markAll();
    this.tell({ type: 'mode', width, height, scale });
  }

  /** Something changed on the output; what this viewer has room for is sent now. Hot. */
  show(changed: DirtyTiles, scroll?: Scroll): void {
    if (scroll && this.canScroll) {
      this.#unseen.add(scroll.rest);
      this.#offer(scroll);
    } else {
      this.#unseen.add(changed);
      this.offer();
    }
  }

  /** It has all that was sent, exactly, and room for a frame: what moved on the output can move there. */
  get canScroll(): boolean {
    return (
      this.#state === 'watching' &&
      this.#unseen.dirty === 0 &&
      this.#unseen.lossy === 0 &&
      !this.#video.busy &&
      this.#hasRoom(performance.now())
    );
  }

  showCursor(): void {
    this.#cursorUnseen = true;
    this.offer();
  }

  tell(message: ServerMessage): void {
    if (this.#state === 'greeting' || this.#state === 'gone') return;
    if (this.#socket.bufferedAmount > CONTROL_BUFFERED_MAX) {
      this.#socket.terminate();
      this.#leave('does not read');
      return;
    }
    this.#socket.send(JSON.stringify(message));
  }

  /** Sound that comes late is worth nothing: without room it is left out. */
  hear(message: Uint8Array): void {
    if (this.#state === 'gone' || this.#socket.bufferedAmount > BUFFERED_MAX) return;
    this.#socket.send(message);
  }

  end(reason: string, code = POLICY_VIOLATION): void {
    if (this.#state === 'gone') return;
    this.#socket.close(code, reason);
    setTimeout(() => this.#socket.terminate(), CLOSE_TIMEOUT_MS).unref();
    this.#leave(reason);
  }

  /** Sends what is unseen if the viewer has room for it. */
  offer(): void {
    this.#offer();
  }

  /** `scroll` comes only when there is room. */
  #offer(scroll?: Scroll): void {
    if (this.#state !== 'watching') return;
    const now = performance.now();
    if (this.#cursorUnseen && this.#socket.bufferedAmount < BUFFERED_MAX) {
      this.#cursorUnseen = false;
      this.#socket.send(this.#host.cursor);
    }
    if (this.#video.busy || !(scroll || this.#hasRoom(now))) return;
    let exact = false;
    if (this.#unseen.dirty === 0 && !scroll) {
      exact = this.#markRefinement(now);
      if (!exact) return;
    }
    const { picture, encoder } = this.#host;
    const area = exact || scroll ? undefined : this.#video.areaIn(this.#unseen);
    // The encoder's memory is used again before the kernel may have taken all of this.
    const message = Buffer.from(
      encoder.encode(this.#unseen, this.#window.next, now, { exact, video: area, scroll }),
    );
    if (area === undefined) {
      this.#send(message, now);
      if (!exact) this.#video.sent(picture, this.#unseen, now, message.length);
    } else this.#video.encode(picture, message);
  }

  #hasRoom(now: number): boolean {
    const { unacknowledged } = this.#window;
    return this.#window.hasRoom(now) && (unacknowledged === 0 || this.#socket.bufferedAmount <= BUFFERED_MAX);
  }

  #send(frame: Uint8Array, now: number): void {
    this.#socket.send(frame);
    this.#window.sent(now);
    if (this.#silence === undefined)
      this.#silence = setTimeout(() => this.end('no acknowledgement'), ACK_TIMEOUT_MS);
    if (this.#unseen.lossy > 0 && this.#refine === undefined) this.#awaitQuiet();
  }

  /** The frame that was in the video encoder. */
  #coded(frame: Uint8Array): void {
    if (this.#state !== 'watching') return;
    this.#send(frame, performance.now());
    this.offer();
    this.#host.settled();
  }

  #awaitQuiet(): void {
    this.#refine = setTimeout(() => {
      this.#refine = undefined;
      this.offer();
      if (this.#unseen.lossy > 0 && this.#refine === undefined && this.watching) this.#awaitQuiet();
    }, REFINE_AFTER_MS);
  }

  /** Marks tiles that are inexact and have stood still; false when there are none. */
  #markRefinement(now: number): boolean {
    const { lossySince, lossy } = this.#unseen;
    if (lossy === 0) return false;
    let marked = 0;
    for (let tile = 0; tile < lossySince.length && marked < REFINE_TILES; tile++) {
      const since = lossySince[tile]!;
      if (since === 0 || now - since < REFINE_AFTER_MS) continue;
      this.#unseen.markTile(tile);
      marked++;
    }
    return marked > 0;
  }

  /** Hot: a key is on its way to the session before this returns. */
  #receive(data: RawData, binary: boolean): void {
    if (this.#state === 'gone') return;
    const bytes = data as Buffer;
    if (!(binary ? this.#receiveBinary(bytes) : this.#receiveText(bytes.toString('utf8'))))
      this.end('not a message of the seat protocol', PROTOCOL_ERROR);
  }

  #receiveBinary(bytes: Buffer): boolean {
    if (this.#state === 'greeting' || bytes.length === 0) return false;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    if (view.getUint8(0) === MessageType.ack) return bytes.length === ack.size && this.#acknowledged(view);
    // What was under way when another took the floor is no mistake; nothing of it reaches the seat.
    if (!this.drives || !this.#host.floor.isFor(this)) return true;
    return this.#input.take(this.#host, view);
  }

  #acknowledged(view: DataView): boolean {
    const drawMs = ack.get.drawMicroseconds(view, 0) / 1000;
    if (!this.#window.acknowledge(ack.get.sequence(view, 0), drawMs, performance.now())) return false;
    if (this.#window.unacknowledged === 0) {
      clearTimeout(this.#silence);
      this.#silence = undefined;
    } else this.#silence?.refresh();
    this.offer();
    this.#host.settled();
    return true;
  }

  #receiveText(text: string): boolean {
    const message = parsePageMessage(text);
    if (message === undefined) return false;
    if (message.type === 'hello') return this.#greet(message);
    if (this.#state === 'greeting') return false;
    if (message.type === 'visible') {
      this.#state = message.visible ? 'watching' : 'hidden';
      if (!message.visible) {
        this.#host.input.releaseAll(this);
        this.#video.close();
      }
      this.offer();
      this.#host.settled();
    } else if (message.type === 'video') this.#video.wanted = message.decodes;
    else this.#host.request(this, message);
    return true;
  }

  #greet(hello: Extract<PageMessage, { type: 'hello' }>): boolean {
    if (this.#state !== 'greeting') return false;
    const { version, visible, touch: fingers, proof, party, monitor } = hello;
    if (version !== PROTOCOL_VERSION) {
      this.end(`protocol ${version}, not ${PROTOCOL_VERSION}: load the page again`);
      return true;
    }
    const refusal = this.visitor.enter(proof);
    if (refusal !== undefined) {
      this.end(refusal);
      return true;
    }
    this.#party = party ?? '';
    try {
      if (monitor) this.#host = this.#seat.monitors.open(this, monitor);
    } catch (error) {
      this.end((error as Error).message);
      return true;
    }
    clearTimeout(this.#greeting);
    this.#state = visible ? 'watching' : 'hidden';
    if (fingers && this.drives) this.#host.input.wantTouch();
    this.#host.watch(this);
    this.#host.joined(this);
    this.restart();
    this.offer();
    this.#host.settled();
    return true;
  }

  #leave(reason: string): void {
    if (this.#state === 'gone') return;
    this.#state = 'gone';
    clearTimeout(this.#greeting);
    clearTimeout(this.#refine);
    clearTimeout(this.#silence);
    this.#video.close();
    this.#host.input.releaseAll(this);
    this.#host.unwatch(this);
    this.#host.left(this, reason);
  }
}
