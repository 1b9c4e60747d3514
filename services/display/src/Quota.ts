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

class Usage {
  shared = 0;
  pixels = 0;
}

/** One account a user; it stays small, since there are few users. */
const users = new Map<number, Usage>();

export class Quota {
  readonly #user: Usage;
  #shared = 0;
  #pixels = 0;
  surfaces = 0;

  constructor(uid: number) {
    this.#user = users.get(uid) ?? new Usage();
    users.set(uid, this.#user);
  }

  /** Bytes of the client's pools. */
  get shared(): number {
    return this.#shared;
  }
  set shared(bytes: number) {
    this.#user.shared += bytes - this.#shared;
    this.#shared = bytes;
  }

  /** Counts `bytes` more of pools, unless that is too much. */
  share(bytes: number): boolean {
    if (this.#shared + bytes > maxSharedPerClient || this.#user.shared + bytes > maxSharedPerUser)
      return false;
    this.shared += bytes;
    return true;
  }

  /** Counts `bytes` more (or less) of copied pixels, unless that is too much. */
  copy(bytes: number): boolean {
    if (bytes > 0) {
      if (this.#pixels + bytes > maxPixelsPerClient || this.#user.pixels + bytes > maxPixelsPerUser)
        return false;
    }
    this.#pixels += bytes;
    this.#user.pixels += bytes;
    return true;
  }

  addSurface(): boolean {
    if (this.surfaces >= maxSurfacesPerClient) return false;
    this.surfaces++;
    return true;
  }
}
