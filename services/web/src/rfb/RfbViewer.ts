import type { Socket } from 'node:net';
import type { Area } from '../DirtyTiles.js';
import type { Visitor } from '../door/SocketDoor.js';
import type { Size } from '../MonitorLayout.js';
import type { Monitors } from '../Monitors.js';
import type { SeatViewer } from '../SeatViewer.js';
import type { WebMonitor } from '../WebMonitor.js';
import type { ServerMessage as PageServerMessage } from '../wire/Control.js';
import { type ByteStream, StreamEnded } from './ByteStream.js';
import { type ClientWords, readClient, type UpdateArea } from './ClientReader.js';
import { setMonitors, wantedSizes } from './DesktopSize.js';
import type { ClipboardWord } from './ExtendedClipboard.js';
import { RfbRefusal } from './Handshake.js';
import {
  Encoding,
  Fence,
  fenceMessage,
  pixelFormat,
  ServerMessage,
  SizeReason,
  SizeStatus,
  serverInit,
} from './Messages.js';
import { ownFormat, PixelFormat, type PixelFormatFields } from './PixelFormat.js';
import { RfbClipboard } from './RfbClipboard.js';
import { RfbKeyboard } from './RfbKeyboard.js';
import { RfbPointer } from './RfbPointer.js';
import { RfbUpdates } from './RfbUpdates.js';

/** For the last words to reach a client that is let go (ms). */
const LINGER_MS = 500;

/** One RFB client that was let in: what the seat tells it, and what it tells the seat. */
export class RfbViewer implements SeatViewer, ClientWords {
  readonly id: number;
  readonly visitor: Visitor;
  readonly party = '';
  readonly #socket: Socket;
  readonly #stream: ByteStream;
  readonly #monitors: Monitors;
  /** What is the whole seat's is asked of its first monitor. */
  readonly #host: WebMonitor;
  readonly #updates: RfbUpdates;
  readonly #keyboard: RfbKeyboard;
  readonly #pointer: RfbPointer;
  readonly #clipboard: RfbClipboard;
  /** While it is done what the client asked for. */
  #resizing = false;
  #toldContinuous = false;
  #toldFence = false;
  #gone = false;

  constructor(id: number, socket: Socket, stream: ByteStream, visitor: Visitor, monitors: Monitors) {
    this.id = id;
    this.#socket = socket;
    this.#stream = stream;
    this.visitor = visitor;
    this.#monitors = monitors;
    const host = monitors.first;
    this.#host = host;
    this.#updates = new RfbUpdates(stream, monitors, {
      write: (...parts) => this.#write(...parts),
      relaid: () => this.#relaid(),
    });
    host.input.typeEverywhere(this);
    this.#keyboard = new RfbKeyboard(this, host.input, host.keymap);
    this.#pointer = new RfbPointer(this, this.#updates.screens);
    this.#clipboard = new RfbClipboard(
      (bytes) => this.#write(bytes),
      (text) => host.request(this, { type: 'paste', serial: 0, text, primary: true }),
    );
    stream.socket.on('close', () => this.#leave('closed'));
  }

  get address(): string {
    return this.visitor.address;
  }
  get drives(): boolean {
    return this.visitor.access.role === 'drive';
  }
  get unacknowledged(): number {
    return this.#updates.unacknowledged;
  }

  /** From ServerInit to the end. `name` is the desktop's. */
  async serve(name: string): Promise<void> {
    await this.#stream.take(1); // ClientInit: all clients share the seat, whatever it says.
    const title = Buffer.from(name);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(title.length);
    const { width, height } = this.#updates;
    this.#write(serverInit.write({ width, height }), pixelFormat.write(ownFormat), length, title);
    this.#host.joined(this);
    try {
      await readClient(this.#stream, this);
    } catch (error) {
      if (error instanceof RfbRefusal) this.end(error.message);
      else if (error instanceof StreamEnded) {
        this.#leave('closed');
        this.#socket.destroy();
      } else throw error;
    }
  }

  tell(message: PageServerMessage): void {
    if (message.type === 'monitors') this.#updates.monitorsChanged();
    else if (message.type === 'selection' && message.text !== null) this.#clipboard.seatHas(message.text);
  }

  showLights(): void {
    this.#updates.news.lights();
    this.#updates.offer();
  }

  /** The framebuffer has another size, or other screens. */
  #relaid(): void {
    if (!this.#updates.news.followsSize) {
      this.end('its client cannot follow the new size');
      return;
    }
    const reason = this.#resizing ? SizeReason.thisClient : SizeReason.server;
    this.#tellSize(reason, SizeStatus.done);
  }

  end(reason: string): void {
    if (this.#gone) return;
    this.#leave(reason);
    this.#stream.socket.end();
    setTimeout(() => this.#socket.destroy(), LINGER_MS).unref();
  }

  pixelFormat(fields: PixelFormatFields): void {
    const format = PixelFormat.of(fields);
    if (format === undefined) throw new RfbRefusal('a pixel format without true colour, or of other sizes');
    this.#updates.setFormat(format);
  }

  encodings(encodings: number[]): void {
    this.#clipboard.setExtended(encodings.includes(Encoding.extendedClipboard));
    if (encodings.includes(Encoding.fence) && !this.#toldFence) {
      this.#toldFence = true;
      this.#write(fenceMessage(Fence.request, Buffer.alloc(0)));
    }
    if (encodings.includes(Encoding.continuousUpdates) && !this.#toldContinuous) {
      this.#toldContinuous = true;
      this.#write(Buffer.of(ServerMessage.endOfContinuousUpdates));
    }
    this.#updates.setEncodings(encodings);
  }

  updateRequest(area: UpdateArea): void {
    this.#updates.request(area);
    this.#updates.screens.settled();
  }

  continuousUpdates(enable: boolean): void {
    this.#updates.setContinuous(enable);
    this.#updates.screens.settled();
  }

  key(keysym: number, down: boolean, scanCode: number | undefined): void {
    if (!this.#acts()) return;
    if (scanCode === undefined) this.#keyboard.keysym(keysym, down);
    else this.#keyboard.scanCode(scanCode, keysym, down);
  }

  pointer(buttons: number, x: number, y: number): void {
    if (this.#acts()) this.#pointer.event(buttons, x, y);
  }

  cutText(text: string): void {
    this.#clipboard.pasted(text);
  }

  clipboard(word: ClipboardWord): void {
    this.#clipboard.said(word);
  }

  fence(flags: number, payload: Buffer): void {
    if (flags & Fence.request) {
      const known = Fence.blockBefore | Fence.blockAfter | Fence.syncNext;
      this.#write(fenceMessage(flags & known, payload));
      return;
    }
    if (!this.#updates.answered(payload)) throw new RfbRefusal('an answer to no fence of ours');
    this.#updates.screens.settled();
  }

  setDesktopSize(whole: Size, screens: readonly Area[]): void {
    this.#resizing = true;
    const status = this.#resize(whole, screens);
    this.#resizing = false;
    this.#tellSize(SizeReason.thisClient, status);
  }

  #resize(whole: Size, screens: readonly Area[]): number {
    if (!this.#acts()) return SizeStatus.prohibited;
    const wanted = wantedSizes(whole, screens.length === 0 ? [{ x: 0, y: 0, ...whole }] : screens);
    if (wanted === undefined) return SizeStatus.invalid;
    return setMonitors(this.#monitors, this, wanted, (monitor, { width, height }) =>
      monitor.request(this, { type: 'setMode', width, height }),
    );
  }

  #tellSize(reason: number, status: number): void {
    this.#updates.news.size(reason, status);
    this.#updates.offer();
  }

  #acts(): boolean {
    if (!this.drives || !this.#host.floor.isFor(this)) return false;
    this.#host.touched(this);
    return true;
  }

  #write(...parts: Buffer[]): void {
    if (!this.#gone) this.#stream.socket.write(parts.length === 1 ? parts[0]! : Buffer.concat(parts));
  }

  #leave(reason: string): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#updates.screens.releaseAll(this);
    this.#updates.close();
    this.#monitors.forget(this);
    this.#host.left(this, reason);
  }
}
