import type {
  Client,
  WlDataDeviceManagerRequests,
  WlDataDeviceManagerResource,
  WlDataDeviceResource,
  WlDataSourceResource,
} from '@switchyard/wayland';
import type { Seat } from '../input/Seat.js';
import type { Outputs } from '../output/Outputs.js';
import type { Surface } from '../surface/Surface.js';
import { DataDevice } from './DataDevice.js';
import { DataSource } from './DataSource.js';
import { Drag } from './Drag.js';
import type { DragIcon } from './DragIcon.js';
import type { SelectionBoard } from './SelectionBoard.js';

/** The wl_data_device_manager global. */
export class DataDeviceManager implements WlDataDeviceManagerRequests {
  readonly clipboard: SelectionBoard;
  readonly #seat: Seat;
  readonly #outputs: Outputs;

  constructor(clipboard: SelectionBoard, seat: Seat, outputs: Outputs) {
    this.clipboard = clipboard;
    this.#seat = seat;
    this.#outputs = outputs;
  }

  createDataSource(_: WlDataDeviceManagerResource, id: WlDataSourceResource): void {
    id.implement(new DataSource(id));
  }

  getDataDevice(_: WlDataDeviceManagerResource, id: WlDataDeviceResource): void {
    const device = new DataDevice(id, this);
    id.implement(device);
    this.clipboard.addDevice(device, (callback) => id.onDestroy(callback));
  }

  /**
   * Only from the surface that the pressed pointer or a finger is on: a drag continues what a person does. Else the
   * source is cancelled.
   */
  startDrag(
    client: Client,
    source: DataSource | undefined,
    origin: Surface,
    icon: DragIcon | undefined,
    serial: number,
  ): void {
    const { pointer, touch, windows } = this.#seat;
    const pressed = pointer.focus === origin && pointer.buttons.size > 0;
    const held = touch.held(origin.state, serial) ?? (pressed ? pointer : undefined);
    if (!windows || !held) {
      source?.cancelled();
      return;
    }
    new Drag({
      ...{ client, source, icon, held, windows },
      outputAt: (x) => this.#outputs.at(x),
      devicesOf: (target) => this.#devicesOf(target),
    });
  }

  *#devicesOf(client: Client): Iterable<DataDevice> {
    for (const device of this.clipboard.devicesOf(client)) if (device instanceof DataDevice) yield device;
  }
}
