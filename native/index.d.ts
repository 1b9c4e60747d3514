/**
 * The addon as it is: raw numbers in, raw numbers out. Only libs/ imports it; everybody else uses what libs/ makes of it.
 *
 * Unless said otherwise a result is the syscall's, or -errno; nothing throws and nothing blocks. Descriptors are plain
 * numbers whose owner is the caller.
 */

// ── libs/sys ────────────────────────────────────────────────────────────────────────────────────────────────────────

/**
 * Where calls leave more than one number (native/src/addon.h, enum result_slot): 0 msg_flags, 1 count of received fds,
 * 2 whether there are credentials, 3 pid, 4 uid, 5 gid (as int32), from 8 on the fds. Valid until the next call.
 */
export const results: Int32Array;

export function open(path: string, flags: number, mode: number): number;
export function close(fd: number): number;
export function duplicate(fd: number): number;
/** Fills in size, mode, inode, device major, minor, rdev major, minor, links. */
export function fileStat(fd: number, into: BigInt64Array): number;
export function truncate(fd: number, size: number): number;
/** `position` -1 reads where the fd stands. */
export function read(fd: number, into: Uint8Array, position: number): number;
export function write(fd: number, from: Uint8Array, position: number): number;
export function getFlags(fd: number): number;
export function setFlags(fd: number, flags: number): number;
export function createMemfd(name: string, flags: number): number;
export function addSeals(fd: number, seals: number): number;
export function getSeals(fd: number): number;
export function createEventfd(initial: number, semaphore: boolean): number;
export function makeFifo(path: string, mode: number): number;
export function ioctl(fd: number, request: number, argument?: Uint8Array | number): number;
export function monotonicNow(): bigint;
export function errorText(errno: number): string;

/** Both fds are in `results`, from 8 on. Types are SOCK_STREAM 1, SOCK_DGRAM 2, SOCK_SEQPACKET 5. */
export function socketPair(type: number): number;
export function connectSocket(address: string, type: number): number;
/** `mode` -1 leaves the file's mode to the umask. */
export function bindSocket(address: string, type: number, mode: number): number;
export function listen(fd: number, backlog: number): number;
export function accept(fd: number): number;
/** recvmsg(2) into `into[start..end)`; without `wantFds` received fds are closed. */
export function receive(fd: number, into: Uint8Array, start: number, end: number, wantFds: boolean): number;
export function send(
  fd: number,
  from: Uint8Array,
  start: number,
  end: number,
  fds: Int32Array | undefined,
  fdCount: number,
): number;
/** The first `count` chunks (at most 64 a call): the first from `start`, the last until `end`, those between whole. */
export function sendChunks(
  fd: number,
  chunks: readonly Uint8Array[],
  count: number,
  start: number,
  end: number,
  fds: Int32Array | undefined,
  fdCount: number,
): number;
export function shutdown(fd: number, how: number): number;
/** An int option of SOL_SOCKET. */
export function getSocketOption(fd: number, option: number): number;
export function setSocketOption(fd: number, option: number, value: number): number;
/** pid, uid and gid are in `results`. */
export function peerCredentials(fd: number): number;
/** A variable-length option of SOL_SOCKET: bytes filled in, or -ERANGE when `into` is too small. */
export function peerOption(fd: number, option: number, into: Uint8Array): number;

/** mmap(2), readable and perhaps writable; shared or private. */
export function map(
  fd: number,
  length: number,
  offset: number,
  write: boolean,
  privately: boolean,
): ArrayBuffer | number;
/** Detaches the buffer that `map` made and unmaps it; -EINVAL when that was done before. */
export function unmap(buffer: ArrayBuffer): number;

export function openPidfd(pid: number): number;
export function signalPidfd(fd: number, signal: number): number;
export function setChildSubreaper(): number;
/** waitpid(pid, WNOHANG): the status is in `results[0]`. */
export function reapChild(pid: number): number;

/** A uv_poll handle. */
export interface PollHandle {
  readonly pollHandle: unique symbol;
}
/** The callback gets a set of UV_READABLE 1, UV_WRITABLE 2, UV_DISCONNECT 4, UV_PRIORITIZED 8, or 16 (EPOLLERR: the poll has stopped). */
export function pollOpen(fd: number, callback: (events: number) => void): PollHandle | number;
/** 0 stops it. */
export function pollStart(poll: PollHandle, events: number): number;
export function pollReference(poll: PollHandle, on: boolean): number;
/** Idempotent. To be called before the fd is closed. */
export function pollClose(poll: PollHandle): number;
