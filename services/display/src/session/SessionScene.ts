import { Region } from '@switchyard/pixels';
import { FramesDue } from '../output/FramesDue.js';
import type { Output } from '../output/Output.js';
import type { Outputs } from '../output/Outputs.js';
import { Scene } from '../output/Scene.js';
import type { Shown } from '../output/Shown.js';
import type { Swapchain } from '../output/Swapchain.js';
import type { View } from '../output/View.js';
import type { Surface } from '../surface/Surface.js';

/** A surface above all windows, with its place in units of an output. */
export interface Overlay {
  readonly surface: Surface;
  readonly output: Output;
  readonly x: number;
  readonly y: number;
}

/** What hides a session's windows: on each output its surface, when there is one, and else nothing but the background. */
export interface Curtain {
  surfaceOn(output: Output): Surface | undefined;
}

/** Who looks at the windows beside the outputs. */
export interface WindowsWatcher {
  /** `damage` in surface units. Hot. */
  damaged(surface: Surface, damage: Region): void;
  /** Something moved, appeared or went. */
  changed(): void;
}

/**
 * What a session shows on the outputs, as a scene in pixels of the space of all of them, and who waits for frames of it.
 * Of what windows there are and where they stand it knows what `buildOn` adds.
 *
 *   built ──changed──▶ dirty ──frame of an output | somebody asks what is where──▶ built
 */
export abstract class SessionScene implements Shown {
  readonly scene = new Scene();
  readonly watchers = new Set<WindowsWatcher>();
  protected readonly outputs: Outputs;
  /** What is shown above everything else: a drag icon. */
  #overlay: Overlay | undefined;
  /** What an input method shows, below that. */
  #inputPopups: readonly Overlay[] = [];
  /** Not part of the scene, but shown: gets its frame callbacks with the others. */
  #cursor: { surface: Surface; output: Output } | undefined;
  #curtain: Curtain | undefined;
  #dirty = true;
  /** Work regions of a rebuild. */
  readonly #moved = new Region();
  readonly #part = new Region();
  readonly #due = new Map<Output, FramesDue>();

  constructor(outputs: Outputs) {
    this.outputs = outputs;
  }

  get shown(): boolean {
    return this.outputs.list.some((output) => output.shown === this);
  }
  /** Hides everything, until it is taken away again. Whoever changes it looks after the seat. */
  get curtain(): Curtain | undefined {
    return this.#curtain;
  }
  /** The first of its surfaces, from the left. */
  protected get curtainSurface(): Surface | undefined {
    for (const output of this.outputs.list) {
      const surface = this.#curtain?.surfaceOn(output);
      if (surface) return surface;
    }
    return undefined;
  }

  setCurtain(curtain: Curtain | undefined): void {
    this.#curtain = curtain;
    this.changed();
  }

  setInputPopups(popups: readonly Overlay[]): void {
    if (popups.length === 0 && this.#inputPopups.length === 0) return;
    this.#inputPopups = popups;
    this.changed();
  }

  setOverlay(overlay: Overlay | undefined): void {
    this.#overlay = overlay;
    this.changed();
  }

  /** `output`: where the pointer is. */
  setCursorSurface(surface: Surface | undefined, output: Output): void {
    this.#cursor = surface && { surface, output };
    if (surface && surface.frames.length > 0) this.frameRequested(surface);
  }

  /** Who waited for a frame on it waits for one elsewhere. */
  outputRemoved(output: Output): void {
    const due = this.#due.get(output);
    this.#due.delete(output);
    const { first } = this.outputs;
    if (this.#cursor?.output === output) this.#cursor.output = first;
    if (due?.moveTo(this.#dueOn(first)) && first.shown === this) first.wantFrame();
  }

  // ---- what surfaces tell

  /** Something moved, appeared or went: the scene is built anew before the next frame. */
  changed(): void {
    this.#dirty = true;
    for (const watcher of this.watchers) watcher.changed();
    for (const output of this.outputs.list) if (output.shown === this) output.schedule();
  }

  damaged(surface: Surface, damage: Region): void {
    for (const watcher of this.watchers) watcher.damaged(surface, damage);
    const { view } = surface;
    if (!view) return;
    for (const output of this.outputs.list) {
      if (output.shown !== this || !view.isOn(output)) continue;
      view.addToOutput(damage, output.damage, output.x);
      output.schedule();
    }
  }

  /** Where the surface's pixels can be copied to be shown, while nothing else is. Hot. */
  directly(surface: Surface): Swapchain | undefined {
    const output = surface.view?.output;
    return output?.shown === this && !this.#dirty ? output.directly(surface, this.scene) : undefined;
  }

  frameRequested(surface: Surface): void {
    const on = surface === this.#cursor?.surface ? this.#cursor.output : surface.view?.output;
    if (!on && !this.#dirty) return;
    for (const output of this.outputs.list)
      if (output.shown === this && (!on || on === output)) output.wantFrame();
  }

  // ---- Shown

  prepare(output: Output): void {
    if (this.#dirty) this.#rebuild(output);
  }

  composed(output: Output): void {
    const due = this.#dueOn(output);
    const { views, count } = this.scene;
    for (let i = 0; i < count; i++) if (views[i]!.output === output) due.collect(views[i]!.surface);
    if (this.#cursor?.output === output) due.collect(this.#cursor.surface);
  }

  flipped(output: Output, time: bigint, sequence: number): void {
    this.#due.get(output)?.flipped(output, time, sequence);
  }

  // ---- what input asks

  /** The topmost view that takes input at this point. */
  at(x: number, y: number): View | undefined {
    this.refresh();
    const { outputs } = this;
    return this.scene.at(x, y, outputs.only ? undefined : outputs.at(x));
  }

  /** Brings the scene up to date outside of a frame. */
  refresh(): void {
    if (this.#dirty) this.#rebuild(undefined);
  }

  // ---- whose windows these are

  /** Finds out where everything is, before a rebuild. */
  protected abstract refreshPlaces(): void;
  /** Adds an output's windows to the scene, from the bottom to the top. */
  protected abstract buildOn(output: Output): void;
  /** Surfaces moved: what is under the pointer may be another one. */
  protected abstract rearranged(): void;

  /** `presenting` asks for it; other outputs are told that there is something new on them. */
  #rebuild(presenting: Output | undefined): void {
    this.#dirty = false;
    this.refreshPlaces();
    const { only, list } = this.outputs;
    const area = only?.shown === this ? only.damage : this.#moved.clear();
    this.scene.rebuild(() => this.#build(), area);
    if (!only) {
      for (const output of list) {
        if (output.shown !== this) continue;
        output.damage.addRegion(this.#part.copyFrom(area).translate(-output.x, 0));
        if (output !== presenting) output.schedule();
      }
    }
    const { views, count } = this.scene;
    for (let i = 0; i < count; i++) views[i]!.surface.showOn(this.#outputsOf(views[i]!));
    this.rearranged();
  }

  #build(): void {
    if (this.#curtain) {
      for (const output of this.outputs.list) {
        const surface = this.#curtain.surfaceOn(output);
        // It is on one scene at a time: that of the session in front.
        if (surface && output.shown === this) this.scene.add(surface, output.x, 0, output.scale, output);
      }
      return;
    }
    for (const output of this.outputs.list) this.buildOn(output);
    for (const popup of this.#inputPopups) this.#addOverlay(popup);
    if (this.#overlay) this.#addOverlay(this.#overlay);
  }

  #addOverlay({ surface, output, x, y }: Overlay): void {
    const pixels = output.scale;
    const left = output.x + Math.round(x * pixels);
    if (surface.pixels) this.scene.add(surface, left, Math.round(y * pixels), pixels, output, true);
  }

  #outputsOf(view: View): readonly Output[] {
    const { list, only } = this.outputs;
    const { output, surface } = view;
    if (!output) return [];
    if (only || !view.spreads) return output.alone;
    const outputs = list.filter((each) => each === output || view.isOn(each));
    const before = surface.outputs;
    const same = outputs.length === before.length && outputs.every((each, i) => each === before[i]);
    return same ? before : outputs;
  }

  #dueOn(output: Output): FramesDue {
    const known = this.#due.get(output);
    if (known) return known;
    const due = new FramesDue();
    this.#due.set(output, due);
    return due;
  }
}
