import type { Fd, Socket } from '@switchyard/sys';

/** A longer line than the longest command there is. */
const maxLine = 4096;

/** One request of the control protocol, as it came. */
export interface ControlRequest {
  readonly id: number;
  readonly cmd: string;
  readonly [argument: string]: unknown;
}

/** Carries a request out; what it returns goes into the reply. `takeFd` gives the descriptor that came with the line. */
export type ControlHandler = (
  request: ControlRequest,
  takeFd: () => Fd,
) => Promise<Record<string, unknown> | undefined>;

/**
 * A control connection: a JSON object a line, requests one way and a reply for each the other way, in order. Descriptors
 * come with the line that needs them.
 */
export class ControlConnection {
  readonly #socket: Socket;
  readonly #handle: ControlHandler;
  readonly #ended: () => void;
  readonly #bytes = new Uint8Array(maxLine);
  readonly #fds: Fd[] = [];
  #text = '';
  #last: Promise<void> = Promise.resolve();
  #open = true;

  constructor(socket: Socket, handle: ControlHandler, ended: () => void) {
    this.#socket = socket;
    this.#handle = handle;
    this.#ended = ended;
    socket.watch({ readable: () => this.#read(), failed: () => this.#end() });
  }

  #read(): void {
    const received = this.#socket.receive(this.#bytes, this.#fds);
    if (received === 0) this.#end();
    if (received <= 0) return;
    this.#text += new TextDecoder().decode(this.#bytes.subarray(0, received));
    const lines = this.#text.split('\n');
    this.#text = lines.pop()!;
    for (const line of lines) {
      this.#last = this.#last.then(() => this.#answer(line));
    }
    if (this.#text.length > maxLine) this.#end();
  }

  async #answer(line: string): Promise<void> {
    if (!this.#open) return;
    let id = 0;
    let reply: Record<string, unknown>;
    try {
      const request = JSON.parse(line) as ControlRequest;
      id = request.id;
      const result = await this.#handle(request, () => this.#takeFd());
      reply = { id, ok: true, ...result };
    } catch (error) {
      reply = { id, ok: false, error: (error as Error).message };
    }
    if (!this.#open) return;
    this.#socket.write(new TextEncoder().encode(`${JSON.stringify(reply)}\n`));
    this.#socket.flush();
  }

  #takeFd(): Fd {
    const fd = this.#fds.shift();
    if (!fd) throw new Error('the descriptor is missing');
    return fd;
  }

  #end(): void {
    if (!this.#open) return;
    this.#open = false;
    for (const fd of this.#fds.splice(0)) fd.close();
    this.#socket.close();
    this.#ended();
  }
}
