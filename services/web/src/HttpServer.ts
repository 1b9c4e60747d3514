import {
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Log } from '@switchyard/runtime';
import type { WebSocket } from 'ws';
import type { AccessToken } from './AccessToken.js';
import type { Accounts } from './Accounts.js';
import { BrowserKey } from './BrowserKey.js';
import type { Certificate } from './Certificate.js';
import { Lobby } from './door/Lobby.js';
import { addressOf, originOf } from './door/Origin.js';
import { PushedOut } from './door/PushedOut.js';
import { confinement, html, refuse, refuseUpgrade, send } from './door/Replies.js';
import { SIGN_IN_PATH, SignInDoor } from './door/SignInDoor.js';
import type { SignIns } from './door/SignIns.js';
import { SocketDoor, type Visitor } from './door/SocketDoor.js';
import { TurnedAway } from './door/TurnedAway.js';
import type { ViewerPlaces } from './door/ViewerPlaces.js';
import { Guard, type Verdict } from './Guard.js';
import { HostNames } from './HostNames.js';
import type { PageFile, PageFiles } from './PageFiles.js';
import { entryPage, refusalPage, signInPage } from './RefusalPage.js';
import type { Access, Shares } from './Shares.js';
import type { Transfers } from './Transfers.js';

export type { Visitor };

/** A request without a body is sent in one packet; who takes longer than this is no browser. */
const REQUEST_TIMEOUT_MS = 10_000;
/**
 * Sockets of who may not see the seat, or not yet. A browser opens up to six a page to load it, and one or two before
 * anybody has asked for anything.
 */
const lobbyLimits = {
  strangers: 256,
  strangersOfOne: 16,
  asked: 64,
  askedOfOne: 8,
  known: 64,
  knownOfOne: 32,
  deadline: REQUEST_TIMEOUT_MS,
};
/** The page asks this when its WebSocket is refused, to tell a wrong token from a server that is away. */
const PING_PATH = '/ping';

export interface HttpServerOptions {
  listen: string;
  port: number;
  token: AccessToken;
  shares: Shares;
  /** Who may sign in with a password of this machine, and what asks them for it. */
  accounts?: { names: Accounts; signIns: SignIns } | undefined;
  /** Of viewers, for VNC's too. */
  places: ViewerPlaces;
  /** For HTTPS. */
  certificate?: Certificate | undefined;
  files: PageFiles;
  /** What takes and gives files. */
  transfers?: Transfers;
  log: Log;
  /** A browser has connected that may see the seat, once it has given its proof. */
  onViewer(socket: WebSocket, visitor: Visitor): void;
}

/**
 * The page and its WebSocket, for browsers that hold the token. Plain node:http: what is served is a table of a few
 * files, and the seat's first frame waits for this process to be loaded.
 */
export class HttpServer {
  readonly #options: HttpServerOptions;
  readonly #hosts: HostNames;
  readonly #guard: Guard;
  readonly #server: Server;
  readonly #lobby: Lobby;
  readonly #door: SocketDoor;
  readonly #signIn: SignInDoor | undefined;
  readonly #turnedAway: TurnedAway;

  /** Rejects with the kernel's error (EADDRINUSE, EADDRNOTAVAIL, EACCES) when it cannot listen there. */
  static async listen(options: HttpServerOptions): Promise<HttpServer> {
    const server = new HttpServer(options);
    await server.#listen();
    return server;
  }

  private constructor(options: HttpServerOptions) {
    this.#options = options;
    this.#turnedAway = new TurnedAway(options.log);
    const { certificate, accounts } = options;
    this.#hosts = new HostNames(options.listen, certificate ? 'https' : 'http');
    this.#guard = new Guard(options.token, options.shares, accounts?.names, this.#hosts);
    const pushedOut = new PushedOut(options.log, 'HTTP');
    this.#lobby = new Lobby(lobbyLimits, (origin, rank) => pushedOut.note(origin, rank));
    this.#door = new SocketDoor(
      this.#guard,
      this.#lobby,
      options.places,
      options.onViewer,
      (request, reason) => this.#log(request, 'refused', reason),
    );
    this.#signIn =
      accounts &&
      new SignInDoor(accounts.signIns, this.#lobby, (request, response, access) =>
        this.#letIn(request, response, access),
      );
    // A file's body takes as long as it takes (FileDrop sees to it); nothing else has one that is waited for.
    const timeouts = { headersTimeout: REQUEST_TIMEOUT_MS, requestTimeout: 0 };
    this.#server = certificate
      ? createSecureServer({
          ...timeouts,
          cert: certificate.cert,
          key: certificate.key,
          minVersion: 'TLSv1.2',
          handshakeTimeout: REQUEST_TIMEOUT_MS,
        })
      : createServer(timeouts);
    this.#server.on('connection', (socket: Socket) => this.#lobby.enter(socket));
    this.#server.on('request', (request, response) => this.#answer(request, response));
    this.#server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
  }

  get port(): number {
    return this.#hosts.port;
  }

  /** With the token: for people to open, never for the log. */
  get url(): string {
    return this.urlWith(this.#options.token.value);
  }

  urlWith(token: string): string {
    return `${this.origin}/?token=${token}`;
  }

  get origin(): string {
    const { listen } = this.#options;
    const anyAddress = listen === '0.0.0.0' || listen === '::';
    const name = anyAddress ? '127.0.0.1' : listen.includes(':') ? `[${listen}]` : listen;
    return `${this.#hosts.secure ? 'https' : 'http'}://${name}:${this.port}`;
  }

  close(): void {
    this.#door.close();
    this.#options.accounts?.signIns.close();
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #listen(): Promise<void> {
    const { listen, port, log } = this.#options;
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, listen, resolve);
    });
    this.#server.removeAllListeners('error');
    this.#server.on('error', (error) => log.error({ error: error.message }, 'listening failed'));
    this.#hosts.port = (this.#server.address() as AddressInfo).port;
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const verdict = this.#guard.judge(request);
    const path = request.url!.split('?', 1)[0]!;
    const reads = request.method === 'GET' || request.method === 'HEAD';
    const file = this.#options.files.get(path);
    if (verdict.kind !== 'refused') this.#lobby.rank(request.socket, 'known');
    if (this.#signIn && path === SIGN_IN_PATH && request.method === 'POST')
      void this.#signIn.take(request, response, this.#guard.isOwn(request));
    else if (verdict.kind === 'refused') {
      this.#log(request, 'refused', verdict.reason);
      const asks = this.#signIn !== undefined && verdict.status === 403 && this.#guard.knowsHost(request);
      refuse(response, verdict.status, asks ? signInPage() : refusalPage(verdict.reason));
    } else if (request.method === 'POST' && this.#options.transfers?.takes(path))
      void this.#take(request, response, verdict);
    else if (!reads)
      this.#send(
        response,
        405,
        { allow: 'GET, HEAD', 'content-type': 'text/plain', connection: 'close' },
        'Only GET and HEAD\n',
      );
    else if (path.startsWith('/file/')) this.#give(request, response, path);
    else if (path === '/' && verdict.kind === 'token') this.#letIn(request, response, verdict.access);
    else if (file !== undefined) this.#sendFile(request, response, file);
    else if (path === PING_PATH) this.#send(response, 204, {});
    else this.#send(response, 404, { 'content-type': 'text/plain' }, 'Not found\n');
  }

  /** The token leaves the address bar, the history and the Referer; from here on cookie and proof speak. */
  #letIn(request: IncomingMessage, response: ServerResponse, access: Access): void {
    const key = BrowserKey.make(access);
    const headers = { 'set-cookie': this.#guard.setCookie(key), 'cache-control': 'no-store' };
    const location = `/#proof=${key.proof}`;
    const site = request.headers['sec-fetch-site'];
    if (site === 'cross-site' || site === 'same-site')
      this.#send(response, 200, { ...headers, 'content-type': html }, entryPage(location));
    else this.#send(response, 303, { ...headers, location });
  }

  /** The cookie alone takes nothing: what the page keeps must come with it. */
  async #take(request: IncomingMessage, response: ServerResponse, verdict: Entry): Promise<void> {
    const plain = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' };
    const proof = request.headers['x-proof'];
    if (verdict.kind === 'cookie' && !verdict.key.proves(typeof proof === 'string' ? proof : '')) {
      const { reason, status } = this.#guard.wrong(request, 'this browser has no entry');
      this.#send(response, status, { ...plain, connection: 'close' }, `${reason}\n`);
      return;
    }
    this.#lobby.rank(request.socket, 'inside');
    try {
      const told = await this.#options.transfers!.take(request, verdict.access);
      this.#send(response, 200, plain, told);
    } catch (error) {
      this.#log(request, 'not taken', (error as Error).message);
      // What is left of the body is not waited for.
      this.#send(response, 409, { ...plain, connection: 'close' }, (error as Error).message);
    } finally {
      this.#lobby.rank(request.socket, 'known');
    }
  }

  #give(request: IncomingMessage, response: ServerResponse, path: string): void {
    const found = request.method === 'GET' ? this.#options.transfers?.fetch(path) : undefined;
    if (found === undefined) {
      this.#send(response, 404, { 'content-type': 'text/plain' }, 'Not found\n');
      return;
    }
    const { offer, body } = found;
    response.writeHead(200, {
      ...confinement,
      'content-type': offer.type,
      'content-length': offer.size,
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(offer.name)}`,
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; sandbox",
    });
    this.#lobby.rank(request.socket, 'inside');
    body.on('error', () => response.destroy()).pipe(response);
    response.on('close', () => {
      this.#lobby.rank(request.socket, 'known');
      body.destroy();
    });
  }

  /** For `yard log web`: who was turned away. */
  #log(request: IncomingMessage, what: string, reason: string): void {
    const { socket } = request;
    const path = request.url!.split('?', 1)[0];
    this.#turnedAway.note(
      originOf(socket),
      { viewer: addressOf(socket), path, reason },
      `a request was ${what}`,
    );
  }

  #sendFile(request: IncomingMessage, response: ServerResponse, { type, body, etag }: PageFile): void {
    if (request.headers['if-none-match'] === etag) this.#send(response, 304, { etag });
    else this.#send(response, 200, { etag, 'content-type': type }, body);
  }

  #send(
    response: ServerResponse,
    status: number,
    headers: OutgoingHttpHeaders,
    body?: string | Buffer,
  ): void {
    send(response, status, { 'content-security-policy': this.#policy(), ...headers }, body);
  }

  #policy(): string {
    // 'self' covers ws: of the same host in current browsers; older ones want it spelled out.
    const socket = this.origin.replace(/^http/, 'ws');
    const { script, style } = this.#options.files.inline;
    return (
      `default-src 'none'; script-src 'self' ${script}; connect-src 'self' ${socket} ${socket.split(':', 1)[0]}://localhost:${this.port}; ` +
      `img-src 'self' data: blob:; style-src 'self' ${style}; manifest-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`
    );
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    const verdict = this.#guard.judge(request);
    if (verdict.kind === 'refused') {
      this.#log(request, 'refused', verdict.reason);
      refuseUpgrade(socket, verdict.status, verdict.reason);
    } else {
      this.#lobby.rank(socket as Socket, 'known');
      this.#door.upgrade(request, socket, head, verdict);
    }
  }
}

type Entry = Exclude<Verdict, { kind: 'refused' }>;
