/**
 * What one client makes us hold, counted for it and for its user.
 *
 * Shared memory is the client's own; of it we hold address space and keep pages alive after the client's end. The
 * copies of what surfaces show are ours.
 */

/** A terminal here keeps several scroll pools of 512 MiB, nearly all holes. */
const maxSharedPerClient = 16 * 2 ** 30;
const maxSharedPerUser = 64 * 2 ** 30;
/** Some hundred full windows of 1280×720, or four of 8192×8192. */
const maxPixelsPerClient = 2 ** 30;
const maxPixelsPerUser = 2 * 2 ** 30;
/** A browser has some dozens, a desktop shell some hundreds. */
const maxSurfacesPerClient = 1024;

/** Each is a descriptor of ours; a browser has some dozens. */
const maxMemoriesPerClient = 512;
const maxMemoriesPerUser = 4096;

class Usage {
  memories = 0;
  shared = 0;
  pixels = 0;
}

/** One account a user; there are few users. */
const users = new Map<number, Usage>();

export class Quota {
  readonly #user: Usage;
  readonly #own = new Usage();
  #surfaces = 0;

  constructor(uid: number) {
    this.#user = users.get(uid) ?? new Usage();
    users.set(uid, this.#user);
  }

  /** Counts a pool's memory, unless that is too much. */
  share(bytes: number): boolean {
    const own = this.#own;
    const user = this.#user;
    if (own.memories >= maxMemoriesPerClient || user.memories >= maxMemoriesPerUser) return false;
    if (!this.growShared(bytes)) return false;
    own.memories++;
    user.memories++;
    return true;
  }

  /** Counts that a pool has grown, unless that is too much. */
  growShared(bytes: number): boolean {
    const own = this.#own;
    const user = this.#user;
    if (own.shared + bytes > maxSharedPerClient || user.shared + bytes > maxSharedPerUser) return false;
    own.shared += bytes;
    user.shared += bytes;
    return true;
  }

  /** A pool's memory, of this size at last, has been let go. */
  unshare(bytes: number): void {
    for (const usage of [this.#own, this.#user]) {
      usage.memories--;
      usage.shared -= bytes;
    }
  }

  /** Counts `bytes` more (or less) of copied pixels, unless that is too much. */
  copy(bytes: number): boolean {
    const own = this.#own;
    const user = this.#user;
    const tooMuch = own.pixels + bytes > maxPixelsPerClient || user.pixels + bytes > maxPixelsPerUser;
    if (bytes > 0 && tooMuch) return false;
    own.pixels += bytes;
    user.pixels += bytes;
    return true;
  }

  addSurface(): boolean {
    if (this.#surfaces >= maxSurfacesPerClient) return false;
    this.#surfaces++;
    return true;
  }

  removeSurface(): void {
    this.#surfaces--;
  }
}
