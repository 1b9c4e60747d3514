import type {
  WlOutputResource,
  ZxdgOutputManagerV1Requests,
  ZxdgOutputManagerV1Resource,
  ZxdgOutputV1Resource,
} from '@switchyard/wayland';
import { OutputGlobal } from './OutputGlobal.js';

/** From this version on wl_output.done closes what an xdg_output says; before it had its own. */
const SHARED_DONE = 3;

/** The zxdg_output_manager_v1 global: an output's place and size in the units of surfaces. */
export class XdgOutputs implements ZxdgOutputManagerV1Requests {
  readonly #resources = new Map<WlOutputResource, Set<ZxdgOutputV1Resource>>();

  /** Mode or place of an output have changed: its part of that, before wl_output.done. */
  changing(resource: WlOutputResource): void {
    for (const xdgOutput of this.#resources.get(resource) ?? []) sendExtent(xdgOutput, resource);
  }

  getXdgOutput(_: ZxdgOutputManagerV1Resource, id: ZxdgOutputV1Resource, output: WlOutputResource): void {
    id.implement({ destroy() {} });
    const { handler } = output;
    if (!(handler instanceof OutputGlobal)) return;
    const siblings = this.#resources.get(output) ?? new Set();
    this.#resources.set(output, siblings.add(id));
    id.onDestroy(() => {
      siblings.delete(id);
      if (siblings.size === 0 && this.#resources.get(output) === siblings) this.#resources.delete(output);
    });
    id.sendName(handler.name);
    id.sendDescription(`Switchyard ${handler.name}`);
    sendExtent(id, output);
    if (id.version >= SHARED_DONE) output.sendDone();
  }

  destroy(): void {}
}

function sendExtent(resource: ZxdgOutputV1Resource, of: WlOutputResource): void {
  const { output } = of.handler as OutputGlobal;
  resource.sendLogicalPosition(output.left, 0);
  resource.sendLogicalSize(output.width, output.height);
  if (resource.version < SHARED_DONE) resource.sendDone();
}
