import type { Fd } from '@switchyard/sys';

/** As systemd's FileDescriptorStoreMax= would say: a session manager has a few for each of its sessions. */
const FILES_MAX = 4096;
/** Becomes the program as the process that LISTEN_PID names: sd_listen_fds(3) trusts no other. */
const gate = 'export LISTEN_PID=$$; exec "$@"';

/** Files that a service has its supervisor keep for the process that comes after it: systemd's file descriptor store. */
export class KeptFiles {
  readonly #files = new Map<string, Fd>();

  /** Takes the fd over; another of the name goes. One over the bound is closed. */
  put(name: string, fd: Fd): void {
    this.remove(name);
    if (this.#files.size >= FILES_MAX || name.includes(':')) fd.close();
    else this.#files.set(name, fd);
  }

  remove(name: string): void {
    this.#files.get(name)?.close();
    this.#files.delete(name);
  }

  clear(): void {
    for (const name of [...this.#files.keys()]) this.remove(name);
  }

  // For spawn.

  command(argv: readonly string[]): readonly string[] {
    return this.#files.size === 0 ? argv : ['/bin/sh', '-c', gate, 'sh', ...argv];
  }

  environment(): NodeJS.ProcessEnv {
    if (this.#files.size === 0) return {};
    return { LISTEN_FDS: String(this.#files.size), LISTEN_FDNAMES: [...this.#files.keys()].join(':') };
  }

  numbers(): number[] {
    return [...this.#files.values()].map((fd) => fd.number);
  }
}
