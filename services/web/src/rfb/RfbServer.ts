import { unlinkSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import type { Log } from '@switchyard/runtime';
import { Lobby } from '../door/Lobby.js';
import { addressOf, exactOriginOf, originOf } from '../door/Origin.js';
import { PushedOut } from '../door/PushedOut.js';
import { SignInLimit } from '../door/SignInLimit.js';
import type { Visitor } from '../door/SocketDoor.js';
import { TurnedAway } from '../door/TurnedAway.js';
import { FULL, type ViewerPlaces } from '../door/ViewerPlaces.js';
import type { Monitors } from '../Monitors.js';
import type { Role } from '../Shares.js';
import type { VncPasswords } from '../VncPassword.js';
import { type ByteStream, StreamEnded } from './ByteStream.js';
import { RfbRefusal, shakeHands } from './Handshake.js';
import { RfbViewer } from './RfbViewer.js';

/** From the first byte to the password: somebody types it in between (ms). */
const HANDSHAKE_TIMEOUT_MS = 60_000;
/** For the reason of a refusal to reach the client (ms). */
const LINGER_MS = 500;
/** Sockets of who has not given the password yet. Nobody is only `known` here. */
const lobbyLimits = {
  strangers: 128,
  strangersOfOne: 8,
  asked: 64,
  askedOfOne: 8,
  known: 0,
  knownOfOne: 0,
  deadline: HANDSHAKE_TIMEOUT_MS,
};
/** On a socket in the file system, where all who come are its owner. */
const LOCAL_MAX = 64;

export type RfbAddress = { path: string } | { host: string; port: number };

export interface RfbServerOptions {
  address: RfbAddress;
  /** Not for a socket in the file system: who can open that is the seat's owner. */
  passwords: VncPasswords | undefined;
  tls: SecureContext | undefined;
  seat: string;
  monitors: Monitors;
  log: Log;
  nextId(): number;
  places: ViewerPlaces;
}

/** How viewers by VNC are named in the audience and in the log. */
const SHARE = 'vnc';
const loopback = new Set(['127.0.0.1', '::1', 'localhost']);

/** The seat for VNC clients. */
export class RfbServer {
  readonly #options: RfbServerOptions;
  readonly #server: Server;
  readonly #limit = new SignInLimit();
  readonly #turnedAway: TurnedAway;
  readonly #lobby: Lobby;
  readonly #sockets = new Set<Socket>();

  /** Rejects with the kernel's error when it cannot listen there. */
  static async listen(options: RfbServerOptions): Promise<RfbServer> {
    const server = new RfbServer(options);
    await server.#listen();
    return server;
  }

  private constructor(options: RfbServerOptions) {
    this.#options = options;
    this.#turnedAway = new TurnedAway(options.log);
    const pushedOut = new PushedOut(options.log, 'VNC');
    this.#lobby = new Lobby(lobbyLimits, (origin, rank) => pushedOut.note(origin, rank));
    this.#server = createServer((socket) => void this.#serve(socket));
    if ('path' in options.address) this.#server.maxConnections = LOCAL_MAX;
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
    const { address, passwords, tls, seat, monitors, log, places } = this.#options;
    const local = 'path' in address;
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 30_000);
    if (!local) this.#lobby.enter(socket);
    const from = local ? 'unix' : addressOf(socket);
    const deadline = setTimeout(() => socket.destroy(), HANDSHAKE_TIMEOUT_MS);
    let stream: ByteStream;
    let role: Role;
    let leave: (() => void) | undefined;
    try {
      if (!places.hasRoom(SHARE)) throw new RfbRefusal(FULL);
      ({ stream, role } = await shakeHands(socket, {
        passwords: local ? undefined : passwords,
        tls: local ? undefined : tls,
        plain: local || loopback.has(address.host),
        ask: () => local || this.#lobby.ask(socket),
        attempt: () => this.#limit.begin(exactOriginOf(socket), SHARE),
      }));
      leave = socket.destroyed ? undefined : places.take(SHARE);
      if (leave === undefined) throw new RfbRefusal(FULL);
    } catch (error) {
      if (!(error instanceof StreamEnded))
        this.#turnedAway.note(
          local ? from : originOf(socket),
          { viewer: from, reason: (error as Error).message },
          'a VNC client was refused',
        );
      letGo(socket);
      return;
    } finally {
      clearTimeout(deadline);
    }
    socket.once('close', leave);
    this.#lobby.rank(socket, 'inside');
    const visitor: Visitor = {
      address: from,
      access: { share: SHARE, role, digest: Buffer.alloc(0) },
      enter: () => undefined,
    };
    const viewer = new RfbViewer(this.#options.nextId(), socket, stream, visitor, monitors);
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
