import type {
  WlSurfaceResource,
  ZwpIdleInhibitManagerV1Requests,
  ZwpIdleInhibitManagerV1Resource,
  ZwpIdleInhibitorV1Resource,
} from '@switchyard/wayland';
import { Surface } from '../surface/Surface.js';

/** The zwp_idle_inhibit_manager_v1 global: clients that do not want the screen to go dark, a film for instance. */
export class IdleInhibition implements ZwpIdleInhibitManagerV1Requests {
  readonly #inhibitors = new Map<ZwpIdleInhibitorV1Resource, Surface>();

  /** A surface that is on the screen now asks for it. To be asked when a time without input is over. */
  get inhibited(): boolean {
    for (const surface of this.#inhibitors.values()) {
      if (surface.alive && surface.view && surface.state.session?.windows.shown) return true;
    }
    return false;
  }

  createInhibitor(
    _: ZwpIdleInhibitManagerV1Resource,
    id: ZwpIdleInhibitorV1Resource,
    surfaceResource: WlSurfaceResource,
  ): void {
    id.implement({ destroy() {} });
    const surface = surfaceResource.handler;
    if (!(surface instanceof Surface)) return;
    this.#inhibitors.set(id, surface);
    id.onDestroy(() => this.#inhibitors.delete(id));
  }

  destroy(): void {}
}
