import {
  type WlPointerResource,
  type WlRegionResource,
  type WlSurfaceResource,
  type ZwpConfinedPointerV1Resource,
  type ZwpLockedPointerV1Resource,
  ZwpPointerConstraintsV1Error,
  type ZwpPointerConstraintsV1Requests,
  type ZwpPointerConstraintsV1Resource,
} from '@switchyard/wayland';
import { Surface } from '../surface/Surface.js';
import { Constraint } from './Constraint.js';
import type { Pointer } from './Pointer.js';
import type { Seat } from './Seat.js';

/**
 * The zwp_pointer_constraints_v1 global. A constraint holds only while the pointer is on its surface and the keyboard in
 * its window, and a session that is switched away loses both, so nobody can keep a person.
 */
export class PointerConstraints implements ZwpPointerConstraintsV1Requests {
  readonly #seat: Seat;
  readonly #pointer: Pointer;
  /** A surface has one at most. */
  readonly #constraints = new Map<Surface, Constraint>();

  constructor(seat: Seat) {
    const { pointer } = seat;
    this.#seat = seat;
    this.#pointer = pointer;
    pointer.onFocusChanged((surface) => {
      const active = pointer.constraint;
      if (active instanceof Constraint && active.surface !== surface) active.release();
      if (surface) this.#constraints.get(surface)?.update();
    });
    seat.keyboard.onFocusChanging(() => {
      const active = pointer.constraint;
      if (active instanceof Constraint && !this.#hasKeyboard(active.surface)) active.release();
      if (pointer.focus) this.#constraints.get(pointer.focus)?.update();
    });
    pointer.onMotion(() => {
      if (this.#constraints.size > 0 && pointer.focus) this.#constraints.get(pointer.focus)?.update();
      return false;
    });
  }

  lockPointer(
    manager: ZwpPointerConstraintsV1Resource,
    id: ZwpLockedPointerV1Resource,
    surfaceResource: WlSurfaceResource,
    _: WlPointerResource,
    region: WlRegionResource | null,
    lifetime: number,
  ): void {
    const constraint = this.#add(manager, id, surfaceResource, region, lifetime);
    id.implement({
      destroy() {},
      setCursorPositionHint: (_, x, y) => constraint?.setCursorPositionHint(x, y),
      setRegion: (_, changed) => constraint?.setRegion(changed),
    });
    constraint?.update();
  }

  confinePointer(
    manager: ZwpPointerConstraintsV1Resource,
    id: ZwpConfinedPointerV1Resource,
    surfaceResource: WlSurfaceResource,
    _: WlPointerResource,
    region: WlRegionResource | null,
    lifetime: number,
  ): void {
    const constraint = this.#add(manager, id, surfaceResource, region, lifetime);
    id.implement({ destroy() {}, setRegion: (_, changed) => constraint?.setRegion(changed) });
    constraint?.update();
  }

  destroy(): void {}

  #hasKeyboard(surface: Surface): boolean {
    const { windows } = this.#seat;
    return windows !== undefined && windows.toplevelOf(surface) === windows.focusedToplevel;
  }

  #add(
    manager: ZwpPointerConstraintsV1Resource,
    id: ZwpLockedPointerV1Resource | ZwpConfinedPointerV1Resource,
    surfaceResource: WlSurfaceResource,
    region: WlRegionResource | null,
    lifetime: number,
  ): Constraint | undefined {
    const surface = surfaceResource.handler;
    if (!(surface instanceof Surface)) return undefined;
    if (this.#constraints.has(surface)) {
      const text = `${surfaceResource} has a constraint already`;
      manager.postError(ZwpPointerConstraintsV1Error.already_constrained, text);
      return undefined;
    }
    const constraint = new Constraint(id, surface, this.#pointer, region, lifetime, () =>
      this.#hasKeyboard(surface),
    );
    this.#constraints.set(surface, constraint);
    const forget = surfaceResource.onDestroy(() => {
      constraint.release();
      this.#constraints.delete(surface);
    });
    id.onDestroy(() => {
      forget();
      if (this.#constraints.get(surface) === constraint) this.#constraints.delete(surface);
    });
    return constraint;
  }
}
