import type { Size } from '../geometry/BufferMapping.js';
import type { Grabbable } from '../input/PointerGrab.js';
import type { Output } from '../output/Output.js';
import type { Outputs } from '../output/Outputs.js';
import type { Scene } from '../output/Scene.js';
import type { Edges, ShellPolicy, ToplevelConfiguration } from '../shell/ShellPolicy.js';
import { WindowDrag } from '../shell/WindowDrag.js';
import type { XdgPopup } from '../shell/XdgPopup.js';
import type { XdgSurface } from '../shell/XdgSurface.js';
import type { XdgToplevel } from '../shell/XdgToplevel.js';
import type { Surface } from '../surface/Surface.js';
import { Placement } from './Placement.js';
import { SessionScene } from './SessionScene.js';
import { WindowCycle } from './WindowCycle.js';

/** What became of a window, for those who list them. */
export type ToplevelNews = 'mapped' | 'renamed' | 'unmapped';

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
 * The windows of one session: its toplevels in stacking order, their popups, and the outputs that they are on. It does not
 * know whether it is on the screen; whoever puts it there makes outputs show it.
 */
export class Windows extends SessionScene {
  readonly #policy: ShellPolicy;
  readonly #placement: Placement<XdgToplevel>;
  readonly #on: WindowsEvents;
  /** All toplevels; mapped ones in the order of their mapping or raising. */
  #stack: XdgToplevel[] = [];
  #cycle: WindowCycle<XdgToplevel> | undefined;
  /** Mapped popups that grab, the topmost last. */
  readonly #grabs: XdgPopup[] = [];
  #drag: { toplevel: XdgToplevel; drag: WindowDrag } | undefined;

  constructor(policy: ShellPolicy, outputs: Outputs, on: WindowsEvents) {
    super(outputs);
    this.#policy = policy;
    this.#placement = new Placement(outputs);
    this.#on = on;
  }

  get acceptsUnconfigured(): boolean {
    return this.#policy.acceptsUnconfigured;
  }
  get toplevels(): readonly XdgToplevel[] {
    return this.#stack;
  }
  /** The surface that has the keyboard while the session is active. */
  get focus(): Surface | undefined {
    if (this.curtain) return this.curtainSurface;
    const grab = this.#grabs.at(-1);
    return grab ? grab.xdgSurface.surface : this.focusedToplevel?.xdgSurface.surface;
  }
  get focusedToplevel(): XdgToplevel | undefined {
    return this.#policy.focus(this.#stack);
  }
  get grab(): XdgPopup | undefined {
    return this.curtain ? undefined : this.#grabs.at(-1);
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
    if (this.outputs.only) return this.outputs.only;
    const toplevel = this.#stack.find((each) => owns(each.xdgSurface, xdgSurface.surface));
    return toplevel ? this.outputOf(toplevel) : this.outputs.first;
  }

  /** Whose scale a surface that is not to be seen should be drawn by. */
  outputOfSurface(surface: Surface): Output | undefined {
    const toplevel = this.outputs.only ? undefined : this.toplevelOf(surface);
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
    const toplevel = this.curtain ? undefined : this.focusedToplevel;
    const { list } = this.outputs;
    if (!toplevel || list.length < 2) return false;
    const from = list.indexOf(this.outputOf(toplevel));
    this.moveTo(toplevel, list[(from + step + list.length) % list.length]!);
    return true;
  }

  /** Somebody types or looks at this output: what is in front there gets the keyboard. */
  turnTo(output: Output): void {
    if (this.outputs.only || this.curtain || this.#grabs.length > 0) return;
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

  /** An output has another size or place, came or went: everything is told where it is now. */
  outputsChanged(): void {
    this.#rearrange();
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
    this.refreshPlaces();
    this.#reconstrain();
  }

  #stackOn(output: Output): readonly XdgToplevel[] {
    if (this.outputs.only) return this.#stack;
    return this.#stack.filter((toplevel) => toplevel.mapped && this.outputOf(toplevel) === output);
  }

  /** Where the policy puts each toplevel. Popups that follow are placed anew when that has changed. */
  protected override refreshPlaces(): void {
    let moved = false;
    for (const output of this.outputs.list) {
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

  protected override buildOn(output: Output): void {
    const pixels = output.scale;
    this.#policy.arrange(this.#stackOn(output), output, (toplevel, x, y, scale) => {
      const left = output.x + Math.round(x * pixels);
      addWindow(this.scene, toplevel.xdgSurface, left, Math.round(y * pixels), scale * pixels, output);
    });
  }

  protected override rearranged(): void {
    this.#on.rearranged();
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
