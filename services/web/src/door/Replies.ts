import { type OutgoingHttpHeaders, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { refusalStyleHash } from '../RefusalPage.js';

/** For a refusal to reach who was refused (ms). */
const REFUSAL_TIMEOUT_MS = 2000;
/** Where the wait is not known better (s). */
const RETRY_AFTER = 60;

export const html = 'text/html; charset=utf-8';

/** What every answer has: no other site's page may have anything of it. */
export const confinement = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy':
    'camera=(), microphone=(), geolocation=(), clipboard-read=(self), clipboard-write=(self)',
} as const;

/** An answer of the server itself. For HEAD, node sends no body. */
export function send(
  response: ServerResponse,
  status: number,
  headers: OutgoingHttpHeaders,
  body?: string | Buffer,
): void {
  response.writeHead(status, { ...confinement, 'cache-control': 'no-cache', ...headers });
  response.end(body);
}

/**
 * A page of one's own for who is not let in, or not yet. A body that was announced is not waited for: byte by byte it
 * would keep one of the few sockets for as long as it likes.
 */
export function refuse(
  response: ServerResponse,
  status: number,
  page: string,
  retryAfter = RETRY_AFTER,
): void {
  response.writeHead(status, {
    ...confinement,
    connection: 'close',
    // With no-referrer a form's Origin is null.
    'referrer-policy': 'same-origin',
    'cache-control': 'no-store',
    'content-security-policy': `default-src 'none'; style-src ${refusalStyleHash}; form-action 'self'; frame-ancestors 'none'`,
    'content-type': html,
    ...(status === 429 ? { 'retry-after': String(retryAfter) } : {}),
  });
  response.end(page);
}

export function refuseUpgrade(socket: Duplex, status: number, reason: string): void {
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
