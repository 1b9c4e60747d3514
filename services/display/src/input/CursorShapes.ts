import { cursorShapes } from '@switchyard/seat';
import {
  type WlPointerResource,
  WpCursorShapeDeviceV1Error,
  type WpCursorShapeDeviceV1Resource,
  type WpCursorShapeManagerV1Requests,
  type ZwpTabletToolV2Resource,
} from '@switchyard/wayland';
import type { Pointer } from './Pointer.js';

/** The wp_cursor_shape_manager_v1 global: clients name their cursor, and the page shows the browser's own of that name. */
export class CursorShapes implements WpCursorShapeManagerV1Requests {
  readonly #pointer: Pointer;

  constructor(pointer: Pointer) {
    this.#pointer = pointer;
  }

  getPointer(_: unknown, device: WpCursorShapeDeviceV1Resource, pointer: WlPointerResource): void {
    device.implement({
      setShape: (resource, serial, number) => {
        const shape = cursorShapes[number - 1];
        if (!shape) {
          resource.postError(WpCursorShapeDeviceV1Error.invalid_shape, `${number} is no shape`);
          return;
        }
        // An object whose pointer is gone does nothing.
        if (pointer.alive) this.#pointer.setShape(resource.client, serial, shape);
      },
      destroy() {},
    });
  }

  /** The seat has no tablet, so nobody has a tool to give. */
  getTabletToolV2(_: unknown, device: WpCursorShapeDeviceV1Resource, __: ZwpTabletToolV2Resource): void {
    device.implement({ setShape() {}, destroy() {} });
  }

  destroy(): void {}
}
