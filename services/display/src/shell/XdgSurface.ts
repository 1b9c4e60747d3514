import {
  type XdgPopupResource,
  type XdgPositionerResource,
  XdgSurfaceError,
  type XdgSurfaceRequests,
  type XdgSurfaceResource,
  type XdgToplevelResource,
  XdgWmBaseError,
} from '@switchyard/wayland';
import { bounding, intersection, isEmpty, type Rectangle } from '../geometry/Rectangle.js';
import type { Windows } from '../session/Windows.js';
import type { Surface } from '../surface/Surface.js';
import type { SurfaceRole, SurfaceRoleName } from '../surface/SurfaceRole.js';
import type { SurfaceState } from '../surface/SurfaceState.js';
import { Handshake } from './Handshake.js';
import { isComplete } from './Positioner.js';
import { refusedPopup, XdgPopup } from './XdgPopup.js';
import { XdgPositioner } from './XdgPositioner.js';
import { refusedToplevel, XdgToplevel } from './XdgToplevel.js';
import type { XdgWmBase } from './XdgWmBase.js';

/** What an xdg_surface's role object does at each step. */
export interface XdgRole {
  readonly name: 'xdg_toplevel' | 'xdg_popup';
  /** The first commit: send the first configure. False when an error was posted. */
  initialCommit(): boolean;
  /** Before a commit; false when an error was posted. */
  checkCommit?(): boolean;
  /** The client has acknowledged the configure with this serial. */
  acknowledged?(serial: number): void;
  /** The configure with this serial is what the client's current content answers. */
  configured?(serial: number): void;
  map(): void;
  unmap(): void;
  /** Committed while mapped. */
  updated?(): void;
  /** wl_surface or xdg_surface went first. */
  gone(): void;
}

/**
 * An xdg_surface: the configure handshake and the window geometry that toplevels and popups share.
 *
 *   unconstructed ──get_toplevel | get_popup──▶ unconfigured ──first commit──▶ configuring ──ack_configure──▶ configured
 *                                                    ▲                                                           │
 *                                                    │                                             commit with a buffer
 *                                                    │                                                           ▼
 *                                                    └────────────commit without content───────────────────── mapped
 *
 * A popup that we end is *dismissed* from any state: its client may not know yet, so what it still says is not wrong.
 */
type Phase = 'unconstructed' | 'unconfigured' | 'configuring' | 'configured' | 'mapped' | 'dismissed';

export class XdgSurface implements XdgSurfaceRequests, SurfaceRole {
  readonly resource: XdgSurfaceResource;
  readonly surface: Surface;
  readonly wmBase: XdgWmBase;
  readonly handshake: Handshake;
  /** Popups whose parent it is, in the order of their creation. */
  readonly popups: XdgPopup[] = [];
  role: XdgRole | undefined;
  /** The effective window geometry. */
  geometry: Rectangle = { x: 0, y: 0, width: 0, height: 0 };
  /** Where the window geometry is on the output, in output units, since it was last placed. */
  place = { x: 0, y: 0, scale: 1 };

  #windows: Windows | undefined;
  #phase: Phase = 'unconstructed';
  #acked: number | undefined;
  #pendingGeometry: Rectangle | undefined;
  #setGeometry: Rectangle | undefined;

  constructor(resource: XdgSurfaceResource, surface: Surface, wmBase: XdgWmBase) {
    this.resource = resource;
    this.surface = surface;
    this.wmBase = wmBase;
    this.handshake = new Handshake(resource);
    surface.role = this;
    wmBase.surfaces.add(this);
    resource.onDestroy(() => this.#destroyed());
  }

  get name(): SurfaceRoleName | undefined {
    return this.role?.name;
  }
  get mapped(): boolean {
    return this.#phase === 'mapped';
  }
  get phase(): Phase {
    return this.#phase;
  }
  /** The session's, since the role object was made. */
  get windows(): Windows {
    return this.#windows ?? this.wmBase.state.windows;
  }

  // ---- requests

  getToplevel(resource: XdgSurfaceResource, id: XdgToplevelResource): void {
    if (!this.#mayConstruct(resource, 'xdg_toplevel')) {
      id.implement(refusedToplevel);
      return;
    }
    // A session that came by itself may have ended with its last window: then this one begins another.
    this.#windows = this.wmBase.state.windows;
    const toplevel = new XdgToplevel(id, this);
    this.#construct(toplevel);
    id.implement(toplevel);
  }

  getPopup(
    resource: XdgSurfaceResource,
    id: XdgPopupResource,
    parentResource: XdgSurfaceResource | null,
    positionerResource: XdgPositionerResource,
  ): void {
    const positioner = positionerResource.handler;
    const parent = parentResource?.handler;
    const constructible = this.#mayConstruct(resource, 'xdg_popup');
    if (!constructible) {
      id.implement(refusedPopup);
      return;
    }
    if (!(positioner instanceof XdgPositioner) || !isComplete(positioner.rules)) {
      const text = `${positionerResource} has no size or no anchor rectangle`;
      this.wmBase.resource.postError(XdgWmBaseError.invalid_positioner, text);
      id.implement(refusedPopup);
      return;
    }
    if (parent && !(parent instanceof XdgSurface && parent.role && parent !== this)) {
      this.wmBase.resource.postError(
        XdgWmBaseError.invalid_popup_parent,
        `${parentResource} cannot have popups`,
      );
      id.implement(refusedPopup);
      return;
    }
    this.#windows = parent?.windows ?? this.wmBase.state.windows;
    const popup = new XdgPopup(id, this, parent instanceof XdgSurface ? parent : undefined, {
      ...positioner.rules,
    });
    this.#construct(popup);
    id.implement(popup);
  }

  setWindowGeometry(resource: XdgSurfaceResource, x: number, y: number, width: number, height: number): void {
    if (!this.#isConstructed(resource)) return;
    if (width <= 0 || height <= 0) {
      resource.postError(XdgSurfaceError.invalid_size, `a window geometry of ${width}×${height}`);
      return;
    }
    this.#pendingGeometry = { x, y, width, height };
  }

  ackConfigure(resource: XdgSurfaceResource, serial: number): void {
    if (!this.#isConstructed(resource)) return;
    const acknowledged = this.handshake.acknowledge(serial);
    if (acknowledged === 'unknown') {
      const text = `serial ${serial} was not sent, or is answered already`;
      resource.postError(XdgSurfaceError.invalid_serial, text);
      return;
    }
    if (acknowledged === 'current' && this.#phase === 'configuring') this.#phase = 'configured';
    this.#acked = serial;
    this.role?.acknowledged?.(serial);
  }

  destroy(resource: XdgSurfaceResource): void {
    if (this.role)
      resource.postError(XdgSurfaceError.defunct_role_object, `its ${this.role.name} is still alive`);
  }

  // ---- SurfaceRole

  /** Already attaching one is an error before the first configure was sent. */
  checkAttach(): boolean {
    const constructed = this.#phase !== 'unconstructed';
    if (constructed && (this.#phase !== 'unconfigured' || this.windows.acceptsUnconfigured)) return true;
    const text = 'a buffer was attached before the first configure';
    this.resource.postError(XdgSurfaceError.unconfigured_buffer, text);
    return false;
  }

  checkCommit(pending: SurfaceState): boolean {
    if (!this.role) {
      this.resource.postError(XdgSurfaceError.not_constructed, 'committed before it had a role object');
      return false;
    }
    const early = this.#phase === 'unconfigured' || this.#phase === 'configuring';
    if (pending.buffer && early && !this.windows.acceptsUnconfigured) {
      const text = 'a buffer was committed before the first configure was acknowledged';
      this.resource.postError(XdgSurfaceError.unconfigured_buffer, text);
      return false;
    }
    return this.#phase === 'dismissed' || (this.role.checkCommit?.() ?? true);
  }

  applied(): void {
    const role = this.role;
    if (!role || this.#phase === 'dismissed') return;
    if (this.#pendingGeometry) {
      this.#setGeometry = this.#pendingGeometry;
      this.#pendingGeometry = undefined;
    }
    if (this.#acked !== undefined) {
      role.configured?.(this.#acked);
      this.#acked = undefined;
    }
    if (this.#phase === 'unconfigured') {
      this.#phase = 'configuring';
      role.initialCommit();
    }
    if (this.surface.pixels) {
      this.#updateGeometry();
      if (this.#phase !== 'mapped') {
        this.#phase = 'mapped';
        role.map();
      } else {
        role.updated?.();
      }
    } else if (this.#phase === 'mapped') {
      this.#reset();
      role.unmap();
    }
  }

  surfaceDestroyed(): void {
    this.#reset();
    this.role?.gone();
  }

  /** The role object is destroyed: the surface is unmapped and may get the same role again. */
  roleDestroyed(role: XdgRole): void {
    if (this.role !== role) return;
    this.#reset();
    role.unmap();
    this.role = undefined;
    this.#phase = 'unconstructed';
    if (this.surface.alive && this.surface.pixels) this.surface.unmapContent();
  }

  /** Not shown any more, by the compositor's will: a dismissed popup. */
  dismiss(): void {
    if (this.#phase === 'mapped') this.windows.changed();
    this.#phase = 'dismissed';
  }

  #construct(role: XdgRole): void {
    this.role = role;
    this.surface.roleName = role.name;
    this.#phase = 'unconfigured';
  }

  #mayConstruct(resource: XdgSurfaceResource, name: SurfaceRoleName): boolean {
    if (this.role) {
      resource.postError(XdgSurfaceError.already_constructed, `it has an ${this.role.name} already`);
      return false;
    }
    if (this.surface.roleName !== undefined && this.surface.roleName !== name) {
      const text = `${this.surface.resource} has had the role ${this.surface.roleName}`;
      this.wmBase.resource.postError(XdgWmBaseError.role, text);
      return false;
    }
    return true;
  }

  #isConstructed(resource: XdgSurfaceResource): boolean {
    if (this.role) return true;
    resource.postError(XdgSurfaceError.not_constructed, 'it has no role object yet');
    return false;
  }

  /** Clamped to what the surface and its sub-surfaces cover, as the protocol has it. */
  #updateGeometry(): void {
    const extents = extentsOf(this.surface, 0, 0);
    const clamped = this.#setGeometry ? intersection(this.#setGeometry, extents) : extents;
    const next = isEmpty(clamped) ? extents : clamped;
    const { x, y, width, height } = this.geometry;
    if (x === next.x && y === next.y && width === next.width && height === next.height) return;
    this.geometry = next;
    this.windows.changed();
  }

  #reset(): void {
    this.#phase = 'unconfigured';
    this.handshake.restart();
    this.#acked = undefined;
    this.#setGeometry = undefined;
    this.#pendingGeometry = undefined;
  }

  #destroyed(): void {
    if (this.role) {
      // Only when the whole client goes, or after an error.
      const role = this.role;
      this.#reset();
      this.role = undefined;
      role.gone();
    }
    for (const popup of [...this.popups]) popup.parentGone();
    this.wmBase.surfaces.delete(this);
    if (this.surface.role === this) this.surface.role = undefined;
  }
}

function extentsOf(surface: Surface, x: number, y: number): Rectangle {
  let extents: Rectangle = { x, y, width: surface.width, height: surface.height };
  for (const child of surface.order) {
    if (child === surface || !child.pixels) continue;
    const place = child.role as { x?: number; y?: number } | undefined;
    extents = bounding(extents, extentsOf(child, x + (place?.x ?? 0), y + (place?.y ?? 0)));
  }
  return extents;
}

/** Stands for an xdg_surface that was refused; its client has been ended. */
export const refusedXdgSurface: XdgSurfaceRequests = {
  getToplevel: (_, id) => void id.implement(refusedToplevel),
  getPopup: (_, id) => void id.implement(refusedPopup),
  setWindowGeometry() {},
  ackConfigure() {},
  destroy() {},
};
