import {
  type WlSurfaceResource,
  type XdgPositionerResource,
  type XdgSurfaceResource,
  XdgWmBaseError,
  type XdgWmBaseRequests,
  type XdgWmBaseResource,
} from '@switchyard/wayland';
import type { ClientState } from '../ClientState.js';
import type { Surface } from '../surface/Surface.js';
import { XdgPositioner } from './XdgPositioner.js';
import { refusedXdgSurface, XdgSurface } from './XdgSurface.js';

/** How long a client may take to answer before it is taken for hung. It is what desktops use before they dim a window. */
const pongTimeout = 5000;

/** A client that has just answered is alive (ms). */
const pingInterval = 1000;

/**
 * One client's xdg_wm_base.
 *
 *   answering ──ping──▶ pinged ──pong──▶ answering
 *                         └──5 s──▶ hung ──pong──▶ answering
 *
 * A client is pinged when input goes to it, and never twice at a time. Being hung is a remark and no more: nothing
 * waits for a client.
 */
export class XdgWmBase implements XdgWmBaseRequests {
  readonly resource: XdgWmBaseResource;
  readonly state: ClientState;
  readonly surfaces = new Set<XdgSurface>();
  #pinged: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #answeredAt = Number.NEGATIVE_INFINITY;
  #hung = false;
  /** By the serials of their pings. */
  readonly #seen = new Map<number, () => void>();

  constructor(resource: XdgWmBaseResource, state: ClientState) {
    this.resource = resource;
    this.state = state;
    state.wmBases.add(this);
    resource.onDestroy(() => {
      state.wmBases.delete(this);
      clearTimeout(this.#timer);
      if (this.#hung) this.#setHung(false);
    });
  }

  ping(): void {
    if (this.#pinged !== undefined || performance.now() - this.#answeredAt < pingInterval) return;
    this.#pinged = this.resource.client.display.nextSerial();
    this.resource.sendPing(this.#pinged);
    this.#timer = setTimeout(() => this.#setHung(true), pongTimeout);
    this.#timer.unref();
  }

  /** Calls back when the client has seen all that was sent to it until now; never, if it hangs or goes. */
  whenSeen(callback: () => void): void {
    const serial = this.resource.client.display.nextSerial();
    this.#seen.set(serial, callback);
    this.resource.sendPing(serial);
  }

  pong(_: XdgWmBaseResource, serial: number): void {
    const seen = this.#seen.get(serial);
    this.#seen.delete(serial);
    seen?.();
    if (serial !== this.#pinged) return;
    this.#pinged = undefined;
    this.#answeredAt = performance.now();
    clearTimeout(this.#timer);
    if (this.#hung) this.#setHung(false);
  }

  createPositioner(_: XdgWmBaseResource, id: XdgPositionerResource): void {
    id.implement(new XdgPositioner());
  }

  getXdgSurface(wmBase: XdgWmBaseResource, id: XdgSurfaceResource, surfaceResource: WlSurfaceResource): void {
    const surface = surfaceResource.handler as Surface;
    const other = surface.roleName !== undefined && !surface.roleName.startsWith('xdg_');
    if (surface.role || other) {
      wmBase.postError(
        XdgWmBaseError.role,
        `${surfaceResource} already has the role ${surface.roleName ?? 'xdg_surface'}`,
      );
      id.implement(refusedXdgSurface);
      return;
    }
    if (surface.pixels || surface.pending.buffer) {
      wmBase.postError(XdgWmBaseError.invalid_surface_state, `${surfaceResource} has a buffer already`);
      id.implement(refusedXdgSurface);
      return;
    }
    id.implement(new XdgSurface(id, surface, this));
  }

  destroy(wmBase: XdgWmBaseResource): void {
    if (this.surfaces.size > 0)
      wmBase.postError(XdgWmBaseError.defunct_surfaces, `${this.surfaces.size} xdg_surfaces are still alive`);
  }

  #setHung(hung: boolean): void {
    this.#hung = hung;
    this.state.hungChanged(hung);
  }
}
