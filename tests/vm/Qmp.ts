import type { Socket } from 'node:net';

interface Answer {
  readonly id?: number;
  readonly return?: unknown;
  readonly error?: { readonly desc: string };
  readonly event?: string;
}

/** A connection to QEMU's machine protocol (QMP): commands, each with its answer; events are not needed here. */
export class Qmp {
  readonly #socket: Socket;
  readonly #waiting = new Map<
    number,
    { resolve: (value: unknown) => void; reject: (error: Error) => void }
  >();
  #text = '';
  #lastId = 0;

  /** The socket becomes this object's own. */
  static async over(socket: Socket): Promise<Qmp> {
    const qmp = new Qmp(socket);
    await qmp.command('qmp_capabilities');
    return qmp;
  }

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding('utf8');
    socket.on('data', (chunk) => this.#receive(String(chunk)));
    socket.on('error', () => {});
    socket.on('close', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error('QEMU is gone'));
      this.#waiting.clear();
    });
  }

  async command<Result = unknown>(name: string, parameters?: object): Promise<Result> {
    const id = ++this.#lastId;
    return new Promise<Result>((resolve, reject) => {
      if (this.#socket.destroyed) return reject(new Error(`${name}: QEMU is gone`));
      this.#waiting.set(id, {
        resolve: (value) => resolve(value as Result),
        reject: (error) => reject(new Error(`${name}: ${error.message}`)),
      });
      this.#socket.write(`${JSON.stringify({ execute: name, arguments: parameters, id })}\n`);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #receive(chunk: string): void {
    const lines = (this.#text + chunk).split('\n');
    this.#text = lines.pop() ?? '';
    for (const line of lines) {
      const answer = JSON.parse(line) as Answer;
      const waiting = answer.id === undefined ? undefined : this.#waiting.get(answer.id);
      if (!waiting || answer.id === undefined) continue;
      this.#waiting.delete(answer.id);
      if (answer.error) waiting.reject(new Error(answer.error.desc));
      else waiting.resolve(answer.return);
    }
  }
}
