import native from '@switchyard/native';
import { Fd } from './Fd.js';
import type { PeerCredentials } from './Peer.js';

const { results } = native;
/** Slots of native's results. */
const RESULT = { FLAGS: 0, FD_COUNT: 1, HAS_CREDENTIALS: 2, PID: 3, UID: 4, GID: 5, FDS: 8 } as const;
/** MSG_CTRUNC and MSG_TRUNC. */
const MSG_TRUNCATED = 0x08 | 0x20;

/** What came with the bytes of a socket's last read. Filled in for every read, so it keeps numbers and builds objects only for those who ask. */
export class Arrival {
  #flags = 0;
  #hasSender = false;
  #pid = 0;
  #uid = 0;
  #gid = 0;

  /** Takes over what native.receive left; at the end of a stream (`ended`) it has no sender. */
  record(ended: boolean): void {
    this.#flags = results[RESULT.FLAGS]!;
    // The kernel fills zeros in at the end, which would read as root.
    this.#hasSender = results[RESULT.HAS_CREDENTIALS] !== 0 && !ended;
    this.#pid = results[RESULT.PID]!;
    this.#uid = results[RESULT.UID]!;
    this.#gid = results[RESULT.GID]!;
  }

  /** Appends the fds that native.receive left; they are the caller's. `from` is what the socket is called. */
  static takeFds(into: Fd[], from: string): void {
    const count = results[RESULT.FD_COUNT]!;
    for (let i = 0; i < count; i++) into.push(Fd.adopt(results[RESULT.FDS + i]!, `fd from ${from}`));
  }

  get truncated(): boolean {
    return (this.#flags & MSG_TRUNCATED) !== 0;
  }

  get credentials(): PeerCredentials | undefined {
    if (!this.#hasSender) return undefined;
    return { pid: this.#pid, uid: this.#uid >>> 0, gid: this.#gid >>> 0 };
  }
}
