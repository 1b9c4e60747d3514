import { unlinkSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import type { Log } from '@switchyard/runtime';
import { BadTokenLimit } from '../BadTokenLimit.js';
import type { Visitor } from '../HttpServer.js';
import type { SeatViewerHost } from '../SeatViewer.js';
import { type ByteStream, StreamEnded } from './ByteStream.js';
import { RfbRefusal, shakeHands } from './Handshake.js';
import { RfbViewer } from './RfbViewer.js';

/** From the first byte to the password: somebody types it in between (ms). */
const HANDSHAKE_TIMEOUT_MS = 60_000;
/** For the reason of a refusal to reach the client (ms). */
const LINGER_MS = 500;
/** Sockets at once: viewers, and those that have not said who they are. */
const CONNECTIONS_MAX = 32;

export type RfbAddress = { path: string } | { host: string; port: number };

export interface RfbServerOptions {
  address: RfbAddress;
  /** Not for a socket in the file system: who can open that is the seat's owner. */
  password: string | undefined;
  tls: SecureContext | undefined;
  seat: string;
  host: SeatViewerHost;
  log: Log;
  nextId(): number;
  /** Whether one more viewer has room. */
  hasRoom(): boolean;
}

const loopback = new Set(['127.0.0.1', '::1', 'localhost']);

/** The seat for VNC clients. */
export class RfbServer {
  readonly #options: RfbServerOptions;
  readonly #server: Server;
  readonly #limit = new BadTokenLimit();
  readonly #sockets = new Set<Socket>();

  /** Rejects with the kernel's error when it cannot listen there. */
  static async listen(options: RfbServerOptions): Promise<RfbServer> {
    const server = new RfbServer(options);
    await server.#listen();
    return server;
  }

  private constructor(options: RfbServerOptions) {
    this.#options = options;
    this.#server = createServer((socket) => void this.#serve(socket));
    this.#server.maxConnections = CONNECTIONS_MAX;
  }

  /** `unix:PATH` or ADDRESS:PORT. */
  get address(): string {
    const bound = this.#server.address();
    if (bound === null || typeof bound === 'string') return `unix:${bound ?? ''}`;
    return bound.family === 'IPv6' ? `[${bound.address}]:${bound.port}` : `${bound.address}:${bound.port}`;
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  async #listen(): Promise<void> {
    const { address, log } = this.#options;
    if ('path' in address) unlinkStale(address.path);
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      const before = process.umask(0o077);
      this.#server.listen('path' in address ? { path: address.path } : address, resolve);
      process.umask(before);
    });
    this.#server.removeAllListeners('error');
    this.#server.on('error', (error) => log.error({ error: error.message }, 'listening for VNC failed'));
  }

  async #serve(socket: Socket): Promise<void> {
    const { address, password, tls, seat, host, log } = this.#options;
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 30_000);
    const local = 'path' in address;
    const from = local ? 'unix' : (socket.remoteAddress ?? '');
    const deadline = setTimeout(() => socket.destroy(), HANDSHAKE_TIMEOUT_MS);
    let stream: ByteStream;
    try {
      if (!this.#options.hasRoom()) throw new RfbRefusal('there are too many viewers');
      stream = await shakeHands(socket, {
        password: local ? undefined : password,
        tls: local ? undefined : tls,
        plain: local || loopback.has(address.host),
        wrong: () => this.#limit.note(from),
      });
    } catch (error) {
      if (!(error instanceof StreamEnded))
        log.warn({ viewer: from, reason: (error as Error).message }, 'a VNC client was refused');
      letGo(socket);
      return;
    } finally {
      clearTimeout(deadline);
    }
    const visitor: Visitor = {
      address: from,
      access: { share: 'vnc', role: 'drive', digest: Buffer.alloc(0) },
      proves: () => true,
    };
    const viewer = new RfbViewer(this.#options.nextId(), socket, stream, visitor, host);
    try {
      await viewer.serve(`${seat} — Switchyard`);
    } catch (error) {
      if (!(error instanceof StreamEnded))
        log.error({ viewer: from, error: (error as Error).message }, 'a VNC client could not be served');
      viewer.end('failed');
    }
  }
}

/** What was written last may still reach the client; what it sends is no longer read, so its end would not be seen. */
function letGo(socket: Socket): void {
  socket.end();
  setTimeout(() => socket.destroy(), LINGER_MS).unref();
}

/** A socket that its service left behind. */
function unlinkStale(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
