import { blendRectangle, copyRectangle, fillRectangle, Region, scaleBlend } from '@switchyard/pixels';
import type { Output } from './Output.js';
import type { Scene } from './Scene.js';
import type { View } from './View.js';

/** A session that shows nothing, and what a smaller window leaves free. */
export const background = 0xff1b1e23;

/**
 * Draws scenes. From the top down it works out what of each view can be seen, so that every pixel is written as seldom
 * as possible: a window that fills the output is one copy. Hot: allocates nothing in the steady state.
 */
export class Composer {
  readonly #visible: Region[] = [];
  readonly #rest = new Region();
  readonly #part = new Region();

  /** The scene's column that is the target's first. */
  #left = 0;

  /**
   * Draws `area` (which lies inside the target, in its pixels) of the scene into pixels of `stride` bytes a row: what is on
   * that output, or without one all.
   */
  compose(target: Uint8Array, stride: number, scene: Scene, area: Region, output?: Output): void {
    const rest = this.#rest.copyFrom(area);
    const left = output?.x ?? 0;
    this.#left = left;
    if (left !== 0) rest.translate(left, 0);
    const { views, count } = scene;
    for (let i = count - 1; i >= 0; i--) {
      const view = views[i]!;
      this.#visible[i] ??= new Region();
      const visible = this.#visible[i]!;
      if (output && !view.isOn(output)) {
        visible.clear();
        continue;
      }
      visible.copyFrom(rest).intersect(view.x, view.y, view.width, view.height);
      if (!view.opaque.isEmpty) rest.subtractRegion(view.opaque);
    }
    const { rectangles } = rest;
    for (let i = 0; i < rest.count * 4; i += 4) {
      // biome-ignore format: one rectangle, one line
      fillRectangle(target, stride, rectangles[i]! - left, rectangles[i + 1]!, rectangles[i + 2]!, rectangles[i + 3]!, background);
    }
    for (let i = 0; i < count; i++) {
      const visible = this.#visible[i]!;
      if (visible.isEmpty) continue;
      if (views[i]!.exact) this.#drawExact(target, stride, views[i]!, visible);
      else this.#drawScaled(target, stride, views[i]!, visible);
    }
  }

  #drawExact(target: Uint8Array, stride: number, view: View, visible: Region): void {
    const pixels = view.surface.pixels;
    if (!pixels) return;
    const left = this.#left;
    const part = this.#part.copyFrom(visible).intersectRegion(view.opaque);
    let r = part.rectangles;
    for (let i = 0; i < part.count * 4; i += 4) {
      const x = r[i]!;
      const y = r[i + 1]!;
      // biome-ignore format: two images, one line each
      copyRectangle(target, stride, x - left, y,
        pixels.bytes, pixels.stride, x - view.x, y - view.y, r[i + 2]!, r[i + 3]!);
    }
    part.copyFrom(visible).subtractRegion(view.opaque);
    r = part.rectangles;
    for (let i = 0; i < part.count * 4; i += 4) {
      const x = r[i]!;
      const y = r[i + 1]!;
      // biome-ignore format: two images, one line each
      blendRectangle(target, stride, x - left, y,
        pixels.bytes, pixels.stride, x - view.x, y - view.y, r[i + 2]!, r[i + 3]!);
    }
  }

  #drawScaled(target: Uint8Array, stride: number, view: View, visible: Region): void {
    const { pixels, mapping } = view.surface;
    if (!pixels || !mapping) return;
    const { source } = mapping;
    const left = this.#left;
    if (left !== 0) visible.translate(-left, 0);
    // biome-ignore format: two images, one line each
    scaleBlend(target, stride, view.x - left, view.y, view.width, view.height, visible,
      pixels.bytes, pixels.stride,
      Math.round(source.x * 256), Math.round(source.y * 256), Math.round(source.width * 256), Math.round(source.height * 256),
      mapping.transform, pixels.opaque);
  }
}
