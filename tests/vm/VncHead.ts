import type { Socket } from 'node:net';

const rfbVersion = 'RFB 003.008\n';
const encodings = { raw: 0, cursor: -223, extendedDesktopSize: -308 } as const;
const noSecurity = 1;
const setEncodings = 2;
const setDesktopSize = 251;

/**
 * One output of a virtio GPU as QEMU's VNC server offers it (RFC 6143 with the extension ExtendedDesktopSize). Setting
 * its size is the only way to tell the guest's driver, by a real hotplug interrupt, that a monitor was plugged in (or,
 * at 0×0, out).
 */
export class VncHead implements Disposable {
  readonly #socket: Socket;
  #received: Buffer = Buffer.alloc(0);
  #wake = () => {};

  /** The socket becomes this object's own. */
  static async over(socket: Socket): Promise<VncHead> {
    const head = new VncHead(socket);
    await head.#bytes(rfbVersion.length);
    socket.write(rfbVersion);
    const kinds = (await head.#bytes(1))[0]!;
    await head.#bytes(kinds);
    socket.write(Buffer.from([noSecurity]));
    await head.#bytes(4); // the result of security
    const shared = 1;
    socket.write(Buffer.from([shared]));
    const description = await head.#bytes(24);
    const nameLength = 20;
    await head.#bytes(description.readUInt32BE(nameLength));
    head.#sendEncodings();
    return head;
  }

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk) => {
      this.#received = Buffer.concat([this.#received, chunk as Buffer]);
      this.#wake();
    });
    socket.on('error', () => {});
    socket.on('close', () => this.#wake());
  }

  /** Resolves when QEMU has passed it on. */
  async setSize(width: number, height: number): Promise<void> {
    const message = Buffer.alloc(24);
    message[0] = setDesktopSize;
    message.writeUInt16BE(width, 2);
    message.writeUInt16BE(height, 4);
    message[6] = 1; // screens; the one that follows has id 0, stands at 0,0 and is as large
    message.writeUInt16BE(width, 16);
    message.writeUInt16BE(height, 18);
    this.#socket.write(message);
    await this.#bytes(1); // the beginning of its answer, "request forwarded"
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }

  #sendEncodings(): void {
    const wanted = Object.values(encodings);
    const message = Buffer.alloc(4 + 4 * wanted.length);
    message[0] = setEncodings;
    message.writeUInt16BE(wanted.length, 2);
    wanted.forEach((encoding, index) => {
      message.writeInt32BE(encoding, 4 + 4 * index);
    });
    this.#socket.write(message);
  }

  async #bytes(count: number): Promise<Buffer> {
    while (this.#received.length < count) {
      if (this.#socket.destroyed) throw new Error("QEMU's VNC server closed the connection");
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const bytes = this.#received.subarray(0, count);
    this.#received = this.#received.subarray(count);
    return bytes;
  }
}
