import type { DrawList } from '@switchyard/pixels';
import type { Client } from '@switchyard/wayland';
import type { SurfacePixels } from '../surface/SurfacePixels.js';
import type { Output } from './Output.js';
import type { Scene } from './Scene.js';
import type { Frame } from './Swapchain.js';

/**
 * A frame that another thread draws. What it reads is not written until it is done: the clients whose surfaces are seen are
 * not read on meanwhile, and what changes by itself (a client ends) changes elsewhere. Nobody else draws into the frame.
 *
 *   drawing ──cancel: the screen or its size is another one──▶ cancelled ──done──▶ (the frame is spoilt)
 *      └──────────────────────────────done─────────────────────────────────────▶ (the frame is shown)
 */
export class DrawingApart {
  readonly frame: Frame;
  #cancelled = false;
  readonly #pixels: SurfacePixels[] = [];
  readonly #clients = new Set<Client>();

  /** `done` is told whether the frame is what it should be. */
  constructor(frame: Frame, list: DrawList, scene: Scene, output: Output, done: (good: boolean) => void) {
    this.frame = frame;
    frame.drawing = true;
    for (let i = 0; i < scene.count; i++) {
      const view = scene.views[i]!;
      const { pixels, state } = view.surface;
      if (!pixels || !view.isOn(output)) continue;
      pixels.beginReading();
      this.#pixels.push(pixels);
      if (this.#clients.has(state.client)) continue;
      this.#clients.add(state.client);
      state.client.pauseReading();
    }
    void list.drawApart(frame.pixels.bytes, frame.pixels.stride).then(() => {
      frame.drawing = false;
      for (const pixels of this.#pixels) pixels.endReading();
      for (const client of this.#clients) client.resumeReading();
      done(!this.#cancelled);
    });
  }

  cancel(): void {
    this.#cancelled = true;
  }
}
