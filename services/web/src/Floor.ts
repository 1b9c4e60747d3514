export interface FloorViewer {
  /** The same for all windows of one person; '' when it is alone. Nobody else is told of it. */
  readonly party: string;
}

/**
 * Who may act on the seat: its keyboard, pointer, size and sessions.
 *
 *   open (whoever acts has it) ──take──▶ held by one ──release | it leaves──▶ open
 *                                        │      ▲
 *                                        └──give, or another takes it
 */
export class Floor<Viewer extends FloorViewer> {
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
    return this.#holder === undefined || this.isOneWith(this.#holder, viewer);
  }

  /** Whether they are windows of one person, who holds the floor with all of them. */
  isOneWith(one: Viewer, other: Viewer): boolean {
    return one === other || (one.party !== '' && one.party === other.party);
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
    if (this.#holder === undefined || !this.isOneWith(this.#holder, viewer)) return false;
    this.#holder = undefined;
    return true;
  }

  /** `heir`: another window of the same person, which keeps the floor. */
  left(viewer: Viewer, heir: Viewer | undefined): void {
    if (this.#holder === viewer) this.#holder = heir;
    if (this.#last === viewer) this.#last = undefined;
  }
}
