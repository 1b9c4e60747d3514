import {
  XdgPositionerError,
  type XdgPositionerRequests,
  type XdgPositionerResource,
} from '@switchyard/wayland';
import { allAdjustments, direction, emptyRules } from './Positioner.js';

/** Coordinates beyond this are outside of every screen; sums of them stay exact. */
const farAway = 1 << 20;

const near = (value: number): number => Math.max(-farAway, Math.min(farAway, value));

/** An xdg_positioner: collects rules, which are copied at use. */
export class XdgPositioner implements XdgPositionerRequests {
  readonly rules = emptyRules();

  setSize(resource: XdgPositionerResource, width: number, height: number): void {
    if (width <= 0 || height <= 0) {
      invalid(resource, `size ${width}×${height}`);
      return;
    }
    this.rules.width = near(width);
    this.rules.height = near(height);
  }

  setAnchorRect(resource: XdgPositionerResource, x: number, y: number, width: number, height: number): void {
    if (width < 0 || height < 0) {
      invalid(resource, `anchor rectangle of ${width}×${height}`);
      return;
    }
    this.rules.anchored = true;
    this.rules.anchorRectangle = { x: near(x), y: near(y), width: near(width), height: near(height) };
  }

  setAnchor(resource: XdgPositionerResource, anchor: number): void {
    const value = direction(anchor);
    if (!value) {
      invalid(resource, `anchor ${anchor}`);
      return;
    }
    this.rules.anchor = value;
  }

  setGravity(resource: XdgPositionerResource, gravity: number): void {
    const value = direction(gravity);
    if (!value) {
      invalid(resource, `gravity ${gravity}`);
      return;
    }
    this.rules.gravity = value;
  }

  setConstraintAdjustment(_: XdgPositionerResource, adjustment: number): void {
    this.rules.adjustment = adjustment & allAdjustments;
  }

  setOffset(_: XdgPositionerResource, x: number, y: number): void {
    this.rules.offsetX = near(x);
    this.rules.offsetY = near(y);
  }

  setReactive(): void {
    this.rules.reactive = true;
  }

  /** The bounds do not depend on the parent's size here, so its future one changes nothing. */
  setParentSize(): void {}
  setParentConfigure(): void {}

  destroy(): void {}
}

function invalid(resource: XdgPositionerResource, what: string): void {
  resource.postError(XdgPositionerError.invalid_input, `invalid ${what}`);
}
