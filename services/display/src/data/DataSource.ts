import {
  WlDataDeviceManagerDndAction,
  WlDataSourceError,
  type WlDataSourceRequests,
  type WlDataSourceResource,
} from '@switchyard/wayland';
import { ClientSource } from './ClientSource.js';

export const allActions =
  WlDataDeviceManagerDndAction.copy | WlDataDeviceManagerDndAction.move | WlDataDeviceManagerDndAction.ask;

/** A wl_data_source: for the clipboard or for one drag. */
export class DataSource extends ClientSource<WlDataSourceResource> implements WlDataSourceRequests {
  /** What `set_actions` said. */
  #actions: number | undefined;
  #dragged = false;

  /** What a drag may do. Sources before version 3 can be copied only. */
  get actions(): number {
    if (this.resource.version < 3) return WlDataDeviceManagerDndAction.copy;
    return this.#actions ?? WlDataDeviceManagerDndAction.none;
  }

  /** It is made for a drag, so it cannot become the clipboard. */
  get isForDrag(): boolean {
    return this.#actions !== undefined || this.#dragged;
  }

  startDrag(): void {
    this.#dragged = true;
  }

  setActions(resource: WlDataSourceResource, actions: number): void {
    if ((actions & ~allActions) !== 0) {
      resource.postError(WlDataSourceError.invalid_action_mask, `unknown actions in ${actions}`);
    } else if (this.#actions !== undefined || this.#dragged) {
      resource.postError(WlDataSourceError.invalid_source, 'actions can be set once, and before the drag');
    } else {
      this.#actions = actions;
    }
  }
}
