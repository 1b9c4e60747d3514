import { rmSync } from 'node:fs';
import { Socket } from '@switchyard/sys';

/** Longer notifications are cut; ours are a few words. */
const longest = 4096;

/** The receiving end of sd_notify(3). Who speaks is the kernel's word (SCM_CREDENTIALS), not the message's. */
export class NotifySocket implements Disposable {
  readonly #path: string;
  readonly #socket: Socket;
  readonly #buffer = new Uint8Array(longest);

  constructor(path: string, notified: (pid: number, ready: boolean, status: string | undefined) => void) {
    rmSync(path, { force: true });
    this.#path = path;
    this.#socket = Socket.bind(path, { mode: 0o600 });
    this.#socket.passCredentials = true;
    this.#socket.watch({
      readable: () => {
        for (;;) {
          const length = this.#socket.receive(this.#buffer);
          if (length < 0) return;
          const pid = this.#socket.lastCredentials?.pid;
          if (pid === undefined) continue;
          const lines = Buffer.from(this.#buffer.subarray(0, length)).toString('utf8').split('\n');
          const status = lines.find((line) => line.startsWith('STATUS='))?.slice('STATUS='.length);
          notified(pid, lines.includes('READY=1'), status);
        }
      },
    });
  }

  [Symbol.dispose](): void {
    this.#socket.close();
    rmSync(this.#path, { force: true });
  }
}
