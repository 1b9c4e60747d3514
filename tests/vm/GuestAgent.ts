import type { Socket } from 'node:net';
import { GuestProcess } from './GuestProcess.js';

/**
 * A frame, in both directions, little-endian (guest/agent.c has the same table):
 *
 *   u32 length of what follows │ u8 kind │ u32 process, numbered by us │ payload
 */
const kinds = {
  /** Payload: a command for the shell. */
  exec: 1,
  /** Payload: bytes for stdin; none: its end. */
  input: 2,
  /** Payload: u8, the signal, for the whole process group. */
  kill: 3,
  /** The agent is there. */
  hello: 16,
  output: 17,
  errors: 18,
  /** Payload: i32, the status as a shell has it (128 + signal). */
  exit: 19,
} as const;

const header = { length: 0, kind: 4, process: 5, payload: 9 } as const;
/** Largest payload that we send: a pipe's worth, since the agent writes it without waiting. */
const maxInput = 32 * 1024;

/** The other end of the agent in the guest, over a virtio serial port. */
export class GuestAgent {
  /** Resolves when the agent has said that it is there. */
  readonly ready: Promise<void>;
  readonly #socket: Socket;
  readonly #processes = new Map<number, GuestProcess>();
  #ready = () => {};
  #received: Buffer = Buffer.alloc(0);
  #lastProcess = 0;

  /** The socket becomes this object's own. */
  constructor(socket: Socket) {
    this.#socket = socket;
    this.ready = new Promise((resolve) => {
      this.#ready = resolve;
    });
    socket.on('data', (chunk) => this.#receive(chunk as Buffer));
    socket.on('error', () => {});
    socket.on('close', () => this.#gone());
  }

  exec(command: string): GuestProcess {
    const id = ++this.#lastProcess;
    const process = new GuestProcess(command, {
      input: (bytes) => {
        for (let at = 0; at < bytes.length; at += maxInput)
          this.#send(kinds.input, id, bytes.subarray(at, at + maxInput));
      },
      endInput: () => this.#send(kinds.input, id, Buffer.alloc(0)),
      kill: (signal) => this.#send(kinds.kill, id, Buffer.from([signal])),
    });
    this.#processes.set(id, process);
    this.#send(kinds.exec, id, Buffer.from(command));
    return process;
  }

  close(): void {
    this.#socket.destroy();
  }

  #send(kind: number, process: number, payload: Uint8Array): void {
    const frame = Buffer.alloc(header.payload + payload.length);
    frame.writeUInt32LE(frame.length - 4, header.length);
    frame.writeUInt8(kind, header.kind);
    frame.writeUInt32LE(process, header.process);
    frame.set(payload, header.payload);
    this.#socket.write(frame);
  }

  #receive(chunk: Buffer): void {
    this.#received = this.#received.length ? Buffer.concat([this.#received, chunk]) : chunk;
    for (;;) {
      const frame = this.#received;
      if (frame.length < header.payload) return;
      const end = 4 + frame.readUInt32LE(header.length);
      if (frame.length < end) return;
      this.#received = frame.subarray(end);
      this.#take(
        frame[header.kind]!,
        frame.readUInt32LE(header.process),
        frame.subarray(header.payload, end),
      );
    }
  }

  #take(kind: number, id: number, payload: Buffer): void {
    if (kind === kinds.hello) this.#ready();
    const process = this.#processes.get(id);
    if (kind === kinds.output) process?.received('stdout', payload);
    else if (kind === kinds.errors) process?.received('stderr', payload);
    else if (kind === kinds.exit) {
      this.#processes.delete(id);
      process?.ended(payload.readInt32LE(0));
    }
  }

  #gone(): void {
    for (const process of this.#processes.values()) process.ended(undefined);
    this.#processes.clear();
  }
}
