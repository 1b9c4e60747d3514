import { createServer, type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Log } from '@switchyard/runtime';
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify';
import { type WebSocket, WebSocketServer } from 'ws';
import type { AccessToken } from './AccessToken.js';
import { Guard } from './Guard.js';
import { HostNames } from './HostNames.js';
import type { PageFiles } from './PageFiles.js';
import { entryPage, refusalPage, refusalStyleHash } from './RefusalPage.js';

/** Viewers at once: a person's own tabs and devices. Each may hold an encoded frame or two here. */
export const VIEWERS_MAX = 16;
/** Sockets at once: a browser opens up to six a page to load it. */
const CONNECTIONS_MAX = 128;
/** A request without a body is sent in one packet; who takes longer than this is no browser. */
const REQUEST_TIMEOUT_MS = 10_000;
/** The largest WebSocket message: a full clipboard text, escaped. Input is some bytes. */
const MESSAGE_MAX = 2 * 1024 * 1024;
/** The WebSocket's path. */
const SOCKET_PATH = '/socket';

const headers = {
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
  files: PageFiles;
  log: Log;
  /** A browser that may see the seat has connected. */
  onViewer(socket: WebSocket, address: string): void;
}

/** The page and its WebSocket, for browsers that hold the token. */
export class HttpServer {
  readonly #options: HttpServerOptions;
  readonly #hosts: HostNames;
  readonly #guard: Guard;
  readonly #server: Server;
  readonly #app: FastifyInstance;
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
    this.#hosts = new HostNames(options.listen);
    this.#guard = new Guard(options.token, this.#hosts);
    this.#server = createServer({ headersTimeout: REQUEST_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS });
    this.#server.maxConnections = CONNECTIONS_MAX;
    this.#app = fastify({
      serverFactory: (handler) => this.#server.on('request', handler),
      bodyLimit: 1024,
      logger: false,
    });
  }

  get port(): number {
    return this.#hosts.port;
  }

  /** With the token: for people to open, never for the log. */
  get url(): string {
    return `${this.origin}/?token=${this.#options.token.value}`;
  }

  get origin(): string {
    const { listen } = this.#options;
    const anyAddress = listen === '0.0.0.0' || listen === '::';
    const name = anyAddress ? '127.0.0.1' : listen.includes(':') ? `[${listen}]` : listen;
    return `http://${name}:${this.port}`;
  }

  close(): void {
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #listen(): Promise<void> {
    const { listen, port, files } = this.#options;
    const app = this.#app;
    app.addHook('onRequest', async (request, reply) => this.#admit(request, reply));
    for (const path of files.paths) app.get(path, async (request, reply) => this.#file(path, request, reply));
    // The page asks this when its WebSocket is refused, to tell a wrong token from a server that is away.
    app.get('/ping', async (_request, reply) => reply.code(204).send());
    app.setNotFoundHandler(async (_request, reply) => reply.code(404).type('text/plain').send('Not found\n'));
    await app.ready();
    this.#server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, listen, resolve);
    });
    this.#server.removeAllListeners('error');
    this.#server.on('error', (error) =>
      this.#options.log.error({ error: error.message }, 'listening failed'),
    );
    this.#hosts.port = (this.#server.address() as AddressInfo).port;
  }

  async #admit(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> {
    const verdict = this.#guard.judge(request.raw);
    reply.headers({ ...headers, 'cache-control': 'no-cache', 'content-security-policy': this.#policy() });
    if (verdict.kind === 'refused') {
      if (verdict.status === 429) reply.header('retry-after', '60');
      return reply
        .code(verdict.status)
        .header('cache-control', 'no-store')
        .header('content-security-policy', `default-src 'none'; style-src ${refusalStyleHash}`)
        .type('text/html; charset=utf-8')
        .send(refusalPage(verdict.reason));
    }
    if (verdict.kind === 'token' && request.url.startsWith('/?')) {
      // The token leaves the address bar, the history and the Referer; from here on the cookie speaks.
      reply.header('set-cookie', this.#guard.cookie).header('cache-control', 'no-store');
      const site = request.headers['sec-fetch-site'];
      if (site === 'cross-site' || site === 'same-site')
        return reply.type('text/html; charset=utf-8').send(entryPage);
      return reply.redirect('/', 303);
    }
    return undefined;
  }

  async #file(path: string, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const file = this.#options.files.get(path)!;
    reply.header('etag', file.etag);
    if (request.headers['if-none-match'] === file.etag) return reply.code(304).send();
    return reply.type(file.type).send(file.body);
  }

  #policy(): string {
    // 'self' covers ws: of the same host in current browsers; older ones want it spelled out.
    const socket = this.origin.replace(/^http/, 'ws');
    return (
      `default-src 'none'; script-src 'self'; connect-src 'self' ${socket} ws://localhost:${this.port}; ` +
      `img-src 'self' data: blob:; style-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`
    );
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const address = request.socket.remoteAddress ?? '';
    socket.on('error', () => socket.destroy());
    const verdict = this.#guard.judge(request);
    const refuse = (status: number, reason: string) => refuseUpgrade(socket, status, reason);
    if (verdict.kind === 'refused') refuse(verdict.status, verdict.reason);
    else if (request.url?.split('?')[0] !== SOCKET_PATH) refuse(404, 'no WebSocket here');
    else if (this.#sockets.clients.size >= VIEWERS_MAX)
      refuse(503, `${VIEWERS_MAX} viewers are connected already`);
    else this.#accept(request, socket, head, address);
  }

  #accept(request: IncomingMessage, socket: Duplex, head: Buffer, address: string): void {
    this.#sockets.handleUpgrade(request, socket, head, (webSocket) => {
      (socket as Socket).setNoDelay(true);
      // A browser whose machine went to sleep sends no FIN: let the kernel find out.
      (socket as Socket).setKeepAlive(true, 30_000);
      this.#options.onViewer(webSocket, address);
    });
  }
}

function refuseUpgrade(socket: Duplex, status: number, reason: string): void {
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Type: text/plain\r\nContent-Length: ${reason.length + 1}\r\n\r\n${reason}\n`,
  );
}
