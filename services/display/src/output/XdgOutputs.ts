import type {
  WlOutputResource,
  ZxdgOutputManagerV1Requests,
  ZxdgOutputManagerV1Resource,
  ZxdgOutputV1Resource,
} from '@switchyard/wayland';
import type { Output } from './Output.js';
import type { OutputGlobal } from './OutputGlobal.js';

/** From this version on wl_output.done closes what an xdg_output says; before it had its own. */
const SHARED_DONE = 3;

/** The zxdg_output_manager_v1 global: the output's size in the units of surfaces. */
export class XdgOutputs implements ZxdgOutputManagerV1Requests {
  readonly #output: Output;
  readonly #name: string;
  readonly #resources = new Map<WlOutputResource, Set<ZxdgOutputV1Resource>>();

  constructor(output: Output, global: OutputGlobal, name: string) {
    this.#output = output;
    this.#name = name;
    global.onChanging((resource) => {
      for (const xdgOutput of this.#resources.get(resource) ?? []) this.#sendSize(xdgOutput);
    });
  }

  getXdgOutput(_: ZxdgOutputManagerV1Resource, id: ZxdgOutputV1Resource, output: WlOutputResource): void {
    id.implement({ destroy() {} });
    const siblings = this.#resources.get(output) ?? new Set();
    this.#resources.set(output, siblings.add(id));
    id.onDestroy(() => {
      siblings.delete(id);
      if (siblings.size === 0 && this.#resources.get(output) === siblings) this.#resources.delete(output);
    });
    id.sendLogicalPosition(0, 0);
    id.sendName(this.#name);
    id.sendDescription(`Switchyard ${this.#name}`);
    this.#sendSize(id);
    if (id.version >= SHARED_DONE) output.sendDone();
  }

  destroy(): void {}

  #sendSize(resource: ZxdgOutputV1Resource): void {
    resource.sendLogicalSize(this.#output.width, this.#output.height);
    if (resource.version < SHARED_DONE) resource.sendDone();
  }
}
