import {
  WlOutputMode,
  type WlOutputRequests,
  type WlOutputResource,
  WlOutputSubpixel,
  WlOutputTransform,
} from '@switchyard/wayland';
import type { ClientState } from '../ClientState.js';
import type { Output } from './Output.js';

/** Millimetres a pixel at the 96 dpi that everybody assumes of a screen of unknown size. */
const millimetres = 25.4 / 96;

/** An output's wl_output global: tells clients its place, mode and scale. */
export class OutputGlobal implements WlOutputRequests {
  readonly output: Output;
  readonly name: string;
  /** Its monitor is gone: what clients still say of it comes too late. */
  removed = false;
  readonly #resources = new Set<WlOutputResource>();
  readonly #changing: (resource: WlOutputResource) => void;

  /** `changing`: called for each wl_output when its mode or place has changed, before `done`: extensions say their part of it. */
  constructor(output: Output, name: string, changing: (resource: WlOutputResource) => void) {
    this.output = output;
    this.name = name;
    this.#changing = changing;
  }

  bind(resource: WlOutputResource, state: ClientState): void {
    resource.implement(this);
    this.#resources.add(resource);
    state.outputs.add(resource);
    resource.onDestroy(() => {
      this.#resources.delete(resource);
      state.outputs.delete(resource);
    });
    resource.sendName(this.name);
    resource.sendDescription(`Switchyard ${this.name}`);
    this.#sendMode(resource);
    for (const surface of state.surfaces)
      if (surface.view && surface.outputs.includes(this.output)) surface.resource.sendEnter(resource);
  }

  changed(): void {
    for (const resource of this.#resources) this.#sendMode(resource);
  }

  release(): void {}

  #sendMode(resource: WlOutputResource): void {
    const { left, bufferScale } = this.output;
    const { width, height, refresh } = this.output.mode;
    resource.sendGeometry(
      left,
      0,
      Math.round(width * millimetres),
      Math.round(height * millimetres),
      WlOutputSubpixel.unknown,
      'Switchyard',
      'virtual monitor',
      WlOutputTransform.normal,
    );
    resource.sendMode(WlOutputMode.current | WlOutputMode.preferred, width, height, refresh);
    resource.sendScale(bufferScale);
    this.#changing(resource);
    resource.sendDone();
  }
}
