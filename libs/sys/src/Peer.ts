import native from '@switchyard/native';
import { Fd } from './Fd.js';
import { check, errno } from './SystemError.js';

const SO_PEERSEC = 31;
const SO_PEERGROUPS = 59;
const SO_PEERPIDFD = 77;
/** Slots of native's results. */
const RESULT = { PID: 3, UID: 4, GID: 5 } as const;
/** NGROUPS_MAX (65536) groups of 4 bytes; labels are shorter. */
const MAX_OPTION_BYTES = 256 * 1024;

/** A process as the kernel knows it; pid 0 when it is not in our pid namespace. */
export type PeerCredentials = { pid: number; uid: number; gid: number };

/** SO_PEERCRED. */
export function peerCredentials(socket: Fd): PeerCredentials {
  check(native.peerCredentials(socket.number), 'getsockopt(SO_PEERCRED)', socket.what);
  const { results } = native;
  return { pid: results[RESULT.PID]!, uid: results[RESULT.UID]! >>> 0, gid: results[RESULT.GID]! >>> 0 };
}

/** SO_PEERPIDFD (Linux 6.5); undefined without it, or when the peer has been reaped. */
export function peerPidfd(socket: Fd): Fd | undefined {
  const number = native.getSocketOption(socket.number, SO_PEERPIDFD);
  return number < 0 ? undefined : Fd.adopt(number, `pidfd of the peer of ${socket.what}`);
}

/** SO_PEERGROUPS (Linux 4.13). */
export function peerGroups(socket: Fd): number[] | undefined {
  const bytes = peerOption(socket, SO_PEERGROUPS);
  return bytes && Array.from(new Uint32Array(bytes.buffer, 0, bytes.length / 4));
}

/** SO_PEERSEC. */
export function peerLabel(socket: Fd): string | undefined {
  const bytes = peerOption(socket, SO_PEERSEC);
  return bytes && new TextDecoder().decode(bytes).replace(/\0+$/, '');
}

function peerOption(socket: Fd, option: number): Uint8Array | undefined {
  for (let size = 1024; size <= MAX_OPTION_BYTES; size *= 4) {
    const buffer = new Uint8Array(size);
    const length = native.peerOption(socket.number, option, buffer);
    if (length >= 0) return buffer.subarray(0, length);
    if (length !== -errno.ERANGE) return undefined;
  }
  return undefined;
}
