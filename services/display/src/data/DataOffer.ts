import type { Fd } from '@switchyard/sys';
import { WlDataOfferError, type WlDataOfferRequests, type WlDataOfferResource } from '@switchyard/wayland';
import { allActions } from './DataSource.js';
import type { Drag } from './Drag.js';
import type { TransferSource } from './TransferSource.js';

/** A wl_data_offer: the clipboard as one client was told of it, or what is dragged over it. */
export class DataOffer implements WlDataOfferRequests {
  readonly resource: WlDataOfferResource;
  readonly drag: Drag | undefined;
  #source: TransferSource | undefined;

  constructor(resource: WlDataOfferResource, source: TransferSource, drag?: Drag) {
    this.resource = resource;
    this.drag = drag;
    this.#source = source;
    resource.onDestroy(() => drag?.offerDestroyed(this));
  }

  /** Nothing can be had from it any more: the drag went elsewhere. */
  revoke(): void {
    this.#source = undefined;
  }

  // ---- requests

  receive(_: WlDataOfferResource, mimeType: string, fd: Fd): void {
    if (this.#source?.gone === false) this.#source.send(mimeType, fd);
    else fd.close();
  }

  accept(_: WlDataOfferResource, __: number, mimeType: string | null): void {
    this.drag?.accept(this, mimeType);
  }

  finish(resource: WlDataOfferResource): void {
    const fault = this.drag ? this.drag.finish(this) : 'the offer is not of a drag';
    if (fault) resource.postError(WlDataOfferError.invalid_finish, fault);
  }

  setActions(resource: WlDataOfferResource, actions: number, preferred: number): void {
    if ((actions & ~allActions) !== 0) {
      resource.postError(WlDataOfferError.invalid_action_mask, `unknown actions in ${actions}`);
    } else if (preferred !== 0 && ((preferred & actions) === 0 || (preferred & (preferred - 1)) !== 0)) {
      resource.postError(
        WlDataOfferError.invalid_action,
        `${preferred} is not one of the actions ${actions}`,
      );
    } else if (!this.drag) {
      resource.postError(WlDataOfferError.invalid_offer, 'the offer is not of a drag');
    } else {
      this.drag.setActions(this, actions, preferred);
    }
  }

  destroy(): void {}
}
