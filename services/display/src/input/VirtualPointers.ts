import {
  isEntry,
  type WlOutputResource,
  WlPointerAxis,
  WlPointerAxisSource,
  WlPointerButtonState,
  type ZwlrVirtualPointerManagerV1Requests,
  ZwlrVirtualPointerV1Error,
  type ZwlrVirtualPointerV1Requests,
  type ZwlrVirtualPointerV1Resource,
} from '@switchyard/wayland';
import { OutputGlobal } from '../output/OutputGlobal.js';
import type { Outputs } from '../output/Outputs.js';
import type { Pointer } from './Pointer.js';

/** evdev's buttons, of mice, joysticks and pens. */
const [firstButton, lastButton] = [0x100, 0x15f];

/** The zwlr_virtual_pointer_manager_v1 global: programs that point. */
export class VirtualPointers implements ZwlrVirtualPointerManagerV1Requests {
  readonly #pointer: Pointer;
  readonly #outputs: Outputs;
  readonly #reaches: (resource: ZwlrVirtualPointerV1Resource) => boolean;

  /** `reaches`: whether what the client does goes anywhere now. */
  constructor(
    pointer: Pointer,
    outputs: Outputs,
    reaches: (resource: ZwlrVirtualPointerV1Resource) => boolean,
  ) {
    this.#pointer = pointer;
    this.#outputs = outputs;
    this.#reaches = reaches;
  }

  createVirtualPointer(_: unknown, __: unknown, id: ZwlrVirtualPointerV1Resource): void {
    const outputs = this.#outputs;
    const all = (): Area => ({ x: 0, width: outputs.width, height: outputs.height });
    id.implement(new VirtualPointer(id, this.#pointer, all, this.#reaches));
  }

  /** Its absolute places are that output's. */
  createVirtualPointerWithOutput(
    manager: unknown,
    seat: unknown,
    output: WlOutputResource | null,
    id: ZwlrVirtualPointerV1Resource,
  ): void {
    const { handler } = output ?? {};
    if (!(handler instanceof OutputGlobal)) {
      this.createVirtualPointer(manager, seat, id);
      return;
    }
    const { output: of } = handler;
    const area = (): Area => ({ x: of.x, width: of.mode.width, height: of.mode.height });
    id.implement(new VirtualPointer(id, this.#pointer, area, this.#reaches));
  }

  destroy(): void {}
}

/** Motions and buttons of a report; what comes beyond them does not wait for its frame. */
const maxWaiting = 64;

/** What absolute places are in, in pixels of the space of all outputs. */
interface Area {
  readonly x: number;
  readonly width: number;
  readonly height: number;
}

/** What one frame scrolls along an axis. */
interface Scroll {
  value: number;
  discrete: number;
  stop: boolean;
}

/** A zwlr_virtual_pointer_v1. What it says happens with its frame. */
class VirtualPointer implements ZwlrVirtualPointerV1Requests {
  readonly #resource: ZwlrVirtualPointerV1Resource;
  readonly #pointer: Pointer;
  readonly #area: () => Area;
  readonly #reaches: (resource: ZwlrVirtualPointerV1Resource) => boolean;
  readonly #buttons = new Set<number>();
  readonly #scrolls = new Map<number, Scroll>();
  #waiting: (() => void)[] = [];
  #source: number = WlPointerAxisSource.wheel;
  #time = 0;

  constructor(
    resource: ZwlrVirtualPointerV1Resource,
    pointer: Pointer,
    area: () => Area,
    reaches: (resource: ZwlrVirtualPointerV1Resource) => boolean,
  ) {
    this.#resource = resource;
    this.#pointer = pointer;
    this.#area = area;
    this.#reaches = reaches;
    resource.onDestroy(() => {
      for (const button of this.#buttons) pointer.button(button, false, this.#time);
      pointer.frame();
    });
  }

  motion(_: unknown, time: number, dx: number, dy: number): void {
    this.#time = time;
    const { scale } = this.#pointer.output;
    this.#wait(() => this.#pointer.moveBy(dx * scale, dy * scale, time));
  }

  motionAbsolute(_: unknown, time: number, x: number, y: number, width: number, height: number): void {
    this.#time = time;
    if (width === 0 || height === 0) return;
    const area = this.#area();
    const left = area.x + (x * area.width) / width;
    this.#wait(() => this.#pointer.moveTo(left, (y * area.height) / height, time));
  }

  button(_: unknown, time: number, button: number, state: number): void {
    this.#time = time;
    if (button < firstButton || button > lastButton) return;
    this.#wait(() => {
      const down = state === WlPointerButtonState.pressed;
      if (down) this.#buttons.add(button);
      else if (!this.#buttons.delete(button)) return;
      this.#pointer.button(button, down, time);
    });
  }

  axis(_: unknown, time: number, axis: number, value: number): void {
    this.#time = time;
    const scroll = this.#scroll(axis);
    if (scroll) scroll.value += value;
  }

  axisDiscrete(_: unknown, time: number, axis: number, value: number, discrete: number): void {
    this.#time = time;
    const scroll = this.#scroll(axis);
    if (!scroll) return;
    scroll.value += value;
    scroll.discrete += discrete;
  }

  axisStop(_: unknown, time: number, axis: number): void {
    this.#time = time;
    const scroll = this.#scroll(axis);
    if (scroll) scroll.stop = true;
  }

  axisSource(_: unknown, source: number): void {
    if (isEntry(WlPointerAxisSource, source)) this.#source = source;
    else
      this.#resource.postError(ZwlrVirtualPointerV1Error.invalid_axis_source, `${source} is no axis source`);
  }

  frame(): void {
    this.#happen();
    if (this.#reaches(this.#resource)) {
      for (const [axis, scroll] of this.#scrolls) this.#send(axis, scroll);
    }
    this.#scrolls.clear();
    this.#source = WlPointerAxisSource.wheel;
    this.#pointer.frame();
  }

  destroy(): void {}

  #wait(event: () => void): void {
    this.#waiting.push(event);
    if (this.#waiting.length > maxWaiting) this.#happen();
  }

  /** Away from who may be pointed at, only buttons that are down are let go. */
  #happen(): void {
    const events = this.#waiting;
    this.#waiting = [];
    if (!this.#reaches(this.#resource)) {
      for (const button of this.#buttons) this.#pointer.button(button, false, this.#time);
      this.#buttons.clear();
      return;
    }
    for (const event of events) event();
  }

  #send(axis: number, { value, discrete, stop }: Scroll): void {
    const horizontal = axis === WlPointerAxis.horizontal_scroll;
    if (discrete !== 0) {
      const steps = Math.max(-100, Math.min(100, discrete));
      this.#pointer.scroll(horizontal, steps * 120, steps, this.#time, value === 0 ? undefined : value);
    } else if (value !== 0 || stop) {
      this.#pointer.glide(horizontal, value, stop, this.#source as WlPointerAxisSource, this.#time);
    }
  }

  #scroll(axis: number): Scroll | undefined {
    if (!isEntry(WlPointerAxis, axis)) {
      this.#resource.postError(ZwlrVirtualPointerV1Error.invalid_axis, `${axis} is no axis`);
      return undefined;
    }
    const scroll = this.#scrolls.get(axis) ?? { value: 0, discrete: 0, stop: false };
    this.#scrolls.set(axis, scroll);
    return scroll;
  }
}
