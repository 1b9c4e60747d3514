/** Viewers at once: a person's own tabs and devices. Each may hold an encoded frame or two here. */
export const VIEWERS_MAX = 32;
/** Of these, who comes by less than the whole link: the seat's owner always finds a place. */
const GUESTS_MAX = 24;

export const FULL = `${VIEWERS_MAX} viewers are connected already`;

/** Who looks at the seat, or is about to: the page's viewers and VNC's together. */
export class ViewerPlaces {
  #owners = 0;
  #guests = 0;

  /** What gives the place back, once; undefined when there is none. `share`: '' for the whole link. */
  take(share: string): (() => void) | undefined {
    if (!this.hasRoom(share)) return undefined;
    const guest = share !== '';
    this.#count(guest, 1);
    let taken = true;
    return () => {
      if (taken) this.#count(guest, -1);
      taken = false;
    };
  }

  hasRoom(share: string): boolean {
    return this.#owners + this.#guests < VIEWERS_MAX && (share === '' || this.#guests < GUESTS_MAX);
  }

  #count(guest: boolean, by: number): void {
    if (guest) this.#guests += by;
    else this.#owners += by;
  }
}
