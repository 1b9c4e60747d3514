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

/** The wl_output global: tells clients the output's mode and scale. */
export class OutputGlobal implements WlOutputRequests {
  readonly #output: Output;
  readonly #name: string;
  readonly #resources = new Set<WlOutputResource>();
  readonly #listeners: ((resource: WlOutputResource) => void)[] = [];

  constructor(output: Output, name: string) {
    this.#output = output;
    this.#name = name;
  }

  bind(resource: WlOutputResource, state: ClientState): void {
    resource.implement(this);
    this.#resources.add(resource);
    state.outputs.add(resource);
    resource.onDestroy(() => {
      this.#resources.delete(resource);
      state.outputs.delete(resource);
    });
    const { width, height } = this.#output.mode;
    resource.sendGeometry(
      0,
      0,
      Math.round(width * millimetres),
      Math.round(height * millimetres),
      WlOutputSubpixel.unknown,
      'Switchyard',
      'virtual monitor',
      WlOutputTransform.normal,
    );
    resource.sendName(this.#name);
    resource.sendDescription(`Switchyard ${this.#name}`);
    this.#sendMode(resource);
    for (const surface of state.surfaces) if (surface.view) surface.resource.sendEnter(resource);
  }

  /** Called for each wl_output when its mode has changed, before `done`: extensions say their part of it. */
  onChanging(listener: (resource: WlOutputResource) => void): void {
    this.#listeners.push(listener);
  }

  changed(): void {
    for (const resource of this.#resources) this.#sendMode(resource);
  }

  release(): void {}

  #sendMode(resource: WlOutputResource): void {
    const { width, height, refresh } = this.#output.mode;
    resource.sendMode(WlOutputMode.current | WlOutputMode.preferred, width, height, refresh);
    resource.sendScale(this.#output.bufferScale);
    for (const listener of this.#listeners) listener(resource);
    resource.sendDone();
  }
}
