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
/** flock(2), exclusively and without waiting; -EAGAIN when another open file holds it. */
export function lockFile(fd: number): number;
/** pipe2(2): the end to read, which does not wait, and the end to write, which does, are in `results`, from 8 on. */
export function createPipe(): number;
export function createMemfd(name: string, flags: number): number;
export function addSeals(fd: number, seals: number): number;
export function getSeals(fd: number): number;
export function createEventfd(initial: number, semaphore: boolean): number;
export function makeFifo(path: string, mode: number): number;
/** `pointers` is offset, memory, offset, memory, … (at most 8): where in the argument the addresses of which memory belong. */
export function ioctl(
  fd: number,
  request: number,
  argument?: Uint8Array | number,
  pointers?: readonly (number | Uint8Array)[],
): number;
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
/** pidfd_getfd(2): a duplicate of the fd that the process has under this number. */
export function getPidfd(pidfd: number, fd: number): number;
export function setChildSubreaper(): number;
/** waitpid(pid, WNOHANG): the status is in `results[0]`. */
export function reapChild(pid: number): number;

/** A socket of the kernel's uevents, on which at most so many bytes wait. */
export function openUevents(bytes: number): number;
/** Bytes of one message; 0 for one to pass over (not the kernel's, or too long); -EAGAIN none; -ENOBUFS some were lost. */
export function receiveUevent(fd: number, into: Uint8Array): number;

/** Extended attributes of the file itself, not of what a symbolic link leads to: lgetxattr(2) → bytes. */
export function getXattr(path: string, name: string, into: Uint8Array): number;
export function setXattr(path: string, name: string, value: Uint8Array): number;
export function removeXattr(path: string, name: string): number;

/** The number of SIGRTMIN+n. */
export function realTimeSignal(n: number): number;
/** A real-time signal adds 1 to the eventfd's counter from now on; -EBUSY when it does for another already. */
export function catchSignal(signal: number, eventfd: number): number;
/** It is counted no more, and does nothing else either. To be called before the eventfd is closed. */
export function ignoreSignal(signal: number): number;

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

// ---- pixels: 32-bit pixels; strides in bytes; rectangles in pixels, clipped to the memory that is given ----

/** Rows may overlap within one image. */
export function copyRectangle(
  to: Uint8Array,
  toStride: number,
  dx: number,
  dy: number,
  from: Uint8Array,
  fromStride: number,
  sx: number,
  sy: number,
  width: number,
  height: number,
): void;
/** As copyRectangle, but `from` may be truncated by another process meanwhile: then false, and the rows from there on are zero. */
export function guardedCopy(
  to: Uint8Array,
  toStride: number,
  dx: number,
  dy: number,
  from: Uint8Array,
  fromStride: number,
  sx: number,
  sy: number,
  width: number,
  height: number,
): boolean;
export function fillRectangle(
  to: Uint8Array,
  stride: number,
  x: number,
  y: number,
  width: number,
  height: number,
  argb: number,
): void;
/** Premultiplied source-over; `opaque` ignores the source's alpha; `alpha` (0 … 255) fades the whole. */
export function blendRectangle(
  to: Uint8Array,
  toStride: number,
  dx: number,
  dy: number,
  from: Uint8Array,
  fromStride: number,
  sx: number,
  sy: number,
  width: number,
  height: number,
  opaque: boolean,
  alpha: number,
): void;
/** A DrawList (libs/pixels): `count` operations of 16 numbers each, SCALE's clip rectangles, and the images that they read. */
export function draw(
  to: Uint8Array,
  toStride: number,
  operations: Int32Array,
  count: number,
  clips: Int32Array,
  sources: readonly Uint8Array[],
): void;
/** The same by another thread; resolved when it is done. All memory stays until then, even when it is unmapped. */
export function drawApart(
  to: Uint8Array,
  toStride: number,
  operations: Int32Array,
  count: number,
  clips: Int32Array,
  sources: readonly Uint8Array[],
): Promise<void>;
/** Source rectangle in 1/256 pixels; `clips` holds x, y, width, height of `clipCount` rectangles. */
export function scaleBlend(
  to: Uint8Array,
  toStride: number,
  dx: number,
  dy: number,
  dw: number,
  dh: number,
  clips: Int32Array,
  clipCount: number,
  from: Uint8Array,
  fromStride: number,
  sx: number,
  sy: number,
  sw: number,
  sh: number,
  transform: number,
  opaque: boolean,
): void;
/**
 * Draws cells of one size: five numbers each, x and y in pixels, where the shape begins in `shapes` (a byte a pixel, row by row; negative:
 * none), ink and paper (0xRRGGBB). What is not wholly inside is left out.
 */
export function drawCells(
  to: Uint8Array,
  toStride: number,
  shapes: Uint8Array,
  width: number,
  height: number,
  cells: Int32Array,
  count: number,
): void;
/** Number of 64 × 64 tiles that changed; their bytes in `dirty` become 1. Throws RangeError when `dirty` is too small. */
export function tileDiff(
  shadow: Uint8Array,
  shadowStride: number,
  frame: Uint8Array,
  stride: number,
  width: number,
  height: number,
  damage: Int32Array,
  damageCount: number,
  dirty: Uint8Array,
): number;

// ---- codecs: bytes written, 0 when the result does not fit or there is no library; RangeError for a rectangle outside the image ----

export function lz4Available(): boolean;
export function lz4CompressRectangle(
  from: Uint8Array,
  stride: number,
  x: number,
  y: number,
  width: number,
  height: number,
  out: Uint8Array,
  offset: number,
): number;
/** 'libturbojpeg', 'libjpeg' or ''. */
export function jpegLibrary(): string;
export function jpegCompressRectangle(
  from: Uint8Array,
  stride: number,
  x: number,
  y: number,
  width: number,
  height: number,
  out: Uint8Array,
  offset: number,
  quality: number,
): number;

/** Whether rows of the rectangle moved: then `out` is how far down (negative: up), and its first row and the one after its last now. */
export function findScroll(
  before: Uint8Array,
  beforeStride: number,
  after: Uint8Array,
  afterStride: number,
  x: number,
  y: number,
  width: number,
  height: number,
  out: Int32Array,
): boolean;

/** Planes of luma and both chromas, BT.709 in video's range; bytes written. RangeError for odd sides too. */
export function i420Rectangle(
  from: Uint8Array,
  stride: number,
  x: number,
  y: number,
  width: number,
  height: number,
  out: Uint8Array,
): number;

// ---- xkb: libxkbcommon; all but xkbAvailable and xkbFree throw without it; codes are evdev's ----

declare const kind: unique symbol;
export type XkbKeymap = { readonly [kind]: 'keymap' };
export type XkbState = { readonly [kind]: 'state' };
export type XkbCompose = { readonly [kind]: 'compose' };

export function xkbAvailable(): boolean;
/** Ends the object now rather than when it is collected; using it afterwards throws. */
export function xkbFree(object: XkbKeymap | XkbState | XkbCompose): void;
/** undefined when the names make no keymap. Absent names mean the library's defaults (and XKB_DEFAULT_…). */
export function xkbKeymapFromNames(
  rules?: string,
  model?: string,
  layout?: string,
  variant?: string,
  options?: string,
): XkbKeymap | undefined;
export function xkbKeymapFromText(text: string): XkbKeymap | undefined;
export function xkbKeymapText(keymap: XkbKeymap): string;
export function xkbKeymapRepeats(keymap: XkbKeymap, code: number): boolean;
/** Fills `out` with [code, keysym, modifier mask] of the first layout's keys; returns how many numbers there are. */
export function xkbKeymapEntries(keymap: XkbKeymap, out: Uint32Array): number;
export function xkbStateNew(keymap: XkbKeymap): XkbState | undefined;
/** enum xkb_state_component: what changed. */
export function xkbStateUpdateKey(state: XkbState, code: number, down: boolean): number;
export function xkbStateUpdateMask(
  state: XkbState,
  depressed: number,
  latched: number,
  locked: number,
  group: number,
): number;
/** Fills depressed, latched, locked, group. */
export function xkbStateModifiers(state: XkbState, out: Uint32Array): void;
/** Bits: 1 << LED_NUML, LED_CAPSL, LED_SCROLLL, LED_COMPOSE, LED_KANA. */
export function xkbStateLeds(state: XkbState): number;
export function xkbStateKeysym(state: XkbState, code: number): number;
export function xkbStateText(state: XkbState, code: number): string;
/** undefined when the locale has no compose table; `text`: a Compose file's contents instead. */
export function xkbComposeNew(locale: string, text?: string): XkbCompose | undefined;
/** 0 nothing, 1 composing, 2 composed, 3 cancelled, -1 ignored (a modifier). */
export function xkbComposeFeed(compose: XkbCompose, keysym: number): number;
export function xkbComposeReset(compose: XkbCompose): void;
export function xkbComposeText(compose: XkbCompose): string;
export function xkbComposeKeysym(compose: XkbCompose): number;
/** 0 when there is none of that name. */
export function xkbKeysymFromName(name: string): number;
export function xkbKeysymName(keysym: number): string;
/** 0 when the keysym has no character. */
export function xkbKeysymToUtf32(keysym: number): number;
export function xkbUtf32ToKeysym(character: number): number;

// ---- pam: libpam; its calls wait, for its modules and for answers that come through `fd` ----

export type PamDialogue = { readonly [kind]: 'pam' };

/** `user` "": a module asks. A number is a PAM code, or -errno: -ENOSYS without libpam. The fd stays the caller's. */
export function pamStart(service: string, user: string, fd: number): PamDialogue | number;
/** PAM_TTY 3, PAM_RHOST 4, PAM_RUSER 8. A PAM code. */
export function pamSetItem(dialogue: PamDialogue, item: number, text: string): number;
/** 0 authenticate, 1 acct_mgmt, 2 setcred, 3 open_session, 4 close_session, 5 chauthtok. A PAM code. */
export function pamStep(dialogue: PamDialogue, step: number, flags: number): number;
export function pamUser(dialogue: PamDialogue): string | undefined;
export function pamError(dialogue: PamDialogue, code: number): string | undefined;
/** `variable`: NAME=value. A PAM code. */
export function pamPutEnvironment(dialogue: PamDialogue, variable: string): number;
/** NAME=value each. */
export function pamEnvironment(dialogue: PamDialogue): string[];
export function pamEnd(dialogue: PamDialogue): void;
