import {
  type Client,
  type ExtDataControlDeviceV1Resource,
  type ExtDataControlManagerV1Requests,
  ExtDataControlOfferV1Resource,
  type ExtDataControlSourceV1Resource,
  type WlSeatResource,
  ZwlrDataControlDeviceV1Error,
  type ZwlrDataControlDeviceV1Requests,
  ZwlrDataControlDeviceV1Resource,
  type ZwlrDataControlManagerV1Requests,
  ZwlrDataControlOfferV1Resource,
  ZwlrDataControlSourceV1Error,
  type ZwlrDataControlSourceV1Requests,
  type ZwlrDataControlSourceV1Resource,
} from '@switchyard/wayland';
import { ClientSource } from './ClientSource.js';
import type { SelectionBoard } from './SelectionBoard.js';
import type { TransferSource } from './TransferSource.js';

// The two protocols differ in their names only: one class plays both.
type DeviceResource = ZwlrDataControlDeviceV1Resource | ExtDataControlDeviceV1Resource;
type SourceResource = ZwlrDataControlSourceV1Resource | ExtDataControlSourceV1Resource;

/** A client that does not read is tried again after so long (ms): it must not die of what others copy. */
const congestedPause = 100;

/** The zwlr_data_control_manager_v1 and ext_data_control_manager_v1 globals: a clipboard manager's way to its user's selections. */
export class DataControl implements ZwlrDataControlManagerV1Requests, ExtDataControlManagerV1Requests {
  readonly #clipboard: SelectionBoard;
  readonly #primary: SelectionBoard;

  constructor(clipboard: SelectionBoard, primary: SelectionBoard) {
    this.#clipboard = clipboard;
    this.#primary = primary;
  }

  createDataSource(_: unknown, id: SourceResource): void {
    id.implement(new ControlSource(id));
  }

  getDataDevice(_: unknown, id: DeviceResource, __: WlSeatResource): void {
    id.implement(new ControlDevice(id, this.#clipboard, this.#primary));
  }

  destroy(): void {}
}

/** Offered once, and then as it is: neither more types nor another selection. */
class ControlSource extends ClientSource<SourceResource> implements ZwlrDataControlSourceV1Requests {
  #used = false;

  override offer(resource: SourceResource, mimeType: string): void {
    if (!this.#used) super.offer(resource, mimeType);
    else resource.postError(ZwlrDataControlSourceV1Error.invalid_offer, 'the source is a selection already');
  }

  /** False when it was a selection before. */
  use(): boolean {
    if (this.#used) return false;
    this.#used = true;
    return true;
  }
}

/** One kind of selection as a device tells of it. */
interface Told {
  readonly board: SelectionBoard;
  source: TransferSource | undefined;
  due: boolean;
}

class ControlDevice implements ZwlrDataControlDeviceV1Requests {
  readonly #resource: DeviceResource;
  readonly #client: Client;
  readonly #clipboard: Told;
  readonly #primary: Told;
  #scheduled = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(resource: DeviceResource, clipboard: SelectionBoard, primary: SelectionBoard) {
    this.#resource = resource;
    this.#client = resource.client;
    this.#clipboard = { board: clipboard, source: undefined, due: true };
    this.#primary = { board: primary, source: undefined, due: true };
    for (const told of [this.#clipboard, this.#primary]) {
      const stop = told.board.onChanged((uid) => {
        if (uid === this.#client.uid) this.#changed(told);
      });
      resource.onDestroy(stop);
    }
    resource.onDestroy(() => clearTimeout(this.#timer));
    this.#tell();
  }

  setSelection(_: unknown, source: SourceResource | null): void {
    this.#set(this.#clipboard.board, source);
  }

  setPrimarySelection(_: unknown, source: SourceResource | null): void {
    this.#set(this.#primary.board, source);
  }

  destroy(): void {}

  #set(board: SelectionBoard, resource: SourceResource | null): void {
    const source = resource?.handler;
    if (!(source instanceof ControlSource)) board.set(this.#client.uid, undefined);
    else if (source.use()) board.set(this.#client.uid, source);
    else this.#resource.postError(ZwlrDataControlDeviceV1Error.used_source, `${resource} was used before`);
  }

  #changed(told: Told): void {
    if (told.board.selectionOf(this.#client.uid) === told.source) return;
    told.due = true;
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.#tell());
  }

  #tell(): void {
    this.#scheduled = false;
    if (!this.#resource.alive || !this.#client.alive) return;
    if (this.#client.congested) {
      this.#scheduled = true;
      this.#timer = setTimeout(() => this.#tell(), congestedPause);
      return;
    }
    const resource = this.#resource as ZwlrDataControlDeviceV1Resource;
    if (this.#take(this.#clipboard)) resource.sendSelection(this.#offer(this.#clipboard.source));
    // Since version 2 of the one, and always in the other.
    const both = !(this.#resource instanceof ZwlrDataControlDeviceV1Resource) || resource.version >= 2;
    if (both && this.#take(this.#primary)) resource.sendPrimarySelection(this.#offer(this.#primary.source));
  }

  #take(told: Told): boolean {
    const { due } = told;
    told.due = false;
    told.source = told.board.selectionOf(this.#client.uid);
    return due;
  }

  #offer(source: TransferSource | undefined): ZwlrDataControlOfferV1Resource | null {
    if (!source) return null;
    const type =
      this.#resource instanceof ZwlrDataControlDeviceV1Resource
        ? ZwlrDataControlOfferV1Resource
        : ExtDataControlOfferV1Resource;
    const { version } = this.#resource;
    const offer = this.#client.create<ZwlrDataControlOfferV1Resource | ExtDataControlOfferV1Resource>(
      type,
      version,
    );
    offer.implement({
      receive: (_: unknown, mimeType, fd) => {
        if (source.gone) fd.close();
        else source.send(mimeType, fd);
      },
      destroy() {},
    });
    (this.#resource as ZwlrDataControlDeviceV1Resource).sendDataOffer(
      offer as ZwlrDataControlOfferV1Resource,
    );
    for (const mimeType of source.mimeTypes) offer.sendOffer(mimeType);
    return offer as ZwlrDataControlOfferV1Resource;
  }
}
