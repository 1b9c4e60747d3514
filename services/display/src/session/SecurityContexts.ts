import { fstatSync, readFileSync } from 'node:fs';
import { type Fd, Poll } from '@switchyard/sys';
import {
  type Client,
  type Display,
  WpSecurityContextManagerV1Error,
  type WpSecurityContextManagerV1Requests,
  type WpSecurityContextManagerV1Resource,
  WpSecurityContextV1Error,
  type WpSecurityContextV1Requests,
  type WpSecurityContextV1Resource,
} from '@switchyard/wayland';

/** Sockets that a user may have us listen at: each sandboxed program has one. Each is two descriptors of ours. */
const maxContexts = 256;
/** Of one client, not committed yet: a sandbox makes one and commits it. */
const maxPending = 8;
/** Characters of a name. */
const maxName = 256;

/** In /proc/net/unix, of a socket that listens. */
const SO_ACCEPTCON = 0x10000;

/** What a sandbox says of the program in it. */
export interface SecurityContext {
  readonly engine: string;
  readonly appId: string;
  readonly instanceId: string;
}

export interface SecurityContextsOptions {
  readonly display: Display;
  /** A client came through the socket that `owner`, gone or not, gave for a sandbox. */
  admit(client: Client, owner: Client, context: SecurityContext): void;
}

/**
 * The wp_security_context_manager_v1 global: a sandbox (flatpak, bubblewrap) gives us a socket, and whoever comes through
 * it has no privilege and cannot make another one.
 */
export class SecurityContexts implements WpSecurityContextManagerV1Requests, Disposable {
  readonly #options: SecurityContextsOptions;
  readonly #open = new Map<Listening, number>();
  readonly #pending = new WeakMap<Client, number>();

  constructor(options: SecurityContextsOptions) {
    this.#options = options;
  }

  createListener(
    manager: WpSecurityContextManagerV1Resource,
    id: WpSecurityContextV1Resource,
    listenFd: Fd,
    closeFd: Fd,
  ): void {
    const { client } = manager;
    const count = (by: number): number => {
      const now = (this.#pending.get(client) ?? 0) + by;
      this.#pending.set(client, now);
      return now;
    };
    const context = new Pending(id, listenFd, closeFd, {
      commit: (metadata) => this.#listen(client, context, metadata),
      settled: () => count(-1),
    });
    id.implement(context);
    // Its end closes the descriptors.
    if (count(1) > maxPending) {
      client.postNoMemory();
      return;
    }
    const { invalid_listen_fd } = WpSecurityContextManagerV1Error;
    if (!isListening(listenFd)) {
      manager.postError(invalid_listen_fd, 'the descriptor is no socket that listens');
    } else if (fstatSync(closeFd.number).isFile()) {
      manager.postError(invalid_listen_fd, 'a file never tells that it is time to close');
    }
  }

  destroy(): void {}

  [Symbol.dispose](): void {
    for (const listening of [...this.#open.keys()]) listening.close();
  }

  #listen(owner: Client, { listenFd, closeFd }: Pending, metadata: SecurityContext): void {
    const { uid } = owner;
    const same = [...this.#open.values()].filter((other) => other === uid).length;
    if (same >= maxContexts) {
      listenFd.close();
      closeFd.close();
      owner.postNoMemory();
      return;
    }
    // The error for a wrong descriptor ends the client; until then it may still say `commit`.
    if (!owner.alive) {
      listenFd.close();
      closeFd.close();
      return;
    }
    const listener = this.#options.display.adoptListener(listenFd, {
      onClient: (client) => this.#options.admit(client, owner, metadata),
      failed: () => listening.close(),
    });
    const listening: Listening = new Listening(listener, closeFd, () => this.#open.delete(listening));
    this.#open.set(listening, uid);
  }
}

interface PendingEvents {
  /** The descriptors are the callee's. */
  commit(context: SecurityContext): void;
  /** It is committed or gone. */
  settled(): void;
}

/** A wp_security_context_v1, until it is committed. */
class Pending implements WpSecurityContextV1Requests {
  readonly listenFd: Fd;
  readonly closeFd: Fd;
  readonly #resource: WpSecurityContextV1Resource;
  readonly #on: PendingEvents;
  readonly #names = new Map<keyof SecurityContext, string>();
  #used = false;

  constructor(resource: WpSecurityContextV1Resource, listenFd: Fd, closeFd: Fd, on: PendingEvents) {
    this.#resource = resource;
    this.listenFd = listenFd;
    this.closeFd = closeFd;
    this.#on = on;
    resource.onDestroy(() => {
      if (this.#used) return;
      on.settled();
      listenFd.close();
      closeFd.close();
    });
  }

  setSandboxEngine(_: unknown, name: string): void {
    this.#set('engine', name);
  }
  setAppId(_: unknown, name: string): void {
    this.#set('appId', name);
  }
  setInstanceId(_: unknown, name: string): void {
    this.#set('instanceId', name);
  }

  commit(): void {
    if (!this.#mayChange()) return;
    this.#used = true;
    this.#on.settled();
    const name = (key: keyof SecurityContext): string => this.#names.get(key) ?? '';
    this.#on.commit({ engine: name('engine'), appId: name('appId'), instanceId: name('instanceId') });
  }

  destroy(): void {}

  #set(key: keyof SecurityContext, name: string): void {
    if (!this.#mayChange()) return;
    const { already_set, invalid_metadata } = WpSecurityContextV1Error;
    if (this.#names.has(key)) this.#resource.postError(already_set, `${key} is set already`);
    else if (name.length > maxName) this.#resource.postError(invalid_metadata, `${key} is too long`);
    else this.#names.set(key, name);
  }

  #mayChange(): boolean {
    if (!this.#used) return true;
    this.#resource.postError(WpSecurityContextV1Error.already_used, 'it has been committed');
    return false;
  }
}

/** A socket of a sandbox; it lives until the other end of the close descriptor does not. */
class Listening {
  readonly #listener: Disposable;
  readonly #closeFd: Fd;
  readonly #closed: () => void;
  #open = true;

  constructor(listener: Disposable, closeFd: Fd, closed: () => void) {
    this.#listener = listener;
    this.#closeFd = closeFd;
    this.#closed = closed;
    Poll.watch(closeFd, 'hangup', () => this.close());
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#closeFd.close();
    this.#listener[Symbol.dispose]();
    this.#closed();
  }
}

/** Whether it is a socket of the file system's or abstract kind that listens, which the kernel lists. */
function isListening(fd: Fd): boolean {
  const stat = fstatSync(fd.number);
  if (!stat.isSocket()) return false;
  const lines = readFileSync('/proc/net/unix', 'utf8').split('\n');
  return lines.some((line) => {
    const [, , , flags, , , inode] = line.trim().split(/\s+/);
    return Number(inode) === stat.ino && (Number.parseInt(flags!, 16) & SO_ACCEPTCON) !== 0;
  });
}
