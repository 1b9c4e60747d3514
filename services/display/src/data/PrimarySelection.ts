import {
  type Client,
  type WlSeatResource,
  type ZwpPrimarySelectionDeviceManagerV1Requests,
  type ZwpPrimarySelectionDeviceManagerV1Resource,
  type ZwpPrimarySelectionDeviceV1Requests,
  type ZwpPrimarySelectionDeviceV1Resource,
  ZwpPrimarySelectionOfferV1Resource,
  type ZwpPrimarySelectionSourceV1Requests,
  type ZwpPrimarySelectionSourceV1Resource,
} from '@switchyard/wayland';
import { ClientSource } from './ClientSource.js';
import type { SelectionBoard, SelectionDevice } from './SelectionBoard.js';
import type { TransferSource } from './TransferSource.js';

/** The zwp_primary_selection_device_manager_v1 global: what is marked, for the middle button. The clipboard's rules, without drags. */
export class PrimarySelection implements ZwpPrimarySelectionDeviceManagerV1Requests {
  readonly board: SelectionBoard;

  constructor(board: SelectionBoard) {
    this.board = board;
  }

  createSource(_: ZwpPrimarySelectionDeviceManagerV1Resource, id: ZwpPrimarySelectionSourceV1Resource): void {
    id.implement(new PrimarySource(id));
  }

  getDevice(
    _: ZwpPrimarySelectionDeviceManagerV1Resource,
    id: ZwpPrimarySelectionDeviceV1Resource,
    _seat: WlSeatResource,
  ): void {
    const device = new PrimaryDevice(id, this.board);
    id.implement(device);
    this.board.addDevice(device, (callback) => id.onDestroy(callback));
  }

  destroy(): void {}
}

class PrimarySource
  extends ClientSource<ZwpPrimarySelectionSourceV1Resource>
  implements ZwpPrimarySelectionSourceV1Requests {}

class PrimaryDevice implements ZwpPrimarySelectionDeviceV1Requests, SelectionDevice {
  readonly #resource: ZwpPrimarySelectionDeviceV1Resource;
  readonly #board: SelectionBoard;

  constructor(resource: ZwpPrimarySelectionDeviceV1Resource, board: SelectionBoard) {
    this.#resource = resource;
    this.#board = board;
  }

  get client(): Client {
    return this.#resource.client;
  }

  sendSelection(source: TransferSource | undefined): void {
    const offer = source && this.client.alive ? this.#offer(source) : null;
    this.#resource.sendSelection(offer);
  }

  setSelection(
    _: ZwpPrimarySelectionDeviceV1Resource,
    sourceResource: ZwpPrimarySelectionSourceV1Resource | null,
    serial: number,
  ): void {
    const source = sourceResource?.handler;
    this.#board.request(this.client, source instanceof PrimarySource ? source : undefined, serial);
  }

  destroy(): void {}

  #offer(source: TransferSource): ZwpPrimarySelectionOfferV1Resource {
    const offer = this.client.create(ZwpPrimarySelectionOfferV1Resource, this.#resource.version);
    offer.implement({
      receive: (_, mimeType, fd) => {
        if (source.gone) fd.close();
        else source.send(mimeType, fd);
      },
      destroy() {},
    });
    this.#resource.sendDataOffer(offer);
    for (const mimeType of source.mimeTypes) offer.sendOffer(mimeType);
    return offer;
  }
}
