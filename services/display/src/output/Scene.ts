import type { Region } from '@switchyard/pixels';
import type { Surface } from '../surface/Surface.js';
import type { Output } from './Output.js';
import { View } from './View.js';

/**
 * What a session shows: its surfaces' views from the bottom to the top.
 *
 * It is built anew whenever something moved; the views of the last build stay until the next one, so that the
 * difference of the two is the damage. View objects are reused.
 */
export class Scene {
  #views: View[] = [];
  #count = 0;
  #before: View[] = [];
  #beforeCount = 0;
  /** Surfaces know of the view that input and output are about. */
  readonly #known: boolean;

  /** `known`: false for a picture of surfaces that may be shown elsewhere too. */
  constructor(known = true) {
    this.#known = known;
  }

  get views(): readonly View[] {
    return this.#views;
  }
  get count(): number {
    return this.#count;
  }

  /** Rebuilds by calling `add` for each tree from the bottom to the top; adds what is different now to `damage`. */
  rebuild(build: (scene: this) => void, damage: Region): void {
    const views = this.#before;
    this.#before = this.#views;
    this.#beforeCount = this.#count;
    this.#views = views;
    this.#count = 0;
    for (let i = 0; i < this.#beforeCount; i++) {
      const view = this.#before[i]!;
      // A lock surface goes from one session's scene to the next one's.
      if (view.surface.view === view) view.surface.view = undefined;
    }
    build(this);
    this.#addDifference(damage);
  }

  /**
   * A surface with its sub-surfaces; (x, y) is its origin in pixels. `output`: where it was put. `spreads`: what reaches beyond
   * that is seen too.
   */
  add(surface: Surface, x: number, y: number, scale: number, output?: Output, spreads = false): void {
    for (const part of surface.order) {
      if (part === surface) this.#addOne(surface, x, y, scale, output, spreads);
      else if (part.mapped) {
        const place = part.role as { x?: number; y?: number };
        this.add(part, x + (place.x ?? 0) * scale, y + (place.y ?? 0) * scale, scale, output, spreads);
      }
    }
  }

  /** The topmost view that takes input at this point, which is on that output; without one, wherever it is. */
  at(x: number, y: number, output?: Output): View | undefined {
    for (let i = this.#count - 1; i >= 0; i--) {
      const view = this.#views[i]!;
      if (output && !view.isOn(output)) continue;
      if (view.accepts(x, y)) return view;
    }
    return undefined;
  }

  /** The view that hides everything else of an output and has its pixels as they are there, if one does. Hot. */
  covering(output: Output): View | undefined {
    const { width, height } = output.mode;
    for (let i = this.#count - 1; i >= 0; i--) {
      const view = this.#views[i]!;
      if (!view.isOn(output)) continue;
      const covers = view.x === output.x && view.y === 0 && view.width === width && view.height === height;
      return covers && view.exact && view.opaque.area === width * height ? view : undefined;
    }
    return undefined;
  }

  #addOne(
    surface: Surface,
    x: number,
    y: number,
    scale: number,
    output: Output | undefined,
    spreads: boolean,
  ): void {
    if (this.#count === this.#views.length) this.#views.push(new View());
    const view = this.#views[this.#count++]!;
    view.set(surface, x, y, scale, output, spreads);
    if (this.#known) surface.view = view;
  }

  #addDifference(damage: Region): void {
    const most = Math.max(this.#count, this.#beforeCount);
    for (let i = 0; i < most; i++) {
      const now = i < this.#count ? this.#views[i] : undefined;
      const then = i < this.#beforeCount ? this.#before[i] : undefined;
      if (now && then && now.isSameAs(then)) continue;
      if (now) damage.add(now.x, now.y, now.width, now.height);
      if (then) damage.add(then.x, then.y, then.width, then.height);
    }
  }
}
