import { monotonicNow } from '@switchyard/sys';
import { BTN } from '@switchyard/uapi';
import type { WlTouchRequests, WlTouchResource } from '@switchyard/wayland';
import type { ClientState } from '../ClientState.js';
import type { View } from '../output/View.js';
import type { Windows } from '../session/Windows.js';
import type { Surface } from '../surface/Surface.js';
import type { Pointer } from './Pointer.js';

/** Fingers; evdev's multi-touch slots go a little further on no device known. */
const maxPoints = 32;

interface Point {
  readonly surface: Surface;
  /** How output pixels become surface units, as it was when the finger came down. */
  readonly originX: number;
  readonly originY: number;
  readonly scale: number;
}

/**
 * The seat's touchscreen towards the clients: each finger stays with the surface that it first touched. For a client
 * that has no wl_touch the first finger is the pointer, with its left button held.
 */
export class Touch implements WlTouchRequests {
  readonly #windows: () => Windows | undefined;
  readonly #points = new Map<number, Point>();
  readonly #unframed = new Set<ClientState>();
  readonly #pointer: Pointer;
  /** The finger that is the pointer. */
  #pointing: number | undefined;

  constructor(windows: () => Windows | undefined, pointer: Pointer) {
    this.#windows = windows;
    this.#pointer = pointer;
  }

  add(state: ClientState, resource: WlTouchResource): void {
    resource.implement(this);
    state.touches.add(resource);
    resource.onDestroy(() => state.touches.delete(resource));
  }

  /** In output pixels. */
  down(id: number, x: number, y: number, time: number): void {
    const windows = this.#windows();
    const view = windows?.at(x, y);
    if (view && view.surface.state.touches.size === 0) {
      if (this.#pointing !== undefined || this.#points.size > 0) return;
      this.#pointing = id;
      this.#pointer.moveTo(x, y, time);
      this.#pointer.button(BTN.LEFT, true, time);
      this.#pointer.frame();
      return;
    }
    const grab = windows?.grab;
    if (grab && view?.surface.state !== grab.xdgSurface.surface.state) windows.dismissPopups();
    if (!windows || !view || this.#points.size >= maxPoints || this.#points.has(id)) return;
    const toplevel = windows.toplevelOf(view.surface);
    if (!windows.grab && toplevel && toplevel !== windows.focusedToplevel) windows.raise(toplevel);
    const point = pointOn(view);
    this.#points.set(id, point);
    const { state, resource } = point.surface;
    const serial = state.client.display.nextSerial();
    for (const touch of state.touches)
      touch.sendDown(
        serial,
        time,
        resource,
        id,
        (x - point.originX) / point.scale,
        (y - point.originY) / point.scale,
      );
    this.#unframed.add(state);
    state.ping();
  }

  move(id: number, x: number, y: number, time: number): void {
    if (id === this.#pointing) {
      this.#pointer.moveTo(x, y, time);
      this.#pointer.frame();
      return;
    }
    const point = this.#points.get(id);
    if (!point) return;
    const { state } = point.surface;
    for (const touch of state.touches)
      touch.sendMotion(time, id, (x - point.originX) / point.scale, (y - point.originY) / point.scale);
    this.#unframed.add(state);
  }

  up(id: number, time: number): void {
    if (id === this.#pointing) {
      this.#liftPointer(time);
      return;
    }
    const point = this.#points.get(id);
    if (!point) return;
    this.#points.delete(id);
    const { state } = point.surface;
    const serial = state.client.display.nextSerial();
    for (const touch of state.touches) touch.sendUp(serial, time, id);
    this.#unframed.add(state);
  }

  frame(): void {
    for (const state of this.#unframed) for (const touch of state.touches) touch.sendFrame();
    this.#unframed.clear();
  }

  #liftPointer(time: number): void {
    this.#pointing = undefined;
    this.#pointer.button(BTN.LEFT, false, time);
    this.#pointer.frame();
  }

  /** No finger counts any more. */
  cancel(): void {
    if (this.#pointing !== undefined) this.#liftPointer(Number(monotonicNow() / 1_000_000n));
    const states = new Set([...this.#points.values()].map((point) => point.surface.state));
    for (const state of states) for (const touch of state.touches) touch.sendCancel();
    this.#points.clear();
    this.#unframed.clear();
  }

  surfaceDestroyed(surface: Surface): void {
    for (const [id, point] of this.#points) if (point.surface === surface) this.#points.delete(id);
  }

  release(): void {}
}

function pointOn(view: View): Point {
  return { surface: view.surface, originX: view.originX, originY: view.originY, scale: view.scale };
}
