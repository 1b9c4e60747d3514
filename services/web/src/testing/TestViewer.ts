import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { PageMessage, ServerMessage } from '../wire/Control.js';
import { ack, frameHeader, MessageType, PROTOCOL_VERSION } from '../wire/Wire.js';

/** A viewer that is no browser: it says what a test tells it to and notes what it is told. */
export class TestViewer {
  readonly socket: WebSocket;
  readonly frames: Buffer[] = [];
  readonly cursors: Buffer[] = [];
  readonly messages: ServerMessage[] = [];
  /** Answers every frame at once. */
  acknowledges = true;
  closed: { code: number; reason: string } | undefined;
  #waiting: { until: () => boolean; resolve: () => void }[] = [];

  private constructor(url: string) {
    const { host, search } = new URL(url);
    this.socket = new WebSocket(`ws://${host}/socket${search}`, { perMessageDeflate: false });
    this.socket.on('message', (data, binary) => this.#receive(data as Buffer, binary));
    this.socket.on('close', (code, reason) => {
      this.closed = { code, reason: reason.toString() };
      this.#changed();
    });
  }

  /** `url` is the page's, with the token. Rejects when the server refuses the WebSocket. */
  static async connect(url: string): Promise<TestViewer> {
    const viewer = new TestViewer(url);
    await once(viewer.socket, 'open');
    return viewer;
  }

  static async greet(
    url: string,
    more: Partial<Extract<PageMessage, { type: 'hello' }>> = {},
  ): Promise<TestViewer> {
    const viewer = await TestViewer.connect(url);
    viewer.tell({ type: 'hello', version: PROTOCOL_VERSION, visible: true, ...more });
    return viewer;
  }

  get bytes(): number {
    return this.frames.reduce((sum, frame) => sum + frame.length, 0);
  }

  tell(message: PageMessage): void {
    this.socket.send(JSON.stringify(message));
  }

  send(bytes: Uint8Array): void {
    this.socket.send(bytes);
  }

  acknowledge(frame: Buffer): void {
    const view = new DataView(new ArrayBuffer(ack.size));
    ack.write(view, 0, { type: MessageType.ack, sequence: sequenceOf(frame) });
    this.send(new Uint8Array(view.buffer));
  }

  until(condition: () => boolean): Promise<void> {
    if (condition()) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ until: condition, resolve }));
  }

  async close(): Promise<void> {
    this.socket.close();
    await this.until(() => this.closed !== undefined);
  }

  #receive(data: Buffer, binary: boolean): void {
    if (!binary) this.messages.push(JSON.parse(data.toString('utf8')) as ServerMessage);
    else if (data[0] === MessageType.cursor) this.cursors.push(data);
    else {
      this.frames.push(data);
      if (this.acknowledges) this.acknowledge(data);
    }
    this.#changed();
  }

  #changed(): void {
    for (const one of this.#waiting.filter(({ until }) => until())) {
      this.#waiting = this.#waiting.filter((other) => other !== one);
      one.resolve();
    }
  }
}

export const sequenceOf = (frame: Buffer): number =>
  frameHeader.get.sequence(new DataView(frame.buffer, frame.byteOffset, frame.length), 0);
