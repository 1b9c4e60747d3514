import type { WlPointerResource } from '@switchyard/wayland';
import type { View } from '../output/View.js';
import type { Surface } from '../surface/Surface.js';

/**
 * The surface that has the pointer, and what its client has been told. Places are output pixels.
 *
 *   none ──set──▶ entered ──motion, buttons … frame──▶ entered ──set──▶ none | entered by another
 */
export class PointerFocus {
  #surface: Surface | undefined;
  /** Where the surface was when it was entered, for when it has no view (any more) and a button holds it. */
  #originX = 0;
  #originY = 0;
  #scale = 1;
  #enterSerial = 0;
  /** Where on the surface the client believes the pointer to be. */
  #toldX = 0;
  #toldY = 0;
  /** Events were sent that a wl_pointer.frame must close. */
  unframed = false;

  get surface(): Surface | undefined {
    return this.#surface;
  }
  get enterSerial(): number {
    return this.#enterSerial;
  }

  /** Leaves the surface and enters the view's, with the pointer at (x, y). False when that is the same. */
  set(view: View | undefined, x: number, y: number): boolean {
    if (view) {
      this.#originX = view.originX;
      this.#originY = view.originY;
      this.#scale = view.scale;
    }
    const surface = view?.surface;
    if (surface === this.#surface) return false;
    this.#leave();
    this.unframed = false;
    this.#surface = surface;
    if (!surface) return true;
    this.#enterSerial = surface.state.client.display.nextSerial();
    this.#tell(x, y);
    for (const pointer of surface.state.pointers) this.#enter(pointer, surface);
    return true;
  }

  /** A wl_pointer that the surface's client has made since. */
  join(pointer: WlPointerResource, x: number, y: number): void {
    if (!this.#surface) return;
    this.#tell(x, y);
    this.#enter(pointer, this.#surface);
  }

  /** Hot. */
  motion(x: number, y: number, time: number): void {
    const surface = this.#surface;
    if (!surface) return;
    this.#tell(x, y);
    for (const pointer of surface.state.pointers) pointer.sendMotion(time, this.#toldX, this.#toldY);
    this.unframed = true;
  }

  /** The surface has moved under the pointer, which is at (x, y), since its client was told last. */
  isElsewhere(x: number, y: number): boolean {
    return (
      this.#surface !== undefined && (this.#localX(x) !== this.#toldX || this.#localY(y) !== this.#toldY)
    );
  }

  frame(): void {
    if (!this.unframed) return;
    this.unframed = false;
    for (const pointer of this.#surface?.state.pointers ?? []) pointer.sendFrame();
  }

  #enter(pointer: WlPointerResource, surface: Surface): void {
    pointer.sendEnter(this.#enterSerial, surface.resource, this.#toldX, this.#toldY);
    pointer.sendFrame();
  }

  #leave(): void {
    const surface = this.#surface;
    if (!surface?.alive) return;
    const serial = surface.state.client.display.nextSerial();
    for (const pointer of surface.state.pointers) {
      pointer.sendLeave(serial, surface.resource);
      pointer.sendFrame();
    }
  }

  #tell(x: number, y: number): void {
    this.#toldX = this.#localX(x);
    this.#toldY = this.#localY(y);
  }

  #localX(x: number): number {
    const view = this.#surface?.view;
    return view ? view.localX(x) : (x - this.#originX) / this.#scale;
  }
  #localY(y: number): number {
    const view = this.#surface?.view;
    return view ? view.localY(y) : (y - this.#originY) / this.#scale;
  }
}
