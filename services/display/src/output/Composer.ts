import { DrawList, Region } from '@switchyard/pixels';
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

  readonly #list = new DrawList();
  /** The scene's column that is the target's first. */
  #left = 0;

  /** Draws as `plan` says into pixels of `stride` bytes a row. */
  compose(target: Uint8Array, stride: number, scene: Scene, area: Region, output?: Output): void {
    this.plan(scene, area, output).draw(target, stride);
  }

  /**
   * What is to be drawn so that `area` (which lies inside the target, in its pixels) shows the scene: what is on that output,
   * or without one all. Valid until the next call.
   */
  plan(scene: Scene, area: Region, output?: Output): DrawList {
    const list = this.#list.clear();
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
    const r = rest.rectangles;
    for (let i = 0; i < rest.count * 4; i += 4)
      list.fill(r[i]! - left, r[i + 1]!, r[i + 2]!, r[i + 3]!, background);
    for (let i = 0; i < count; i++) {
      const visible = this.#visible[i]!;
      if (visible.isEmpty) continue;
      if (views[i]!.exact) this.#addExact(list, views[i]!, visible);
      else this.#addScaled(list, views[i]!, visible);
    }
    return list;
  }

  #addExact(list: DrawList, view: View, visible: Region): void {
    const pixels = view.surface.pixels;
    if (!pixels) return;
    const source = list.source(pixels.bytes);
    const part = this.#part;
    this.#addPart(list, 'copy', view, source, part.copyFrom(visible).intersectRegion(view.opaque));
    this.#addPart(list, 'blend', view, source, part.copyFrom(visible).subtractRegion(view.opaque));
  }

  #addPart(list: DrawList, how: 'copy' | 'blend', view: View, source: number, part: Region): void {
    const { stride } = view.surface.pixels!;
    const left = this.#left;
    const r = part.rectangles;
    for (let i = 0; i < part.count * 4; i += 4) {
      const x = r[i]!;
      const y = r[i + 1]!;
      list.image(how, x - left, y, source, stride, x - view.x, y - view.y, r[i + 2]!, r[i + 3]!);
    }
  }

  #addScaled(list: DrawList, view: View, visible: Region): void {
    const { pixels, mapping } = view.surface;
    if (!pixels || !mapping) return;
    const { source } = mapping;
    const left = this.#left;
    if (left !== 0) visible.translate(-left, 0);
    // biome-ignore format: two images, one line each
    list.scale(view.x - left, view.y, view.width, view.height, visible,
      list.source(pixels.bytes), pixels.stride,
      Math.round(source.x * 256), Math.round(source.y * 256), Math.round(source.width * 256), Math.round(source.height * 256),
      mapping.transform, pixels.opaque);
  }
}
