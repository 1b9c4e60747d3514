import {
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type Server,
  type ServerResponse,
  STATUS_CODES,
} from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Log } from '@switchyard/runtime';
import { type WebSocket, WebSocketServer } from 'ws';
import type { AccessToken } from './AccessToken.js';
import type { Accounts } from './Accounts.js';
import { BrowserKey } from './BrowserKey.js';
import type { Certificate } from './Certificate.js';
import { Guard, type Verdict } from './Guard.js';
import { HostNames } from './HostNames.js';
import type { PageFile, PageFiles } from './PageFiles.js';
import { entryPage, refusalPage, refusalStyleHash, signInPage } from './RefusalPage.js';
import type { Access, Shares } from './Shares.js';
import type { Transfers } from './Transfers.js';

/** Viewers at once: a person's own tabs and devices. Each may hold an encoded frame or two here. */
export const VIEWERS_MAX = 32;
/** Sockets at once: a browser opens up to six a page to load it. */
const CONNECTIONS_MAX = 128;
/** A request without a body is sent in one packet; who takes longer than this is no browser. */
const REQUEST_TIMEOUT_MS = 10_000;
/** For a refusal to reach who was refused (ms). */
const REFUSAL_TIMEOUT_MS = 2000;
/** The largest WebSocket message: a full clipboard text, escaped. Input is some bytes. */
const MESSAGE_MAX = 2 * 1024 * 1024;
/** The WebSocket's path. */
const SOCKET_PATH = '/socket';
/** A name and a password, escaped (bytes). */
const SIGN_IN_MAX = 4096;
/** What is longer is not even read to its end. */
const DISCARD_MAX = 64 * 1024;
const SIGN_IN_PATH = '/sign-in';
/** The page asks this when its WebSocket is refused, to tell a wrong token from a server that is away. */
const PING_PATH = '/ping';

const html = 'text/html; charset=utf-8';
const confinement = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy':
    'camera=(), microphone=(), geolocation=(), clipboard-read=(self), clipboard-write=(self)',
} as const;

export interface HttpServerOptions {
  listen: string;
  port: number;
  token: AccessToken;
  shares: Shares;
  /** Who may sign in with a password of this machine. */
  accounts?: Accounts | undefined;
  /** For HTTPS. */
  certificate?: Certificate | undefined;
  files: PageFiles;
  /** What takes and gives files. */
  transfers?: Transfers;
  log: Log;
  /** A browser has connected that may see the seat, once it has given its proof. */
  onViewer(socket: WebSocket, visitor: Visitor): void;
}

/** Who is at the other end of a WebSocket. */
export interface Visitor {
  readonly address: string;
  readonly access: Access;
  /** Whether this, from its first message, opens the seat; who showed a token proves nothing more. */
  proves(candidate: string | undefined): boolean;
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
  readonly #sockets = new WebSocketServer({
    noServer: true,
    clientTracking: true,
    perMessageDeflate: false,
    maxPayload: MESSAGE_MAX,
  });

  /** Rejects with the kernel's error (EADDRINUSE, EADDRNOTAVAIL, EACCES) when it cannot listen there. */
  static async listen(options: HttpServerOptions): Promise<HttpServer> {
    const server = new HttpServer(options);
    await server.#listen();
    return server;
  }

  private constructor(options: HttpServerOptions) {
    this.#options = options;
    const { certificate } = options;
    this.#hosts = new HostNames(options.listen, certificate ? 'https' : 'http');
    this.#guard = new Guard(options.token, options.shares, options.accounts, this.#hosts);
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
    this.#server.maxConnections = CONNECTIONS_MAX;
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
    for (const socket of this.#sockets.clients) socket.terminate();
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
    const { accounts } = this.#options;
    if (accounts && path === SIGN_IN_PATH && request.method === 'POST')
      void this.#signIn(accounts, request, response);
    else if (verdict.kind === 'refused') {
      this.#log(request, 'refused', verdict.reason);
      const asks = accounts !== undefined && verdict.status === 403 && this.#guard.knowsHost(request);
      refuse(response, verdict.status, asks ? signInPage(undefined) : refusalPage(verdict.reason));
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

  async #signIn(accounts: Accounts, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const from = request.socket.remoteAddress ?? '';
    const again = (told: string, status: Refusal['status'] = 403) =>
      refuse(response, status, signInPage(told));
    // Another site's form would sign somebody in unasked.
    if (!this.#guard.isOwn(request))
      return refuse(response, 403, refusalPage('the request comes from another site'));
    const form = new URLSearchParams(await smallBody(request));
    const user = form.get('user') ?? '';
    const access = await accounts.signIn(user, form.get('password') ?? '', from);
    // A name that nobody has may be a password typed into the wrong field.
    if (typeof access === 'string') {
      this.#log(request, 'refused', access);
      return this.#guard.wrong(request, '').status === 429
        ? again('Too many tries. Wait a minute.', 429)
        : again(access);
    }
    this.#options.log.info({ viewer: from, user }, 'a user signed in');
    this.#letIn(request, response, access);
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
    try {
      const told = await this.#options.transfers!.take(request, verdict.access);
      this.#send(response, 200, plain, told);
    } catch (error) {
      this.#log(request, 'not taken', (error as Error).message);
      // What is left of the body is not waited for.
      this.#send(response, 409, { ...plain, connection: 'close' }, (error as Error).message);
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
    body.on('error', () => response.destroy()).pipe(response);
    response.on('close', () => body.destroy());
  }

  /** For `yard log web`: who was turned away. */
  #log(request: IncomingMessage, what: string, reason: string): void {
    const viewer = request.socket.remoteAddress;
    this.#options.log.warn({ viewer, path: request.url!.split('?', 1)[0], reason }, `a request was ${what}`);
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
    response.writeHead(status, {
      ...confinement,
      'cache-control': 'no-cache',
      'content-security-policy': this.#policy(),
      ...headers,
    });
    // For HEAD, node sends no body.
    response.end(body);
  }

  #policy(): string {
    // 'self' covers ws: of the same host in current browsers; older ones want it spelled out.
    const socket = this.origin.replace(/^http/, 'ws');
    return (
      `default-src 'none'; script-src 'self'; connect-src 'self' ${socket} ${socket.split(':', 1)[0]}://localhost:${this.port}; ` +
      `img-src 'self' data: blob:; style-src 'self'; manifest-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`
    );
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    const verdict = this.#guard.judge(request);
    if (verdict.kind === 'refused') {
      this.#log(request, 'refused', verdict.reason);
      refuseUpgrade(socket, verdict.status, verdict.reason);
    } else if (request.url!.split('?', 1)[0] !== SOCKET_PATH) refuseUpgrade(socket, 404, 'no WebSocket here');
    else if (this.#sockets.clients.size >= VIEWERS_MAX)
      refuseUpgrade(socket, 503, `${VIEWERS_MAX} viewers are connected already`);
    else this.#accept(request, socket, head, verdict);
  }

  #accept(request: IncomingMessage, socket: Duplex, head: Buffer, verdict: Entry): void {
    const address = request.socket.remoteAddress ?? '';
    const proves = (candidate: string | undefined) => {
      if (verdict.kind === 'token' || verdict.key.proves(candidate ?? '')) return true;
      this.#guard.wrong(request, '');
      return false;
    };
    this.#sockets.handleUpgrade(request, socket, head, (webSocket) => {
      (socket as Socket).setNoDelay(true);
      // A browser whose machine went to sleep sends no FIN: let the kernel find out.
      (socket as Socket).setKeepAlive(true, 30_000);
      this.#options.onViewer(webSocket, { address, access: verdict.access, proves });
    });
  }
}

type Entry = Exclude<Verdict, { kind: 'refused' }>;
type Refusal = Extract<Verdict, { kind: 'refused' }>;

/** A body that was announced is not waited for: byte by byte it would keep one of the few sockets for as long as it likes. */
function refuse(response: ServerResponse, status: Refusal['status'], page: string): void {
  response.writeHead(status, {
    ...confinement,
    connection: 'close',
    // With no-referrer a form's Origin is null.
    'referrer-policy': 'same-origin',
    'cache-control': 'no-store',
    'content-security-policy': `default-src 'none'; style-src ${refusalStyleHash}; form-action 'self'; frame-ancestors 'none'`,
    'content-type': html,
    ...(status === 429 ? { 'retry-after': '60' } : {}),
  });
  response.end(page);
}

/** '' when it is too long, or does not come in time. */
async function smallBody(request: IncomingMessage): Promise<string> {
  const late = setTimeout(() => request.destroy(), REQUEST_TIMEOUT_MS);
  try {
    let text = '';
    let length = 0;
    // All of it is read, so that the answer can be: leaving off would close the connection.
    for await (const chunk of request.setEncoding('utf8') as AsyncIterable<string>) {
      length += chunk.length;
      if (length > DISCARD_MAX) request.destroy();
      if (length <= SIGN_IN_MAX) text += chunk;
    }
    return length <= SIGN_IN_MAX ? text : '';
  } catch {
    return '';
  } finally {
    clearTimeout(late);
  }
}

function refuseUpgrade(socket: Duplex, status: number, reason: string): void {
  const body = `${reason}\n`;
  // No timeout of the server's is for this socket any more: a peer that never closes its half would keep it for ever.
  socket.once('finish', () => socket.destroy());
  // One that does not read never lets it finish.
  (socket as Socket).setTimeout(REFUSAL_TIMEOUT_MS, () => socket.destroy());
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Type: text/plain\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
