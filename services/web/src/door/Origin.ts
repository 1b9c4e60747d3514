import { isIPv6, type Socket } from 'node:net';
import { loopbackUsers } from './LoopbackUsers.js';

/**
 * Who counts as one where somebody must not have more than a share: an IPv4 address; a network of /64, which one machine
 * has whole; and on loopback, where everybody has all of 127.0.0.0/8, a user of this machine.
 */
export type Origin = string;

/** Somebody on this machine, of whom it is not known yet who. */
export const LOOPBACK: Origin = 'loopback';
/** On this machine, and has hung up already. */
export const LEAVING: Origin = 'leaving';

/** The peer's address without the form that it has on a socket for both families. */
export function addressOf(socket: Socket): string {
  return (socket.remoteAddress ?? '').replace(/^::ffff:(?=\d)/i, '');
}

/** The origin as far as the address tells. */
export const originOf = (socket: Socket): Origin => originOfAddress(addressOf(socket));

export function originOfAddress(address: string): Origin {
  if (address === '::1' || address.startsWith('127.')) return LOOPBACK;
  return isIPv6(address) ? `${network64(address)}::/64` : address;
}

/** The users behind sockets of LOOPBACK, by one look for all of them. */
export function loopbackOrigins(sockets: readonly Socket[]): Map<Socket, Origin> {
  const found = new Map<Socket, Origin>();
  const ipv6 = sockets.some(({ remoteAddress }) => remoteAddress?.includes(':'));
  const port = sockets.find(({ localPort }) => localPort !== undefined)?.localPort ?? 0;
  const users = loopbackUsers(port, ipv6);
  for (const socket of sockets) {
    const uid = users.get(`${addressOf(socket)}:${socket.remotePort}`);
    found.set(socket, uid === undefined ? LEAVING : `uid ${uid}`);
  }
  return found;
}

/** The origin in full. Reads /proc for who comes by loopback. */
export function exactOriginOf(socket: Socket): Origin {
  const origin = originOf(socket);
  return origin === LOOPBACK ? loopbackOrigins([socket]).get(socket)! : origin;
}

function network64(address: string): string {
  const [head = '', tail] = address.split('%', 1)[0]!.split('::');
  const words = head === '' ? [] : head.split(':');
  const last = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : 8 - words.length - last.length;
  return [...words, ...Array<string>(Math.max(0, zeros)).fill('0'), ...last].slice(0, 4).join(':');
}
