import { constants } from 'node:fs';
import { type Fd, fileStat, Socket, SystemError } from '@switchyard/sys';
import { DrmCard, Evdev, Hidraw } from '@switchyard/uapi/calls';

/** Documentation/admin-guide/devices.txt of the kernel. */
const INPUT_MAJOR = 13;
const DRM_MAJOR = 226;

/** Where duplicates of sessions' files lie for the manager that may have to come after this one (FdStore of libs/runtime). */
export interface FileKeeper {
  put(name: string, fd: Fd): void;
  remove(name: string): void;
  /** Names of what the manager before this one put there and nobody has taken. */
  readonly left: readonly string[];
  /** The manager before this one put it there, and nobody has taken it. */
  has(name: string): boolean;
  /** What the manager before this one put there; the caller's. */
  take(name: string): Fd | undefined;
}

/** Nobody keeps anything: the next manager has sessions, and their controllers begin anew. */
export const noKeeper: FileKeeper = {
  put() {},
  remove() {},
  left: [],
  has: () => false,
  take: () => undefined,
};

/** The name of what a session has of a device. The store's names have no colon. */
export function keptName(session: string, seat: string, deviceKey: string): string {
  return `device ${session} ${seat} ${deviceKey.replace(':', '.')}`;
}

/** Keys of the devices of which the session's files are there. */
export function keptDevices(files: FileKeeper, session: string, seat: string): string[] {
  const prefix = keptName(session, seat, '');
  return files.left.flatMap((name) =>
    name.startsWith(prefix) ? [name.slice(prefix.length).replace('.', ':')] : [],
  );
}

/** Takes what nobody will take any more out of the store, and ends it for whoever has a duplicate. */
export function revokeLeft(files: FileKeeper, concerns: (session: string) => boolean): void {
  for (const name of files.left) {
    const session = /^device (\S+) /.exec(name)?.[1];
    if (session === undefined || !concerns(session)) continue;
    using fd = files.take(name);
    files.remove(name);
    if (fd) revokeFile(fd);
  }
}

/** By what the file is: its device may not be known, or not be there. */
function revokeFile(fd: Fd): void {
  const { mode, rdev } = fileStat(fd);
  try {
    if ((mode & constants.S_IFMT) === constants.S_IFSOCK) shutdown(fd);
    else if (rdev.major === INPUT_MAJOR) new Evdev(fd).revoke();
    else if (rdev.major === DRM_MAJOR) new DrmCard(fd).dropMaster();
    else new Hidraw(fd).revoke();
  } catch (error) {
    // It is revoked already, or its device is gone.
    if (!(error instanceof SystemError)) throw error;
  }
}

function shutdown(fd: Fd): void {
  using socket = Socket.adopt(fd.dup(), 'seqpacket');
  socket.shutdown('both');
}
