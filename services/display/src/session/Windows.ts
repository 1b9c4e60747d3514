import { Region } from '@switchyard/pixels';
import type { Size } from '../geometry/BufferMapping.js';
import type { Grabbable } from '../input/PointerGrab.js';
import { FramesDue } from '../output/FramesDue.js';
import type { Output, Shown } from '../output/Output.js';
import { Scene } from '../output/Scene.js';
import type { View } from '../output/View.js';
import type { Edges, ShellPolicy, ToplevelConfiguration } from '../shell/ShellPolicy.js';
import { WindowDrag } from '../shell/WindowDrag.js';
import type { XdgPopup } from '../shell/XdgPopup.js';
import type { XdgSurface } from '../shell/XdgSurface.js';
import type { XdgToplevel } from '../shell/XdgToplevel.js';
import type { Surface } from '../surface/Surface.js';
import { WindowCycle } from './WindowCycle.js';

/** What became of a window, for those who list them. */
export type ToplevelNews = 'mapped' | 'renamed' | 'unmapped';

/** A surface above all windows, with its place in output units. */
export interface Overlay {
  readonly surface: Surface;
  readonly x: number;
  readonly y: number;
}

/** What hides a session's windows: its surface, when there is one, and else nothing but the background. */
export interface Curtain {
  readonly surface: Surface | undefined;
}

/** Who looks at the windows beside the output. */
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
 * know whether it is on the screen; whoever puts it there makes the output show it.
 */
export class Windows implements Shown {
  readonly scene = new Scene();
  readonly #policy: ShellPolicy;
  readonly #output: Output;
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
  #cursor: Surface | undefined;
  #drag: { toplevel: XdgToplevel; drag: WindowDrag } | undefined;
  #curtain: Curtain | undefined;
  #dirty = true;
  readonly #unseen = new Region();
  readonly watchers = new Set<WindowsWatcher>();
  readonly #due = new FramesDue();

  constructor(policy: ShellPolicy, output: Output, on: WindowsEvents) {
    this.#policy = policy;
    this.#output = output;
    this.#on = on;
  }

  /** What toplevels may cover, in output units. */
  get bounds(): Size {
    return this.#output;
  }
  get acceptsUnconfigured(): boolean {
    return this.#policy.acceptsUnconfigured;
  }
  get shown(): boolean {
    return this.#output.shown === this;
  }
  get toplevels(): readonly XdgToplevel[] {
    return this.#stack;
  }
  /** The surface that has the keyboard while the session is active. */
  get focus(): Surface | undefined {
    if (this.#curtain) return this.#curtain.surface;
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
    return this.#policy.configuration(toplevel, this.#stack, this.#output);
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
    if (this.#drag?.toplevel === toplevel) this.#drag.drag.end();
    for (const other of this.#stack) if (other.parent === toplevel) other.parent = toplevel.parent;
    this.#restacked();
  }

  removed(toplevel: XdgToplevel): void {
    const index = this.#stack.indexOf(toplevel);
    if (index < 0) return;
    this.#stack.splice(index, 1);
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
    this.#drag = { toplevel, drag: new WindowDrag(held, motion, () => this.#output.scale, changed) };
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

  setCursorSurface(surface: Surface | undefined): void {
    this.#cursor = surface;
    if (surface && surface.frames.length > 0) this.frameRequested(surface);
  }

  /** The output's size changed: everything is told its new one. */
  outputChanged(): void {
    for (const toplevel of this.#stack) toplevel.configure();
    this.changed();
    this.#refreshPlaces();
    this.#reconstrain();
  }

  // ---- what surfaces tell

  /** Something moved, appeared or went: the scene is built anew before the next frame. */
  changed(): void {
    this.#dirty = true;
    for (const watcher of this.watchers) watcher.changed();
    if (this.shown) this.#output.schedule();
  }

  damaged(surface: Surface, damage: Region): void {
    for (const watcher of this.watchers) watcher.damaged(surface, damage);
    if (!this.shown || !surface.view) return;
    surface.view.addToOutput(damage, this.#output.damage);
    this.#output.schedule();
  }

  frameRequested(surface: Surface): void {
    if (this.shown && (surface.view || surface === this.#cursor || this.#dirty)) this.#output.wantFrame();
  }

  // ---- Shown

  prepare(damage: Region): void {
    if (!this.#dirty) return;
    this.#dirty = false;
    this.#refreshPlaces();
    this.scene.rebuild(() => this.#build(), damage);
    this.#on.rearranged();
  }

  composed(): void {
    const { views, count } = this.scene;
    for (let i = 0; i < count; i++) this.#due.collect(views[i]!.surface);
    if (this.#cursor) this.#due.collect(this.#cursor);
  }

  flipped(time: bigint, refreshNanoseconds: number, sequence: number): void {
    this.#due.flipped(time, refreshNanoseconds, sequence);
  }

  // ---- what input asks

  /** The topmost view that takes input at this point (output pixels). */
  at(x: number, y: number): View | undefined {
    this.refresh();
    return this.scene.at(x, y);
  }

  /** Brings the scene up to date outside of a frame. */
  refresh(): void {
    if (!this.#dirty) return;
    if (this.shown) {
      this.prepare(this.#output.damage);
      return;
    }
    this.#unseen.clear();
    this.prepare(this.#unseen);
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

  /** Where the policy puts each toplevel. Popups that follow are placed anew when that has changed. */
  #refreshPlaces(): void {
    let moved = false;
    this.#policy.arrange(this.#stack, this.#output, (toplevel, x, y, scale) => {
      const { place } = toplevel.xdgSurface;
      moved ||= place.x !== x || place.y !== y || place.scale !== scale;
      place.x = x;
      place.y = y;
      place.scale = scale;
    });
    if (moved) this.#reconstrain();
  }

  #reconstrain(): void {
    for (const toplevel of this.#stack) reconstrain(toplevel.xdgSurface);
  }

  #build(): void {
    const pixels = this.#output.scale;
    if (this.#curtain) {
      const { surface } = this.#curtain;
      // It is on one scene at a time: that of the session in front.
      if (surface && this.shown) this.scene.add(surface, 0, 0, pixels);
      return;
    }
    this.#policy.arrange(this.#stack, this.#output, (toplevel, x, y, scale) => {
      addWindow(
        this.scene,
        toplevel.xdgSurface,
        Math.round(x * pixels),
        Math.round(y * pixels),
        scale * pixels,
      );
    });
    for (const { surface, x, y } of [...this.#inputPopups, ...(this.#overlay ? [this.#overlay] : [])]) {
      if (surface.pixels) this.scene.add(surface, Math.round(x * pixels), Math.round(y * pixels), pixels);
    }
  }
}

/** A window and its popups, with its window geometry's corner at (x, y) in output pixels. */
export function addWindow(scene: Scene, xdgSurface: XdgSurface, x: number, y: number, scale: number): void {
  const { geometry } = xdgSurface;
  scene.add(xdgSurface.surface, x - geometry.x * scale, y - geometry.y * scale, scale);
  for (const popup of xdgSurface.popups) {
    if (!popup.mapped) continue;
    addWindow(scene, popup.xdgSurface, x + popup.geometry.x * scale, y + popup.geometry.y * scale, scale);
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
