import { Region } from '@switchyard/pixels';
import type { Size } from '../geometry/BufferMapping.js';
import type { Grabbable } from '../input/PointerGrab.js';
import { FramesDue } from '../output/FramesDue.js';
import type { Output, Shown } from '../output/Output.js';
import type { Outputs } from '../output/Outputs.js';
import { Scene } from '../output/Scene.js';
import type { Swapchain } from '../output/Swapchain.js';
import type { View } from '../output/View.js';
import type { Edges, ShellPolicy, ToplevelConfiguration } from '../shell/ShellPolicy.js';
import { WindowDrag } from '../shell/WindowDrag.js';
import type { XdgPopup } from '../shell/XdgPopup.js';
import type { XdgSurface } from '../shell/XdgSurface.js';
import type { XdgToplevel } from '../shell/XdgToplevel.js';
import type { Surface } from '../surface/Surface.js';
import { Placement } from './Placement.js';
import { WindowCycle } from './WindowCycle.js';

/** What became of a window, for those who list them. */
export type ToplevelNews = 'mapped' | 'renamed' | 'unmapped';

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

export interface WindowsEvents {
  toplevel(news: ToplevelNews, toplevel: XdgToplevel): void;
  /** There is a window more to be seen. */
  mapped(): void;
  lastRemoved(): void;
  titleChanged(title: string): void;
  /** The surface that should have the keyboard may be another one. */
  focusChanged(): void;
  /** Surfaces moved: what is under the pointer may be another one. */
  rearranged(): void;
}

/**
 * The windows of one session: its toplevels in stacking order, their popups, and the scene that they make. It does not
 * know whether it is on the screen; whoever puts it there makes outputs show it. The scene is in pixels of the space of
 * all outputs.
 */
export class Windows implements Shown {
  readonly scene = new Scene();
  readonly #policy: ShellPolicy;
  readonly #outputs: Outputs;
  readonly #placement: Placement<XdgToplevel>;
  readonly #on: WindowsEvents;
  /** All toplevels; mapped ones in the order of their mapping or raising. */
  #stack: XdgToplevel[] = [];
  #cycle: WindowCycle<XdgToplevel> | undefined;
  /** Mapped popups that grab, the topmost last. */
  readonly #grabs: XdgPopup[] = [];
  /** What is shown above everything else, with its place in output units: a drag icon. */
  #overlay: Overlay | undefined;
  /** What an input method shows, below that. */
  #inputPopups: readonly Overlay[] = [];
  /** Not part of the scene, but shown: gets its frame callbacks with the others. */
  #cursor: { surface: Surface; output: Output } | undefined;
  #drag: { toplevel: XdgToplevel; drag: WindowDrag } | undefined;
  #curtain: Curtain | undefined;
  #dirty = true;
  /** Work regions of a rebuild. */
  readonly #moved = new Region();
  readonly #part = new Region();
  readonly watchers = new Set<WindowsWatcher>();
  readonly #due = new Map<Output, FramesDue>();

  constructor(policy: ShellPolicy, outputs: Outputs, on: WindowsEvents) {
    this.#policy = policy;
    this.#outputs = outputs;
    this.#placement = new Placement(outputs);
    this.#on = on;
  }

  get acceptsUnconfigured(): boolean {
    return this.#policy.acceptsUnconfigured;
  }
  get shown(): boolean {
    return this.#outputs.list.some((output) => output.shown === this);
  }
  get toplevels(): readonly XdgToplevel[] {
    return this.#stack;
  }
  /** The surface that has the keyboard while the session is active. */
  get focus(): Surface | undefined {
    if (this.#curtain) return this.#curtainSurface;
    const grab = this.#grabs.at(-1);
    return grab ? grab.xdgSurface.surface : this.focusedToplevel?.xdgSurface.surface;
  }
  get focusedToplevel(): XdgToplevel | undefined {
    return this.#policy.focus(this.#stack);
  }
  get grab(): XdgPopup | undefined {
    return this.#curtain ? undefined : this.#grabs.at(-1);
  }
  /** Hides everything, until it is taken away again. Whoever changes it looks after the seat. */
  get curtain(): Curtain | undefined {
    return this.#curtain;
  }
  setCurtain(curtain: Curtain | undefined): void {
    this.#curtain = curtain;
    this.changed();
  }

  configurationOf(toplevel: XdgToplevel): ToplevelConfiguration {
    return this.#policy.configuration(toplevel, this.#stack, this.outputOf(toplevel));
  }

  /** Where a toplevel is, or is going to be. */
  outputOf(toplevel: XdgToplevel): Output {
    const known = this.#placement.known(toplevel);
    if (known) return known;
    const output = this.#placement.of(toplevel, this.focusedToplevel);
    toplevel.xdgSurface.surface.host.outputsChanged(toplevel.xdgSurface.surface);
    return output;
  }

  /** What a window and its popups may cover, in units of its output. */
  boundsOf(xdgSurface: XdgSurface): Size {
    if (this.#outputs.only) return this.#outputs.only;
    const toplevel = this.#stack.find((each) => owns(each.xdgSurface, xdgSurface.surface));
    return toplevel ? this.outputOf(toplevel) : this.#outputs.first;
  }

  /** Whose scale a surface that is not to be seen should be drawn by. */
  outputOfSurface(surface: Surface): Output | undefined {
    const toplevel = this.#outputs.only ? undefined : this.toplevelOf(surface);
    return toplevel && this.#placement.known(toplevel);
  }

  /** The program wants it there, or the person. */
  moveTo(toplevel: XdgToplevel, output: Output): void {
    if (this.#placement.known(toplevel) === output) return;
    this.#placement.move(toplevel, output);
    this.#rearrange();
  }

  /** The window in front goes to the next output (WindowChord). */
  moveFocused(step: 1 | -1): boolean {
    const toplevel = this.#curtain ? undefined : this.focusedToplevel;
    const { list } = this.#outputs;
    if (!toplevel || list.length < 2) return false;
    const from = list.indexOf(this.outputOf(toplevel));
    this.moveTo(toplevel, list[(from + step + list.length) % list.length]!);
    return true;
  }

  /** Somebody types or looks at this output: what is in front there gets the keyboard. */
  turnTo(output: Output): void {
    if (this.#outputs.only || this.#curtain || this.#grabs.length > 0) return;
    const focused = this.focusedToplevel;
    if (focused && this.outputOf(focused) === output) return;
    const toplevel = this.#policy.focus(this.#stackOn(output));
    if (toplevel) this.raise(toplevel);
  }

  // ---- what toplevels and popups tell

  created(toplevel: XdgToplevel): void {
    this.#stack.unshift(toplevel);
  }

  /** Menus close: the new window gets the keyboard. */
  mapped(toplevel: XdgToplevel): void {
    this.dismissPopups();
    this.raise(toplevel);
    this.#on.toplevel('mapped', toplevel);
    this.#on.mapped();
  }

  /** Its dialogs become its parent's. */
  unmapped(toplevel: XdgToplevel): void {
    this.#on.toplevel('unmapped', toplevel);
    this.#placement.forget(toplevel);
    if (this.#drag?.toplevel === toplevel) this.#drag.drag.end();
    for (const other of this.#stack) if (other.parent === toplevel) other.parent = toplevel.parent;
    this.#restacked();
  }

  removed(toplevel: XdgToplevel): void {
    const index = this.#stack.indexOf(toplevel);
    if (index < 0) return;
    this.#stack.splice(index, 1);
    this.#placement.forget(toplevel);
    this.#on.toplevel('unmapped', toplevel);
    this.#restacked();
    if (this.#stack.length === 0) this.#on.lastRemoved();
  }

  /** Puts it on top, and gives it the keyboard. */
  raise(toplevel: XdgToplevel): void {
    const index = this.#stack.indexOf(toplevel);
    if (index >= 0) this.#stack.splice(index, 1);
    this.#stack.push(toplevel);
    this.#restacked();
  }

  /** A person moves the window, or these edges of it, with what is held down. */
  drag(toplevel: XdgToplevel, held: Grabbable, edges: Edges | undefined): void {
    const motion = this.#policy.drag(toplevel, edges);
    if (!motion) return;
    const changed = (): void => {
      this.changed();
      toplevel.configure();
    };
    this.#drag = {
      toplevel,
      drag: new WindowDrag(held, motion, () => this.outputOf(toplevel).scale, changed),
    };
  }

  /** Brings another window to the front (WindowChord). */
  cycle(step: 1 | -1): boolean {
    const order = this.#policy.windows(this.#stack);
    if (order.length < 2) return false;
    this.#cycle ??= new WindowCycle(order, this.#stack);
    this.#stack = this.#cycle.step(step, this.#stack);
    this.#restacked();
    return true;
  }

  endCycle(): void {
    this.#cycle = undefined;
  }

  titleChanged(toplevel: XdgToplevel): void {
    this.#on.toplevel('renamed', toplevel);
    if (toplevel !== this.focusedToplevel && this.#stack.length > 1) return;
    this.#on.titleChanged(toplevel.title || toplevel.appId);
  }

  popupMapped(popup: XdgPopup): void {
    if (popup.grabs) this.#grabs.push(popup);
    this.changed();
    this.#on.focusChanged();
  }

  popupUnmapped(popup: XdgPopup): void {
    const index = this.#grabs.indexOf(popup);
    if (index >= 0) this.#grabs.splice(index, 1);
    this.changed();
    this.#on.focusChanged();
  }

  /** The person clicked elsewhere. */
  dismissPopups(): void {
    for (let popup = this.#grabs.at(-1); popup; popup = this.#grabs.at(-1)) popup.dismiss();
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

  /** An output has another size or place, came or went: everything is told where it is now. */
  outputsChanged(): void {
    this.#rearrange();
    this.#reconstrain();
  }

  /** Who waited for a frame on it waits for one elsewhere. */
  outputRemoved(output: Output): void {
    const due = this.#due.get(output);
    this.#due.delete(output);
    const { first } = this.#outputs;
    if (this.#cursor?.output === output) this.#cursor.output = first;
    if (due?.moveTo(this.#dueOn(first)) && first.shown === this) first.wantFrame();
  }

  // ---- what surfaces tell

  /** Something moved, appeared or went: the scene is built anew before the next frame. */
  changed(): void {
    this.#dirty = true;
    for (const watcher of this.watchers) watcher.changed();
    for (const output of this.#outputs.list) if (output.shown === this) output.schedule();
  }

  damaged(surface: Surface, damage: Region): void {
    for (const watcher of this.watchers) watcher.damaged(surface, damage);
    const { view } = surface;
    if (!view) return;
    for (const output of this.#outputs.list) {
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
    for (const output of this.#outputs.list)
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
    return this.scene.at(x, y);
  }

  /** Brings the scene up to date outside of a frame. */
  refresh(): void {
    if (this.#dirty) this.#rebuild(undefined);
  }

  /** The toplevel whose window the surface is part of; for a popup, the one below it. */
  toplevelOf(surface: Surface): XdgToplevel | undefined {
    const root = surface.root;
    return this.#stack.find((toplevel) => owns(toplevel.xdgSurface, root));
  }

  #restacked(): void {
    this.changed();
    for (const toplevel of this.#stack) toplevel.configure();
    this.#on.focusChanged();
    const focused = this.focusedToplevel;
    if (focused && (focused.title || focused.appId)) this.#on.titleChanged(focused.title || focused.appId);
  }

  #rearrange(): void {
    for (const toplevel of this.#stack) {
      const { surface } = toplevel.xdgSurface;
      // What is covered hears where it is before it is seen there.
      if (surface.outputs.length > 0 && !surface.outputs.includes(this.outputOf(toplevel)))
        surface.showOn(this.outputOf(toplevel).alone);
      toplevel.configure();
    }
    this.changed();
    this.#refreshPlaces();
  }

  /** Builds the scene anew, and tells outputs what is different; `presenting` asks for it. */
  #rebuild(presenting: Output | undefined): void {
    this.#dirty = false;
    this.#refreshPlaces();
    const { only, list } = this.#outputs;
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
    this.#on.rearranged();
  }

  #outputsOf(view: View): readonly Output[] {
    const { list, only } = this.#outputs;
    const { output, surface } = view;
    if (!output) return [];
    const within = view.x >= output.x && view.x + view.width <= output.x + output.mode.width;
    if (only || within) return output.alone;
    const outputs = list.filter((each) => each === output || view.isOn(each));
    const same =
      outputs.length === surface.outputs.length && outputs.every((each, i) => each === surface.outputs[i]);
    return same ? surface.outputs : outputs;
  }

  #dueOn(output: Output): FramesDue {
    const known = this.#due.get(output);
    if (known) return known;
    const due = new FramesDue();
    this.#due.set(output, due);
    return due;
  }

  #stackOn(output: Output): readonly XdgToplevel[] {
    if (this.#outputs.only) return this.#stack;
    return this.#stack.filter((toplevel) => toplevel.mapped && this.outputOf(toplevel) === output);
  }

  get #curtainSurface(): Surface | undefined {
    for (const output of this.#outputs.list) {
      const surface = this.#curtain?.surfaceOn(output);
      if (surface) return surface;
    }
    return undefined;
  }

  /** Where the policy puts each toplevel. Popups that follow are placed anew when that has changed. */
  #refreshPlaces(): void {
    let moved = false;
    for (const output of this.#outputs.list) {
      this.#policy.arrange(this.#stackOn(output), output, (toplevel, x, y, scale) => {
        const { place } = toplevel.xdgSurface;
        moved ||= place.x !== x || place.y !== y || place.scale !== scale;
        place.x = x;
        place.y = y;
        place.scale = scale;
      });
    }
    if (moved) this.#reconstrain();
  }

  #reconstrain(): void {
    for (const toplevel of this.#stack) reconstrain(toplevel.xdgSurface);
  }

  #build(): void {
    for (const output of this.#outputs.list) this.#buildOn(output);
    if (this.#curtain) return;
    for (const { surface, output, x, y } of [
      ...this.#inputPopups,
      ...(this.#overlay ? [this.#overlay] : []),
    ]) {
      const pixels = output.scale;
      const left = output.x + Math.round(x * pixels);
      if (surface.pixels) this.scene.add(surface, left, Math.round(y * pixels), pixels, output);
    }
  }

  #buildOn(output: Output): void {
    const pixels = output.scale;
    if (this.#curtain) {
      const surface = this.#curtain.surfaceOn(output);
      // It is on one scene at a time: that of the session in front.
      if (surface && output.shown === this) this.scene.add(surface, output.x, 0, pixels, output);
      return;
    }
    this.#policy.arrange(this.#stackOn(output), output, (toplevel, x, y, scale) => {
      const left = output.x + Math.round(x * pixels);
      addWindow(this.scene, toplevel.xdgSurface, left, Math.round(y * pixels), scale * pixels, output);
    });
  }
}

/** A window and its popups, with its window geometry's corner at (x, y) in pixels. `output`: where it was put. */
export function addWindow(
  scene: Scene,
  xdgSurface: XdgSurface,
  x: number,
  y: number,
  scale: number,
  output?: Output,
): void {
  const { geometry } = xdgSurface;
  scene.add(xdgSurface.surface, x - geometry.x * scale, y - geometry.y * scale, scale, output);
  for (const popup of xdgSurface.popups) {
    if (!popup.mapped) continue;
    const { x: left, y: top } = popup.geometry;
    addWindow(scene, popup.xdgSurface, x + left * scale, y + top * scale, scale, output);
  }
}

function reconstrain(xdgSurface: XdgSurface): void {
  for (const popup of xdgSurface.popups) {
    popup.reconstrain();
    reconstrain(popup.xdgSurface);
  }
}

function owns(xdgSurface: XdgSurface, root: Surface): boolean {
  return xdgSurface.surface === root || xdgSurface.popups.some((popup) => owns(popup.xdgSurface, root));
}
