import {
  type WlSeatResource,
  XdgPopupError,
  type XdgPopupRequests,
  type XdgPopupResource,
  type XdgPositionerResource,
  XdgWmBaseError,
} from '@switchyard/wayland';
import type { Rectangle } from '../geometry/Rectangle.js';
import { isComplete, type PositionerRules, place } from './Positioner.js';
import { XdgPositioner } from './XdgPositioner.js';
import type { XdgRole, XdgSurface } from './XdgSurface.js';

/**
 * An xdg_popup: placed by rules relative to its parent, perhaps with a grab.
 *
 *   waiting ──first commit──▶ configured ──mapped──▶ shown ──popup_done | parent unmapped──▶ dismissed
 *
 * A dismissed popup waits for its destruction and is never shown again.
 */
export class XdgPopup implements XdgPopupRequests, XdgRole {
  readonly name = 'xdg_popup';
  readonly resource: XdgPopupResource;
  readonly xdgSurface: XdgSurface;
  parent: XdgSurface | undefined;
  /** Has the keyboard while it is the topmost one that grabs. */
  grabs = false;
  /** The place on display, relative to the parent's window geometry. */
  geometry: Rectangle;
  #rules: PositionerRules;
  /** Places that the client has been told and not yet acknowledged. */
  #offered: { serial: number; geometry: Rectangle }[] = [];
  #dismissed = false;

  constructor(
    resource: XdgPopupResource,
    xdgSurface: XdgSurface,
    parent: XdgSurface | undefined,
    rules: PositionerRules,
  ) {
    this.resource = resource;
    this.xdgSurface = xdgSurface;
    this.parent = parent;
    this.#rules = rules;
    this.geometry = { x: 0, y: 0, width: rules.width, height: rules.height };
    parent?.popups.push(this);
    resource.onDestroy(() => {
      xdgSurface.roleDestroyed(this);
      this.#leaveParent();
    });
  }

  get mapped(): boolean {
    return this.xdgSurface.mapped && !this.#dismissed;
  }

  // ---- requests

  /** Any serial is good enough: a popup takes the keyboard only from windows of its own session. */
  grab(resource: XdgPopupResource, _: WlSeatResource, __: number): void {
    if (this.xdgSurface.mapped) {
      resource.postError(XdgPopupError.invalid_grab, 'it is mapped already');
      return;
    }
    const parent = this.parent?.role;
    if (parent instanceof XdgPopup) {
      if (!parent.grabs) {
        resource.postError(XdgPopupError.invalid_grab, 'its parent is a popup without a grab');
        return;
      }
      if (parent.#dismissed) {
        this.dismiss();
        return;
      }
    }
    this.grabs = true;
  }

  reposition(_: XdgPopupResource, positionerResource: XdgPositionerResource, token: number): void {
    const positioner = positionerResource.handler;
    if (!(positioner instanceof XdgPositioner) || !isComplete(positioner.rules)) {
      const text = `${positionerResource} has no size or no anchor rectangle`;
      this.xdgSurface.wmBase.resource.postError(XdgWmBaseError.invalid_positioner, text);
      return;
    }
    this.#rules = { ...positioner.rules };
    if (this.#dismissed || this.xdgSurface.phase === 'unconfigured') return;
    this.#offer(token);
  }

  destroy(): void {
    if (this.xdgSurface.popups.length > 0)
      this.xdgSurface.wmBase.resource.postError(
        XdgWmBaseError.not_the_topmost_popup,
        'it was destroyed before the popups above it',
      );
  }

  // ---- the compositor's side

  /** The bounds have changed: a reactive popup is placed anew. */
  reconstrain(): void {
    if (!this.#rules.reactive || !this.mapped || this.resource.version < 3) return;
    const next = place(this.#rules, this.#bounds());
    const now = this.#offered.at(-1)?.geometry ?? this.geometry;
    if (next.x === now.x && next.y === now.y && next.width === now.width && next.height === now.height)
      return;
    this.#offer();
  }

  /** Tells the client that it is over; those above it first, as they must be destroyed in that order. */
  dismiss(): void {
    if (this.#dismissed) return;
    for (const popup of [...this.xdgSurface.popups].reverse()) popup.dismiss();
    this.#dismissed = true;
    this.xdgSurface.windows.popupUnmapped(this);
    this.resource.sendPopupDone();
    this.xdgSurface.dismiss();
  }

  parentGone(): void {
    this.dismiss();
    this.#leaveParent();
  }

  // ---- XdgRole

  checkCommit(): boolean {
    if (this.parent || this.#dismissed) return true;
    this.xdgSurface.wmBase.resource.postError(
      XdgWmBaseError.invalid_popup_parent,
      'committed without a parent',
    );
    return false;
  }

  initialCommit(): boolean {
    if (this.#dismissed) return true;
    this.#offer();
    this.geometry = this.#offered.at(-1)?.geometry ?? this.geometry;
    return true;
  }

  /** A new place counts from here on, as xdg_popup.reposition has it. */
  acknowledged(serial: number): void {
    const index = this.#offered.findIndex((offer) => offer.serial === serial);
    if (index < 0) return;
    this.geometry = this.#offered[index]!.geometry;
    this.#offered.splice(0, index + 1);
    this.xdgSurface.windows.changed();
  }

  map(): void {
    if (!this.parent?.mapped) {
      this.dismiss();
      return;
    }
    if (this.grabs && !this.#mayGrab()) return;
    this.xdgSurface.windows.popupMapped(this);
  }

  unmap(): void {
    this.#offered.length = 0;
    for (const popup of [...this.xdgSurface.popups].reverse()) popup.dismiss();
    this.xdgSurface.windows.popupUnmapped(this);
  }

  gone(): void {
    this.unmap();
    this.#leaveParent();
  }

  /** A grab nests in the topmost one of its client; another client's popups are over. False when an error was posted. */
  #mayGrab(): boolean {
    const { windows, wmBase } = this.xdgSurface;
    const top = windows.grab?.xdgSurface;
    if (!top || top === this.parent) return true;
    if (top.wmBase.state !== wmBase.state) {
      windows.dismissPopups();
      return true;
    }
    const text = 'it grabs, but its parent is not the topmost popup that does';
    wmBase.resource.postError(XdgWmBaseError.not_the_topmost_popup, text);
    return false;
  }

  #offer(token?: number): void {
    const geometry = place(this.#rules, this.#bounds());
    const { x, y, width, height } = geometry;
    this.xdgSurface.handshake.send(
      () => {
        if (token !== undefined) this.resource.sendRepositioned(token);
        this.resource.sendConfigure(x, y, width, height);
      },
      (serial) => this.#offered.push({ serial, geometry }),
    );
  }

  /** The output, seen from the parent's window geometry. */
  #bounds(): Rectangle {
    this.xdgSurface.windows.refresh();
    const { x, y, scale } = this.#parentPlace();
    const { width, height } = this.xdgSurface.windows.boundsOf(this.xdgSurface);
    return {
      x: Math.ceil(-x / scale),
      y: Math.ceil(-y / scale),
      width: Math.floor(width / scale),
      height: Math.floor(height / scale),
    };
  }

  #parentPlace(): { x: number; y: number; scale: number } {
    const parent = this.parent;
    if (!parent) return { x: 0, y: 0, scale: 1 };
    const role = parent.role;
    if (!(role instanceof XdgPopup)) return parent.place;
    const above = role.#parentPlace();
    return {
      x: above.x + role.geometry.x * above.scale,
      y: above.y + role.geometry.y * above.scale,
      scale: above.scale,
    };
  }

  #leaveParent(): void {
    const index = this.parent?.popups.indexOf(this) ?? -1;
    if (index >= 0) this.parent?.popups.splice(index, 1);
    this.parent = undefined;
  }
}

/** Stands for a popup that was refused; its client has been ended. */
export const refusedPopup: XdgPopupRequests = { destroy() {}, grab() {}, reposition() {} };
