import { readFileSync } from 'node:fs';

/** Of a line of /proc/net/tcp (the kernel's Documentation/networking/proc_net_tcp.rst): which of its words is what. */
const field = { local: 1, remote: 2, state: 3, uid: 7 } as const;
/** include/net/tcp_states.h. In any other state the socket may have no owner left, which reads as root. */
const ESTABLISHED = '01';
/** ::ffff:0:0/96 as the kernel writes it. */
const MAPPED = '0000000000000000FFFF0000';
const LOOPBACK_6 = '00000000000000000000000001000000';

/**
 * The users at the other end of connections over loopback to a port of ours, by their own `address:port` as Node writes
 * it. Who has hung up already is not there. Not cheap: the kernel goes through all of the machine's connections. `ipv6`:
 * they may have come by that.
 */
export function loopbackUsers(port: number, ipv6: boolean): Map<string, number> {
  const users = new Map<string, number>();
  for (const table of ipv6 ? ['/proc/net/tcp', '/proc/net/tcp6'] : ['/proc/net/tcp']) {
    for (const line of readTable(table)) {
      const words = line.trim().split(/\s+/);
      if (words.length <= field.uid || words[field.state] !== ESTABLISHED) continue;
      const [address, from] = words[field.local]!.split(':') as [string, string];
      if (Number.parseInt(words[field.remote]!.split(':')[1]!, 16) !== port) continue;
      const name = loopbackName(address);
      if (name !== undefined) users.set(`${name}:${Number.parseInt(from, 16)}`, Number(words[field.uid]));
    }
  }
  return users;
}

/** Words of 32 bits in the machine's byte order, which is little endian wherever this runs. */
function loopbackName(address: string): string | undefined {
  if (address === LOOPBACK_6) return '::1';
  const four = address.startsWith(MAPPED) ? address.slice(MAPPED.length) : address;
  if (four.length !== 8 || !four.endsWith('7F')) return undefined;
  return [...Buffer.from(four, 'hex')].reverse().join('.');
}

/** Empty where /proc is not, or IPv6 is off. */
function readTable(path: string): string[] {
  try {
    return readFileSync(path, 'latin1').split('\n').slice(1);
  } catch {
    return [];
  }
}
