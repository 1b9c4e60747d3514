import { Fd, Socket } from '@switchyard/sys';

/** sd_listen_fds(3): where handed-on fds begin. */
const FIRST_FD = 3;
/** sd_pid_notify_with_fds(3): FDNAME is at most this long, and has no control character and no colon. */
const NAME_MAX = 255;

/**
 * Files that outlive this process: its supervisor keeps a duplicate of each under a name, and hands them to the process
 * that it starts in this one's place (FileDescriptorStoreMax= of systemd.service(5), and `yard up`'s supervisor).
 *
 *   put ──▶ kept ──remove──▶ gone
 *            └── this process dies ──▶ the next one's take()
 */
export class FdStore {
  readonly #socket: Socket | undefined;
  readonly #waiting: { readonly text: string; readonly fd: Fd | undefined }[] = [];
  readonly #left = new Map<string, Fd>();

  /** `socket`: undefined when nobody keeps anything; then every put is for nothing, and nothing else fails. */
  private constructor(socket: Socket | undefined) {
    this.#socket = socket;
    socket?.watch({ drained: () => this.#flush() });
    socket?.unref();
  }

  /** Takes over what the environment says that the process before this one left, and clears it from there. */
  static open(environment: NodeJS.ProcessEnv = process.env): FdStore {
    const store = new FdStore(connect(environment['NOTIFY_SOCKET']));
    const { LISTEN_PID: pid, LISTEN_FDS: count, LISTEN_FDNAMES: names } = environment;
    if (pid === String(process.pid)) {
      const each = names?.split(':') ?? [];
      for (let n = 0; n < Number(count); n++) {
        // The duplicate is close-on-exec, which the one that was handed on is not.
        using handed = Fd.adopt(FIRST_FD + n, each[n] ?? `LISTEN_FDS ${n}`);
        const name = each[n] ?? 'unknown';
        store.#left.get(name)?.close();
        store.#left.set(name, handed.dup(name));
      }
    }
    for (const name of ['LISTEN_PID', 'LISTEN_FDS', 'LISTEN_FDNAMES']) delete environment[name];
    return store;
  }

  /** The process before this one put it there, and nobody has taken it. */
  has(name: string): boolean {
    return this.#left.has(name);
  }

  /** Names of what the process before this one put there and nobody has taken. */
  get left(): readonly string[] {
    return [...this.#left.keys()];
  }

  /** What the process before this one put there, which is the caller's now; it stays in the store as well. */
  take(name: string): Fd | undefined {
    const fd = this.#left.get(name);
    this.#left.delete(name);
    return fd;
  }

  /** Keeps a duplicate; the fd stays the caller's. Another of the same name goes. */
  put(name: string, fd: Fd): void {
    check(name);
    if (!this.#socket) return;
    this.#send(`FDSTOREREMOVE=1\nFDNAME=${name}`);
    // Without FDPOLL=0 the keeper lets go of a file at its hang-up, which is what a revoked one should do.
    this.#send(`FDSTORE=1\nFDNAME=${name}`, fd.dup());
  }

  remove(name: string): void {
    check(name);
    if (this.#socket) this.#send(`FDSTOREREMOVE=1\nFDNAME=${name}`);
  }

  close(): void {
    for (const fd of this.#left.values()) fd.close();
    this.#left.clear();
    for (const { fd } of this.#waiting.splice(0)) fd?.close();
    this.#socket?.close();
  }

  #send(text: string, fd?: Fd): void {
    this.#waiting.push({ text, fd });
    if (this.#waiting.length === 1) this.#flush();
  }

  /** The kernel queues few datagrams for a supervisor that is busy; what it has no room for waits here, in order. */
  #flush(): void {
    for (let next = this.#waiting[0]; next; next = this.#waiting[0]) {
      try {
        if (this.#socket?.send(Buffer.from(next.text), next.fd ? [next.fd] : []) === false) return;
      } catch {
        // A supervisor that is gone keeps nothing: whoever comes next begins with less, and no worse.
      }
      if (next.fd && !next.fd.closed) next.fd.close();
      this.#waiting.shift();
    }
  }
}

function connect(address: string | undefined): Socket | undefined {
  if (!address) return undefined;
  try {
    return Socket.connect(address, 'dgram');
  } catch {
    return undefined;
  }
}

function check(name: string): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (name === '' || name.length > NAME_MAX || /[\x00-\x1f:\x7f]/.test(name)) {
    throw new RangeError(`'${name}' is no name for a kept file`);
  }
}
