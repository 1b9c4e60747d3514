export { monotonicNow } from './Clock.js';
export { EventFd } from './EventFd.js';
export { dupAll, Fd } from './Fd.js';
export type { FdRecord } from './FdLedger.js';
export {
  type DeviceNumber,
  type FileStat,
  fileStat,
  type IoctlPointer,
  ioctl,
  lockFile,
  makeFifo,
  pread,
  pwrite,
  read,
  truncate,
  write,
} from './File.js';
export { Listener, type ListenOptions } from './Listener.js';
export { Mapping, type MappingOptions } from './Mapping.js';
export { addSeals, createMemfd, getSeals, type MemfdOptions, type Seal, sealedMemfd } from './Memfd.js';
export type { PeerCredentials } from './Peer.js';
export { Pidfd } from './Pidfd.js';
export { createPipe } from './Pipe.js';
export { Poll, type PollEvent, PollEvents } from './Poll.js';
export { reapChild, setChildSubreaper } from './Process.js';
export { randomBytes } from './Random.js';
export { RealTimeSignal } from './RealTimeSignal.js';
export { SharedMemory } from './SharedMemory.js';
export { Socket, type SocketHandlers, type SocketType } from './Socket.js';
export { SystemError } from './SystemError.js';
export { takeTransit, transit } from './Transit.js';
export { Uevents, type UeventsHandlers } from './Uevents.js';
export { MAX_FDS } from './WriteSide.js';
export { getXattr, removeXattr, setXattr } from './Xattr.js';
