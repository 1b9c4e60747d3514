import { monotonicNow } from '@switchyard/sys';
import { BTN } from '@switchyard/uapi';
import type { WlTouchRequests, WlTouchResource } from '@switchyard/wayland';
import type { ClientState } from '../ClientState.js';
import type { View } from '../output/View.js';
import type { Windows } from '../session/Windows.js';
import type { Surface } from '../surface/Surface.js';
import type { Pointer } from './Pointer.js';
import type { Grabbable, PointerGrab } from './PointerGrab.js';

/** Fingers; evdev's multi-touch slots go a little further on no device known. */
const maxPoints = 32;

interface Point {
  readonly surface: Surface;
  /** What the client was told with. */
  readonly serial: number;
  /** How output pixels become surface units, as it was when the finger came down. */
  readonly originX: number;
  readonly originY: number;
  readonly scale: number;
  /** In output pixels. */
  x: number;
  y: number;
}

/**
 * The seat's touchscreen towards the clients: each finger stays with the surface that it first touched. For a client
 * that has no wl_touch the first finger is the pointer, with its left button held.
 *
 *   up ──down on a surface──▶ touching ──up | surface destroyed──▶ up
 *                                └──grab──▶ grabbed ──endGrab──▶ up
 */
export class Touch implements WlTouchRequests {
  readonly #windows: () => Windows | undefined;
  readonly #points = new Map<number, Point>();
  readonly #grabs = new Map<number, PointerGrab>();
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
    if (!windows || !view || this.#points.size >= maxPoints) return;
    if (this.#points.has(id) || this.#grabs.has(id)) return;
    const toplevel = windows.toplevelOf(view.surface);
    if (!windows.grab && toplevel && toplevel !== windows.focusedToplevel) windows.raise(toplevel);
    const { state, resource } = view.surface;
    const serial = state.client.display.nextSerial();
    const point = pointOn(view, serial, x, y);
    this.#points.set(id, point);
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
    const grab = this.#grabs.get(id);
    if (grab) {
      grab.motion(this.#windows()?.at(x, y), x, y, time);
      return;
    }
    const point = this.#points.get(id);
    if (!point) return;
    const { state } = point.surface;
    point.x = x;
    point.y = y;
    for (const touch of state.touches)
      touch.sendMotion(time, id, (x - point.originX) / point.scale, (y - point.originY) / point.scale);
    this.#unframed.add(state);
  }

  up(id: number, time: number): void {
    if (id === this.#pointing) {
      this.#liftPointer(time);
      return;
    }
    this.#grabs.get(id)?.released(time);
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
    for (const grab of [...this.#grabs.values()]) grab.cancelled();
    this.#grabs.clear();
    const states = new Set([...this.#points.values()].map((point) => point.surface.state));
    for (const state of states) this.#cancelAllOf(state);
  }

  /** The finger that the client was told of with this serial, while it is down. */
  held(state: ClientState, serial: number): Grabbable | undefined {
    for (const [id, point] of this.#points)
      if (point.serial === serial && point.surface.state === state) return this.#finger(id, point);
    return undefined;
  }

  surfaceDestroyed(surface: Surface): void {
    const time = Number((monotonicNow() / 1_000_000n) & 0xffffffffn);
    for (const [id, point] of this.#points) if (point.surface === surface) this.up(id, time);
    this.frame();
  }

  /** Its client is told that the fingers mean nothing: wl_touch has no word for one of several. */
  #finger(id: number, point: Point): Grabbable {
    return {
      grab: (grab) => {
        this.#cancelAllOf(point.surface.state);
        this.#grabs.set(id, grab);
        grab.motion(this.#windows()?.at(point.x, point.y), point.x, point.y, 0);
      },
      endGrab: () => void this.#grabs.delete(id),
    };
  }

  #cancelAllOf(state: ClientState): void {
    for (const [id, point] of this.#points) if (point.surface.state === state) this.#points.delete(id);
    this.#unframed.delete(state);
    for (const touch of state.touches) touch.sendCancel();
  }

  release(): void {}
}

function pointOn(view: View, serial: number, x: number, y: number): Point {
  const { surface, originX, originY, scale } = view;
  return { surface, serial, originX, originY, scale, x, y };
}
