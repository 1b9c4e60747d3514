import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Guard, Verdict } from '../Guard.js';
import type { Access } from '../Shares.js';
import { NO_ENTRY } from '../wire/Control.js';
import type { Lobby } from './Lobby.js';
import { addressOf } from './Origin.js';
import { refuseUpgrade } from './Replies.js';
import { FULL, type ViewerPlaces } from './ViewerPlaces.js';

/** The largest WebSocket message: a full clipboard text, escaped. Input is some bytes. */
const MESSAGE_MAX = 2 * 1024 * 1024;
/** The WebSocket's path. */
const SOCKET_PATH = '/socket';

/** Who is at the other end of a WebSocket. */
export interface Visitor {
  readonly address: string;
  readonly access: Access;
  /**
   * Lets them see the seat if this, from their first message, opens it, and they have a place; who showed a token proves
   * nothing more. Otherwise what they are told.
   */
  enter(proof: string | undefined): string | undefined;
}

type Entry = Exclude<Verdict, { kind: 'refused' }>;

/** Where WebSockets come in: a cookie opens the door, and its proof the seat. */
export class SocketDoor {
  readonly #guard: Guard;
  readonly #lobby: Lobby;
  readonly #places: ViewerPlaces;
  readonly #onViewer: (socket: WebSocket, visitor: Visitor) => void;
  readonly #onRefused: (request: IncomingMessage, reason: string) => void;
  readonly #sockets = new WebSocketServer({
    noServer: true,
    clientTracking: true,
    perMessageDeflate: false,
    maxPayload: MESSAGE_MAX,
  });

  constructor(
    guard: Guard,
    lobby: Lobby,
    places: ViewerPlaces,
    onViewer: (socket: WebSocket, visitor: Visitor) => void,
    onRefused: (request: IncomingMessage, reason: string) => void,
  ) {
    this.#guard = guard;
    this.#lobby = lobby;
    this.#places = places;
    this.#onViewer = onViewer;
    this.#onRefused = onRefused;
  }

  close(): void {
    for (const socket of this.#sockets.clients) socket.terminate();
  }

  /** `entry`: what the request has shown. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, entry: Entry): void {
    if (request.url!.split('?', 1)[0] !== SOCKET_PATH) {
      refuseUpgrade(socket, 404, 'no WebSocket here');
      return;
    }
    const { access } = entry;
    const place = entry.kind === 'token' ? this.#places.take(access.share) : undefined;
    if (place === undefined && (entry.kind === 'token' || !this.#places.hasRoom(access.share))) {
      this.#onRefused(request, FULL);
      refuseUpgrade(socket, 503, FULL);
      return;
    }
    if (place !== undefined) this.#settle(socket as Socket, place);
    const enter = (proof: string | undefined) => {
      if (entry.kind === 'token') return undefined;
      if (!entry.key.proves(proof ?? '')) {
        this.#guard.wrong(request, '');
        this.#onRefused(request, 'a cookie without its proof');
        return NO_ENTRY;
      }
      const found = this.#places.take(access.share);
      if (found === undefined) return FULL;
      this.#settle(socket as Socket, found);
      return undefined;
    };
    this.#sockets.handleUpgrade(request, socket, head, (webSocket) => {
      (socket as Socket).setNoDelay(true);
      // A browser whose machine went to sleep sends no FIN: let the kernel find out.
      (socket as Socket).setKeepAlive(true, 30_000);
      this.#onViewer(webSocket, { address: addressOf(request.socket), access, enter });
    });
  }

  #settle(socket: Socket, leave: () => void): void {
    this.#lobby.rank(socket, 'inside');
    if (socket.destroyed) leave();
    else socket.once('close', leave);
  }
}
