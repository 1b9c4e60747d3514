import {
  type Client,
  WlDataDeviceError,
  type WlDataDeviceRequests,
  type WlDataDeviceResource,
  WlDataOfferResource,
  WlDataSourceError,
  type WlDataSourceResource,
  type WlSurfaceResource,
} from '@switchyard/wayland';
import type { Surface } from '../surface/Surface.js';
import type { DataDeviceManager } from './DataDeviceManager.js';
import { DataOffer } from './DataOffer.js';
import { DataSource } from './DataSource.js';
import type { Drag } from './Drag.js';
import { DragIcon } from './DragIcon.js';
import type { SelectionDevice } from './SelectionBoard.js';
import type { TransferSource } from './TransferSource.js';

/** A wl_data_device: one client's side of the clipboard and of drags. */
export class DataDevice implements WlDataDeviceRequests, SelectionDevice {
  readonly resource: WlDataDeviceResource;
  readonly #manager: DataDeviceManager;

  constructor(resource: WlDataDeviceResource, manager: DataDeviceManager) {
    this.resource = resource;
    this.#manager = manager;
  }

  get client(): Client {
    return this.resource.client;
  }

  sendSelection(source: TransferSource | undefined): void {
    const offer = source && this.offer(source);
    this.resource.sendSelection(offer?.resource ?? null);
  }

  /** Introduces an offer of the source to the client; undefined when the client is gone. */
  offer(source: TransferSource, drag?: Drag): DataOffer | undefined {
    if (!this.client.alive) return undefined;
    const resource = this.client.create(WlDataOfferResource, this.resource.version);
    const offer = new DataOffer(resource, source, drag);
    resource.implement(offer);
    this.resource.sendDataOffer(resource);
    for (const mimeType of source.mimeTypes) resource.sendOffer(mimeType);
    return offer;
  }

  // ---- requests

  setSelection(_: WlDataDeviceResource, sourceResource: WlDataSourceResource | null, serial: number): void {
    const source = sourceOf(sourceResource);
    if (source?.isForDrag) {
      source.resource.postError(WlDataSourceError.invalid_source, 'the source is for a drag');
      return;
    }
    this.#manager.clipboard.request(this.client, source, serial);
  }

  startDrag(
    resource: WlDataDeviceResource,
    sourceResource: WlDataSourceResource | null,
    originResource: WlSurfaceResource,
    iconResource: WlSurfaceResource | null,
    serial: number,
  ): void {
    const source = sourceOf(sourceResource);
    let icon: DragIcon | undefined;
    if (iconResource) {
      icon = new DragIcon(iconResource.handler as Surface);
      if (icon.surface.role !== undefined || !icon.surface.setRole(icon)) {
        resource.postError(WlDataDeviceError.role, `${iconResource} has the role ${icon.surface.roleName}`);
        return;
      }
    }
    this.#manager.startDrag(this.client, source, originResource.handler as Surface, icon, serial);
  }

  release(): void {}
}

function sourceOf(resource: WlDataSourceResource | null): DataSource | undefined {
  const source = resource?.handler;
  return source instanceof DataSource ? source : undefined;
}
