/**
 * Who may act on the seat: its keyboard, pointer, size and sessions.
 *
 *   open (whoever acts has it) ──take──▶ held by one ──release | it leaves──▶ open
 *                                        │      ▲
 *                                        └──give, or another takes it
 */
export class Floor<Viewer extends object> {
  #holder: Viewer | undefined;
  #last: Viewer | undefined;

  /** The viewer that keeps the floor for itself. */
  get holder(): Viewer | undefined {
    return this.#holder;
  }
  /** The holder, or else the viewer that acted last. */
  get controlling(): Viewer | undefined {
    return this.#holder ?? this.#last;
  }

  /** Whether this viewer may act now. Hot. */
  isFor(viewer: Viewer): boolean {
    return this.#holder === undefined || this.#holder === viewer;
  }

  /** Notes that the viewer acted; true when it was another before. Hot. */
  acted(viewer: Viewer): boolean {
    if (this.#last === viewer) return false;
    this.#last = viewer;
    return true;
  }

  take(viewer: Viewer): void {
    this.#holder = viewer;
    this.#last = viewer;
  }

  /** False when it was not the viewer's. */
  release(viewer: Viewer): boolean {
    if (this.#holder !== viewer) return false;
    this.#holder = undefined;
    return true;
  }

  left(viewer: Viewer): void {
    this.release(viewer);
    if (this.#last === viewer) this.#last = undefined;
  }
}
