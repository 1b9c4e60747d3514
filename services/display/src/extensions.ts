import { WlDataDeviceManagerResource, ZwpPrimarySelectionDeviceManagerV1Resource } from '@switchyard/wayland';
import type { Compositor } from './Compositor.js';
import { Clipboard } from './data/Clipboard.js';
import { DataDeviceManager } from './data/DataDeviceManager.js';
import { PrimarySelection } from './data/PrimarySelection.js';
import { SelectionBoard } from './data/SelectionBoard.js';

export interface Extensions {
  /** To be served on the bus. */
  readonly clipboard: Clipboard;
}

/** The globals beyond surfaces, shell and seat: each stands on the hooks that those give. */
export function addExtensions(compositor: Compositor): Extensions {
  const { display, seat, output, options } = compositor;

  const selections = new SelectionBoard(seat.keyboard);
  const dataDevices = new DataDeviceManager(selections, seat, output);
  display.addGlobal(WlDataDeviceManagerResource, 3, (resource) => resource.implement(dataDevices));
  const primary = new PrimarySelection(new SelectionBoard(seat.keyboard));
  display.addGlobal(ZwpPrimarySelectionDeviceManagerV1Resource, 1, (resource) => resource.implement(primary));

  return { clipboard: new Clipboard(selections, options.seat) };
}
