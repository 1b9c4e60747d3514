import type { CursorShape } from '@switchyard/seat';
import { monotonicNow } from '@switchyard/sys';
import {
  type Client,
  WlPointerAxis,
  WlPointerAxisRelativeDirection,
  WlPointerAxisSource,
  WlPointerButtonState,
  WlPointerError,
  type WlPointerRequests,
  type WlPointerResource,
  type WlSurfaceResource,
} from '@switchyard/wayland';
import type { ClientState } from '../ClientState.js';
import type { Output } from '../output/Output.js';
import type { Outputs } from '../output/Outputs.js';
import type { View } from '../output/View.js';
import type { Windows } from '../session/Windows.js';
import type { Surface } from '../surface/Surface.js';
import { Cursor } from './Cursor.js';
import { PointerFocus } from './PointerFocus.js';
import type { Grabbable, MotionListener, PointerConstraint, PointerGrab } from './PointerGrab.js';

/** What libinput gives for one notch of a wheel: 15 degrees. */
const wheelNotch = 15;

/**
 * The seat's pointer towards the clients: its place, the surface under it, its buttons, and the cursor.
 *
 *   roaming ──button pressed──▶ grabbed ──last button released──▶ roaming
 *
 * While grabbed, the surface that got the first button gets everything, wherever the pointer goes.
 */
export class Pointer implements WlPointerRequests, Grabbable {
  readonly #outputs: Outputs;
  #output: Output;
  readonly #windows: () => Windows | undefined;
  readonly #buttons = new Set<number>();
  /** In pixels of the space of all outputs. */
  #x = 0;
  #y = 0;
  /** Where its output's left edge was then. */
  #left = 0;
  readonly #focus = new PointerFocus();
  #pressSerial = 0;
  readonly cursor: Cursor;
  #grabListener: PointerGrab | undefined;
  /** Where the absolute device was last, wherever the pointer may be held. */
  #deviceX: number | undefined;
  #deviceY: number | undefined;
  readonly #motionListeners: MotionListener[] = [];
  readonly #placeListeners = new Set<() => void>();
  readonly #focusListeners: ((surface: Surface | undefined) => void)[] = [];
  /** What holds the pointer back, while it does. */
  constraint: PointerConstraint | undefined;

  constructor(outputs: Outputs, windows: () => Windows | undefined) {
    this.#outputs = outputs;
    this.#output = outputs.first;
    this.#windows = windows;
    this.cursor = new Cursor(outputs.first, windows);
  }

  get x(): number {
    return this.#x;
  }
  get y(): number {
    return this.#y;
  }
  /** The output that it is on. */
  get output(): Output {
    return this.#output;
  }
  get focus(): Surface | undefined {
    return this.#focus.surface;
  }
  get buttons(): ReadonlySet<number> {
    return this.#buttons;
  }
  /** What the client under it was told of the last button that went down. */
  get pressSerial(): number {
    return this.#pressSerial;
  }

  add(state: ClientState, resource: WlPointerResource): void {
    resource.implement(this);
    state.pointers.add(resource);
    resource.onDestroy(() => state.pointers.delete(resource));
    if (this.focus?.state === state) this.#focus.join(resource, this.#x, this.#y);
  }

  /** Called for each motion, in pixels, before it takes place; says whether events were sent. Hot. */
  onMotion(listener: MotionListener): void {
    this.#motionListeners.push(listener);
  }

  /** Called after another surface (or none) has the pointer, and has been told. */
  onFocusChanged(listener: (surface: Surface | undefined) => void): void {
    this.#focusListeners.push(listener);
  }

  /** Called when it has come to another place; returns what takes the listener back. Hot. */
  onMoved(listener: () => void): () => void {
    this.#placeListeners.add(listener);
    return () => void this.#placeListeners.delete(listener);
  }

  /** Puts it somewhere without a motion. */
  warp(x: number, y: number): void {
    this.#goTo(x, y);
    for (const listener of this.#placeListeners) listener();
  }

  /** Outputs came, went or have another size: it stays on one, at the same place of it if that is there. */
  outputsChanged(): void {
    const { list } = this.#outputs;
    const stays = list.includes(this.#output);
    const x = stays ? this.#x - this.#left + this.#output.x : this.#x;
    if (!stays) this.#output = this.#outputs.at(x);
    this.#goTo(x, this.#y);
    this.cursor.moveTo(this.#output);
    this.refocus();
  }

  /** Takes all events until it is ended: a drag. Clients see none of them. */
  grab(grab: PointerGrab): void {
    this.#setFocus(undefined);
    this.#grabListener = grab;
    grab.motion(this.#windows()?.at(this.#x, this.#y), this.#x, this.#y, 0);
  }

  endGrab(): void {
    this.#grabListener = undefined;
    this.#buttons.clear();
    this.refocus();
  }

  // ---- events of the devices, in pixels; `frame` ends each report

  /** To a place on the screen, from an absolute device. */
  moveTo(x: number, y: number, time: number): void {
    const dx = x - (this.#deviceX ?? x);
    const dy = y - (this.#deviceY ?? y);
    this.#deviceX = x;
    this.#deviceY = y;
    this.#move(x, y, dx, dy, time);
  }

  moveBy(dx: number, dy: number, time: number): void {
    this.#move(this.#x + dx, this.#y + dy, dx, dy, time);
  }

  /** Hot. */
  #move(toX: number, toY: number, dx: number, dy: number, time: number): void {
    let x = toX;
    let y = toY;
    if (!this.#grabListener) {
      for (const listener of this.#motionListeners) if (listener(dx, dy, time)) this.#focus.unframed = true;
      const constraint = this.constraint?.place(x, y);
      if (constraint === 'locked') return;
      if (constraint) {
        x = constraint.x;
        y = constraint.y;
      }
    }
    this.#goTo(x, y);
    for (const listener of this.#placeListeners) listener();
    if (this.#grabListener) {
      this.#grabListener.motion(this.#windows()?.at(this.#x, this.#y), this.#x, this.#y, time);
      return;
    }
    if (this.#buttons.size === 0 && this.#updateFocus()) return;
    this.#focus.motion(this.#x, this.#y, time);
  }

  /** To the nearest place on an output. Hot. */
  #goTo(x: number, y: number): void {
    const output = this.#outputs.at(x);
    const { width, height } = output.mode;
    this.#x = Math.max(output.x, Math.min(output.x + width - 1 / 256, x));
    this.#y = Math.max(0, Math.min(height - 1 / 256, y));
    this.#left = output.x;
    if (output === this.#output) return;
    this.#output = output;
    this.cursor.moveTo(output);
  }

  button(button: number, down: boolean, time: number): void {
    if (this.#buttons.has(button) === down) return;
    if (down) this.#buttons.add(button);
    else this.#buttons.delete(button);
    if (this.#grabListener) {
      if (this.#buttons.size === 0) this.#grabListener.released(time);
      return;
    }
    if (down && this.#buttons.size === 1) this.#pressed();
    const { focus } = this;
    if (focus) {
      const serial = focus.state.client.display.nextSerial();
      if (down) this.#pressSerial = serial;
      const state = down ? WlPointerButtonState.pressed : WlPointerButtonState.released;
      for (const pointer of focus.state.pointers) pointer.sendButton(serial, time, button, state);
      this.#focus.unframed = true;
      if (down) focus.state.ping();
    }
    if (!down && this.#buttons.size === 0) {
      this.frame();
      this.#updateFocus();
    }
  }

  /** Scrolling: `value120` is 120 a notch, positive down and right; `discrete` is what whole notches it completed; `value` is in surface units. */
  scroll(
    horizontal: boolean,
    value120: number,
    discrete: number,
    time: number,
    value = (value120 / 120) * wheelNotch,
  ): void {
    const { focus } = this;
    if (!focus || this.#grabListener || value120 === 0) return;
    const axis = horizontal ? WlPointerAxis.horizontal_scroll : WlPointerAxis.vertical_scroll;
    for (const pointer of focus.state.pointers) {
      pointer.sendAxisSource(WlPointerAxisSource.wheel);
      if (pointer.version >= 8) pointer.sendAxisValue120(axis, value120);
      else if (discrete !== 0) pointer.sendAxisDiscrete(axis, discrete);
      pointer.sendAxisRelativeDirection(axis, WlPointerAxisRelativeDirection.identical);
      pointer.sendAxis(time, axis, value);
    }
    this.#focus.unframed = true;
  }

  /** Scrolling without notches, in surface units. */
  glide(horizontal: boolean, value: number, stop: boolean, source: WlPointerAxisSource, time: number): void {
    const { focus } = this;
    if (!focus || this.#grabListener) return;
    const axis = horizontal ? WlPointerAxis.horizontal_scroll : WlPointerAxis.vertical_scroll;
    for (const pointer of focus.state.pointers) {
      pointer.sendAxisSource(source);
      pointer.sendAxisRelativeDirection(axis, WlPointerAxisRelativeDirection.identical);
      if (value !== 0) pointer.sendAxis(time, axis, value);
      if (stop) pointer.sendAxisStop(time, axis);
    }
    this.#focus.unframed = true;
  }

  /** Events were lost: nothing is pressed any more, as far as anybody knows. */
  releaseAll(time: number): void {
    for (const button of this.#buttons) this.button(button, false, time);
    this.frame();
  }

  frame(): void {
    this.#focus.frame();
  }

  // ---- the compositor's side

  /** Surfaces have moved under the pointer. */
  refocus(): void {
    if (this.#buttons.size > 0 || this.#grabListener || this.#updateFocus()) return;
    if (!this.#focus.isElsewhere(this.#x, this.#y)) return;
    this.#focus.motion(this.#x, this.#y, Number((monotonicNow() / 1_000_000n) & 0xffffffffn));
    this.frame();
  }

  /** Other windows, or none: no button is down, no surface is under the pointer until it is looked for again. */
  reset(): void {
    this.#grabListener?.cancelled();
    this.#grabListener = undefined;
    this.#buttons.clear();
    this.#setFocus(undefined);
    this.cursor.reset();
    this.#updateFocus();
  }

  surfaceDestroyed(surface: Surface): void {
    if (surface === this.focus) {
      this.#buttons.clear();
      this.#setFocus(undefined);
      const windows = this.#windows();
      windows?.changed();
    }
  }

  // ---- requests

  setCursor(
    pointer: WlPointerResource,
    serial: number,
    surfaceResource: WlSurfaceResource | null,
    hotX: number,
    hotY: number,
  ): void {
    const surface = surfaceResource ? (surfaceResource.handler as Surface) : undefined;
    const role = surface && this.cursor.roleOf(surface);
    if (surface && !role) {
      const text = `${surfaceResource} has the role ${surface.roleName ?? 'xdg_surface'}`;
      pointer.postError(WlPointerError.role, text);
      return;
    }
    const isFocus = this.focus?.state.client === pointer.client && serial === this.#focus.enterSerial;
    if (isFocus || (role && role === this.cursor.role)) this.cursor.show(role, hotX, hotY);
  }

  /** For wp_cursor_shape_device_v1; by the rules of set_cursor. */
  setShape(client: Client, serial: number, shape: CursorShape): void {
    const isFocus = this.focus?.state.client === client && serial === this.#focus.enterSerial;
    if (isFocus) this.cursor.showShape(shape);
  }

  release(): void {}

  /** A button went down: popups close if it is not on their client's surfaces, and a window under it comes to the front. */
  #pressed(): void {
    const windows = this.#windows();
    if (!windows) return;
    const grab = windows.grab;
    if (grab && grab.xdgSurface.surface.state !== this.focus?.state) {
      windows.dismissPopups();
      this.#updateFocus();
      return;
    }
    const toplevel = this.focus && windows.toplevelOf(this.focus);
    if (toplevel && toplevel !== windows.focusedToplevel) windows.raise(toplevel);
  }

  /** True when another surface was entered. */
  #updateFocus(): boolean {
    const windows = this.#windows();
    let view = windows?.at(this.#x, this.#y);
    // With a popup's grab, other clients' surfaces see nothing.
    const grab = windows?.grab;
    if (grab && view && view.surface.state !== grab.xdgSurface.surface.state) view = undefined;
    return this.#setFocus(view);
  }

  /** True when another surface was entered. */
  #setFocus(view: View | undefined): boolean {
    const before = this.focus;
    if (!this.#focus.set(view, this.#x, this.#y)) return false;
    const surface = view?.surface;
    if (before?.state !== surface?.state) this.cursor.reset();
    for (const listener of this.#focusListeners) listener(surface);
    return surface !== undefined;
  }
}
