import { rmSync } from 'node:fs';
import { type Fd, Socket } from '@switchyard/sys';

/** Longer notifications are cut; ours are a few words. */
const longest = 4096;

/** What a service says of itself. */
export interface Notification {
  readonly ready: boolean;
  readonly status: string | undefined;
  /** FDSTORE=1 and FDSTOREREMOVE=1, with FDNAME. */
  readonly store: 'put' | 'remove' | undefined;
  readonly name: string;
  /** X_URL: where its page is, token and all. */
  readonly url: string | undefined;
  /** What the receiver does not take out is closed. */
  readonly fds: Fd[];
}

/** The receiving end of sd_notify(3). Who speaks is the kernel's word (SCM_CREDENTIALS), not the message's. */
export class NotifySocket implements Disposable {
  readonly #path: string;
  readonly #socket: Socket;
  readonly #buffer = new Uint8Array(longest);

  constructor(path: string, notified: (pid: number, what: Notification) => void) {
    rmSync(path, { force: true });
    this.#path = path;
    this.#socket = Socket.bind(path, { mode: 0o600 });
    this.#socket.passCredentials = true;
    this.#socket.watch({
      readable: () => {
        for (;;) {
          const fds: Fd[] = [];
          const length = this.#socket.receive(this.#buffer, fds);
          if (length < 0) return;
          const pid = this.#socket.lastCredentials?.pid ?? 0;
          const lines = Buffer.from(this.#buffer.subarray(0, length)).toString('utf8').split('\n');
          const value = (key: string) =>
            lines.find((line) => line.startsWith(`${key}=`))?.slice(key.length + 1);
          const store =
            value('FDSTORE') === '1' ? 'put' : value('FDSTOREREMOVE') === '1' ? 'remove' : undefined;
          notified(pid, {
            ready: value('READY') === '1',
            status: value('STATUS'),
            store,
            name: value('FDNAME') ?? 'stored',
            url: value('X_URL'),
            fds,
          });
          for (const fd of fds) fd.close();
        }
      },
    });
  }

  [Symbol.dispose](): void {
    this.#socket.close();
    rmSync(this.#path, { force: true });
  }
}
