import { Region } from '@switchyard/pixels';
import type { WlRegionRequests, WlRegionResource } from '@switchyard/wayland';

/** Rounded corners take some dozens of rectangles; every rectangle costs time in each frame. */
const maxRectangles = 1024;

/** wl_region: what a client may say with int32s is cut to where surfaces can be. */
const farAway = 1 << 20;

/** A wl_region. */
export class ClientRegion implements WlRegionRequests {
  readonly region = new Region();

  add(resource: WlRegionResource, x: number, y: number, width: number, height: number): void {
    this.#change(resource, 'add', x, y, width, height);
  }

  subtract(resource: WlRegionResource, x: number, y: number, width: number, height: number): void {
    this.#change(resource, 'subtract', x, y, width, height);
  }

  destroy(): void {}

  #change(
    resource: WlRegionResource,
    how: 'add' | 'subtract',
    x: number,
    y: number,
    width: number,
    height: number,
  ): void {
    if (width <= 0 || height <= 0) return;
    const left = Math.max(-farAway, x);
    const top = Math.max(-farAway, y);
    const right = Math.min(farAway, x + width);
    const bottom = Math.min(farAway, y + height);
    if (right <= left || bottom <= top) return;
    this.region[how](left, top, right - left, bottom - top);
    if (this.region.count > maxRectangles) resource.client.postNoMemory();
  }
}

/** A copy of the region as it is now. */
export function regionOf(resource: WlRegionResource): Region {
  const copy = new Region();
  if (resource.handler instanceof ClientRegion) copy.addRegion(resource.handler.region);
  return copy;
}
