import type { Region } from '@switchyard/pixels';
import {
  type WlRegionResource,
  ZwpConfinedPointerV1Resource,
  type ZwpLockedPointerV1Resource,
  ZwpPointerConstraintsV1Lifetime,
} from '@switchyard/wayland';
import type { View } from '../output/View.js';
import { regionOf } from '../surface/ClientRegion.js';
import type { Surface } from '../surface/Surface.js';
import type { Pointer } from './Pointer.js';
import type { PointerConstraint } from './PointerGrab.js';

/** The last place inside is the last unit's corner. */
const INSIDE = 1;

/**
 * A zwp_locked_pointer_v1 or zwp_confined_pointer_v1.
 *
 *   waiting ──pointer on its surface, in its region──▶ active ──pointer or keyboard taken away──▶ waiting (persistent)
 *                                                         └───────────────────────────────────────▶ over (oneshot)
 *      any ──destroyed──▶ over
 */
type State = 'waiting' | 'active' | 'over';

export class Constraint implements PointerConstraint {
  readonly surface: Surface;
  readonly #resource: ZwpLockedPointerV1Resource | ZwpConfinedPointerV1Resource;
  readonly #pointer: Pointer;
  readonly #mayAct: () => boolean;
  readonly #persistent: boolean;
  readonly #unsubscribe: () => void;
  #state: State = 'waiting';
  /** undefined: all of the surface. */
  #region: Region | undefined;
  #pendingRegion: { region: Region | undefined } | undefined;
  #hint: { x: number; y: number } | undefined;
  #pendingHint: { x: number; y: number } | undefined;

  constructor(
    resource: ZwpLockedPointerV1Resource | ZwpConfinedPointerV1Resource,
    surface: Surface,
    pointer: Pointer,
    region: WlRegionResource | null,
    lifetime: number,
    mayAct: () => boolean,
  ) {
    this.#resource = resource;
    this.surface = surface;
    this.#pointer = pointer;
    this.#region = region ? regionOf(region) : undefined;
    this.#mayAct = mayAct;
    this.#persistent = lifetime === ZwpPointerConstraintsV1Lifetime.persistent;
    this.#unsubscribe = surface.onApplied(() => this.#applied());
    resource.onDestroy(() => this.#end());
  }

  /** Looks whether it can act; to be called when the pointer has come to its surface or moved on it. */
  update(): void {
    if (this.#state !== 'waiting' || this.#pointer.focus !== this.surface || this.#pointer.constraint) return;
    const { view } = this.surface;
    if (!view || !this.#mayAct()) return;
    const x = view.localX(this.#pointer.x);
    const y = view.localY(this.#pointer.y);
    if (this.#region && !this.#region.contains(Math.floor(x), Math.floor(y))) return;
    this.#state = 'active';
    this.#pointer.constraint = this;
    if (this.#resource instanceof ZwpConfinedPointerV1Resource) this.#resource.sendConfined();
    else this.#resource.sendLocked();
  }

  /** The pointer was taken from its surface. */
  release(): void {
    if (this.#state !== 'active') return;
    this.#pointer.constraint = undefined;
    this.#state = this.#persistent ? 'waiting' : 'over';
    if (this.#resource instanceof ZwpConfinedPointerV1Resource) this.#resource.sendUnconfined();
    else this.#resource.sendUnlocked();
  }

  // ---- PointerConstraint

  place(x: number, y: number): { x: number; y: number } | 'locked' {
    const { view } = this.surface;
    if (!(this.#resource instanceof ZwpConfinedPointerV1Resource)) return 'locked';
    if (!view) return { x, y };
    const nearest = this.#nearest(view.localX(x), view.localY(y));
    return { x: view.originX + nearest.x * view.scale, y: view.originY + nearest.y * view.scale };
  }

  // ---- requests

  setRegion(region: WlRegionResource | null): void {
    this.#pendingRegion = { region: region ? regionOf(region) : undefined };
  }

  setCursorPositionHint(x: number, y: number): void {
    this.#pendingHint = { x, y };
  }

  // ----

  #applied(): void {
    if (this.#pendingHint) this.#hint = this.#pendingHint;
    this.#pendingHint = undefined;
    if (!this.#pendingRegion) return;
    this.#region = this.#pendingRegion.region;
    this.#pendingRegion = undefined;
    this.update();
  }

  #end(): void {
    this.#unsubscribe();
    if (this.#state === 'active') {
      this.#pointer.constraint = undefined;
      // Where the client has drawn a pointer of its own, so that the real one appears there.
      const { view } = this.surface;
      if (this.#hint && view && contains(view, this.#hint)) {
        const { x, y } = this.#hint;
        this.#pointer.warp(view.originX + x * view.scale, view.originY + y * view.scale);
      }
    }
    this.#state = 'over';
  }

  /** The place in the region that is nearest to one of the surface's units. */
  #nearest(x: number, y: number): { x: number; y: number } {
    const { width, height } = this.surface;
    if (!this.#region || this.#region.isEmpty) return clamp(x, y, 0, 0, width, height);
    const { rectangles, count } = this.#region;
    let best = { x, y };
    let shortest = Number.POSITIVE_INFINITY;
    for (let i = 0; i < count * 4; i += 4) {
      const [left, top] = [Math.max(0, rectangles[i]!), Math.max(0, rectangles[i + 1]!)];
      const right = Math.min(width, rectangles[i]! + rectangles[i + 2]!);
      const bottom = Math.min(height, rectangles[i + 1]! + rectangles[i + 3]!);
      if (right <= left || bottom <= top) continue;
      const place = clamp(x, y, left, top, right, bottom);
      const distance = Math.hypot(place.x - x, place.y - y);
      if (distance >= shortest) continue;
      shortest = distance;
      best = place;
    }
    return best;
  }
}

function clamp(
  x: number,
  y: number,
  left: number,
  top: number,
  right: number,
  bottom: number,
): { x: number; y: number } {
  return {
    x: Math.max(left, Math.min(right - INSIDE, x)),
    y: Math.max(top, Math.min(bottom - INSIDE, y)),
  };
}

function contains(view: View, place: { x: number; y: number }): boolean {
  const { width, height } = view.surface;
  return place.x >= 0 && place.y >= 0 && place.x < width && place.y < height;
}
