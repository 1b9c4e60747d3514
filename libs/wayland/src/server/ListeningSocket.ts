import { constants, rmSync } from 'node:fs';
import { Fd, Listener, lockFile, type Socket } from '@switchyard/sys';

/**
 * A server's socket in the file system, claimed as libwayland claims it: whoever holds the lock of `PATH.lock` owns the
 * name. Without it, another Wayland server that looks for a free name would remove our socket and take its place.
 */
export class ListeningSocket implements Disposable {
  readonly path: string;
  readonly #lock: Fd;
  readonly #listener: Listener;

  private constructor(path: string, lock: Fd, listener: Listener) {
    this.path = path;
    this.#lock = lock;
    this.#listener = listener;
  }

  /**
   * @throws SystemError of the bind; Error when another server holds the name.
   */
  static listen(
    path: string,
    mode: number | undefined,
    onConnection: (socket: Socket) => void,
  ): ListeningSocket {
    const lock = Fd.open(`${path}.lock`, constants.O_CREAT | constants.O_RDWR, 0o640);
    try {
      if (!lockFile(lock)) {
        throw new Error(
          `${path} belongs to a running Wayland server, which holds ${path}.lock: choose another name`,
        );
      }
      const listener = Listener.listen(path, { ...(mode === undefined ? {} : { mode }), onConnection });
      return new ListeningSocket(path, lock, listener);
    } catch (error) {
      lock.close();
      throw error;
    }
  }

  /** Removes both files. Clients that are connected stay. */
  close(): void {
    if (this.#lock.closed) return;
    this.#listener.close();
    // Ours as long as the lock is held, so it goes before the lock does.
    rmSync(`${this.path}.lock`, { force: true });
    this.#lock.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
