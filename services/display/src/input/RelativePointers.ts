import type {
  WlPointerResource,
  ZwpRelativePointerManagerV1Requests,
  ZwpRelativePointerManagerV1Resource,
  ZwpRelativePointerV1Resource,
} from '@switchyard/wayland';
import type { Pointer } from './Pointer.js';

/** The zwp_relative_pointer_manager_v1 global: motions as such, also where the pointer cannot follow them. */
export class RelativePointers implements ZwpRelativePointerManagerV1Requests {
  readonly #resources = new Map<WlPointerResource, Set<ZwpRelativePointerV1Resource>>();

  constructor(pointer: Pointer) {
    pointer.onMotion((dx, dy, time) => {
      const { focus } = pointer;
      if (!focus || (dx === 0 && dy === 0) || this.#resources.size === 0) return false;
      const { scale } = pointer.output;
      let sent = false;
      for (const resource of focus.state.pointers) {
        for (const relative of this.#resources.get(resource) ?? []) {
          sendMotion(relative, dx / scale, dy / scale, time);
          sent = true;
        }
      }
      return sent;
    });
  }

  getRelativePointer(
    _: ZwpRelativePointerManagerV1Resource,
    id: ZwpRelativePointerV1Resource,
    pointer: WlPointerResource,
  ): void {
    id.implement({ destroy() {} });
    const siblings = this.#resources.get(pointer) ?? new Set();
    this.#resources.set(pointer, siblings.add(id));
    const forget = (): void => {
      if (this.#resources.get(pointer) === siblings) this.#resources.delete(pointer);
    };
    const keep = pointer.onDestroy(forget);
    id.onDestroy(() => {
      keep();
      siblings.delete(id);
      if (siblings.size === 0) forget();
    });
  }

  destroy(): void {}
}

/** `time` in ms. There is no acceleration that could be taken out. */
function sendMotion(resource: ZwpRelativePointerV1Resource, dx: number, dy: number, time: number): void {
  const microseconds = time * 1000;
  resource.sendRelativeMotion(Math.floor(microseconds / 2 ** 32), microseconds >>> 0, dx, dy, dx, dy);
}
