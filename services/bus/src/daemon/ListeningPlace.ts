import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Address, escapeAddressValue, parseAddresses } from '@switchyard/dbus';
import { Fd, fileStat, randomBytes } from '@switchyard/sys';

/** Where sd_listen_fds(3)'s descriptors begin. */
const firstListenFd = 3;
/** sockaddr_un's. */
const maximumPathBytes = 107;

/** A place to listen at: a path or `@name`, or a socket that listens already. */
export type ListeningPlace = {
  place: { kind: 'socket'; socket: string } | { kind: 'inherited'; fd: Fd };
  /** As clients are told, without the guid. */
  address: string;
};

/** Where a configuration's address says to listen; the first possible one of its alternatives. Throws Error. */
export function listeningPlaces(text: string, environment: NodeJS.ProcessEnv): ListeningPlace[] {
  const addresses = parseAddresses(text);
  if (addresses.length === 0) throw new Error(`Empty address '${text}'`);
  let failure: Error | undefined;
  for (const address of addresses)
    try {
      return address.transport === 'systemd'
        ? inheritedPlaces(environment)
        : [unixPlace(address, environment)];
    } catch (error) {
      failure ??= error as Error;
    }
  throw failure!;
}

function unixPlace({ transport, options }: Address, environment: NodeJS.ProcessEnv): ListeningPlace {
  if (transport !== 'unix')
    throw new Error(
      ['tcp', 'nonce-tcp', 'unixexec', 'launchd', 'autolaunch'].includes(transport)
        ? `This bus listens at unix: and systemd: addresses, not at ${transport}:`
        : `Unknown address type '${transport}'`,
    );
  const kinds = ['path', 'dir', 'tmpdir', 'abstract', 'runtime'].filter((kind) => options.has(kind));
  const [kind, ...more] = kinds;
  if (kind === undefined)
    throw new Error(
      'Server address of type unix was missing argument path or tmpdir or abstract or runtime or dir',
    );
  if (more.length > 0) throw new Error(`cannot specify both "${kind}" and "${more[0]}" in one unix: address`);
  const value = options.get(kind)!;
  if (kind === 'abstract') {
    if (Buffer.byteLength(value) > maximumPathBytes) throw new Error('Abstract socket name too long');
    return {
      place: { kind: 'socket', socket: `@${value}` },
      address: `unix:abstract=${escapeAddressValue(value)}`,
    };
  }
  const path =
    kind === 'path' ? value : kind === 'runtime' ? runtimeSocket(value, environment) : randomIn(value);
  if (Buffer.byteLength(path) > maximumPathBytes) throw new Error(`Socket name too long: ${path}`);
  return { place: { kind: 'socket', socket: path }, address: `unix:path=${escapeAddressValue(path)}` };
}

function runtimeSocket(value: string, environment: NodeJS.ProcessEnv): string {
  if (value !== 'yes') throw new Error(`runtime=${value} in a unix: address: only yes is possible`);
  const folder = environment['XDG_RUNTIME_DIR'];
  if (!folder) throw new Error('"XDG_RUNTIME_DIR" is not set: unix:runtime=yes has no place');
  return join(folder, 'bus');
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

function randomIn(folder: string): string {
  const suffix = Array.from(randomBytes(10), (byte) => letters[byte % letters.length]).join('');
  return join(folder, `dbus-${suffix}`);
}

/** Those that a service manager opened for us (sd_listen_fds(3)). */
function inheritedPlaces(environment: NodeJS.ProcessEnv): ListeningPlace[] {
  const count = Number(environment['LISTEN_FDS'] ?? 0);
  const isOurs = environment['LISTEN_PID'] === String(process.pid);
  if (!isOurs || !(count > 0)) throw new Error('No socket received from a service manager (LISTEN_FDS)');
  return Array.from({ length: count }, (_, n) => {
    const fd = Fd.adopt(firstListenFd + n, `LISTEN_FDS ${firstListenFd + n}`);
    return { place: { kind: 'inherited', fd }, address: addressOf(fd) };
  });
}

/** What /proc/net/unix says of a listening socket: the kernel's name for it. */
function addressOf(fd: Fd): string {
  const inode = String(fileStat(fd).inode);
  for (const line of readFileSync('/proc/net/unix', 'utf8').split('\n')) {
    // Num RefCount Protocol Flags Type St Inode Path
    const fields = /^(?:\S+\s+){6}(\d+)(?: (.*))?$/.exec(line);
    if (fields?.[1] !== inode || !fields[2]) continue;
    const [, , name] = fields;
    return name.startsWith('@')
      ? `unix:abstract=${escapeAddressValue(name.slice(1))}`
      : `unix:path=${escapeAddressValue(name)}`;
  }
  throw new Error(`${fd.what} is no unix socket that listens`);
}
