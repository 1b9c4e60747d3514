import { isButton, isKey } from './SeatInput.js';
import type { SeatViewer } from './SeatViewer.js';
import type { ViewerHost } from './Viewer.js';
import { button, key, MessageType, motion, releaseAll, TouchPhase, touch, wheel } from './wire/Wire.js';

/**
 * What a page's person does with keyboard, pointer and fingers, on its way to the seat. Hot: a key is on its way to the session before
 * `take` returns.
 */
export class PageInput {
  readonly #viewer: SeatViewer;

  constructor(viewer: SeatViewer) {
    this.#viewer = viewer;
  }

  /** One message, of at least a byte; false for one that is none. `host`: of the monitor that the page looks at. */
  take(host: ViewerHost, view: DataView): boolean {
    const { input } = host;
    const viewer = this.#viewer;
    const { byteLength: length } = view;
    switch (view.getUint8(0)) {
      case MessageType.key: {
        const code = length === key.size ? key.get.code(view, 0) : 0;
        if (!isKey(code)) return false;
        host.key(viewer, code, key.get.down(view, 0) !== 0);
        break;
      }
      case MessageType.motion:
        if (length !== motion.size) return false;
        host.motion(motion.get.monitor(view, 0), motion.get.x(view, 0), motion.get.y(view, 0));
        break;
      case MessageType.button: {
        const code = length === button.size ? button.get.code(view, 0) : 0;
        if (!isButton(code)) return false;
        input.button(viewer, code, button.get.down(view, 0) !== 0);
        break;
      }
      case MessageType.wheel:
        if (length !== wheel.size) return false;
        input.wheel(wheel.get.x(view, 0), wheel.get.y(view, 0));
        break;
      case MessageType.touch: {
        if (length !== touch.size) return false;
        const id = touch.get.id(view, 0);
        if (touch.get.phase(view, 0) === TouchPhase.up) input.touch?.up(viewer, id);
        else input.touch?.move(viewer, id, touch.get.x(view, 0), touch.get.y(view, 0));
        break;
      }
      case MessageType.releaseAll:
        if (length !== releaseAll.size) return false;
        input.releaseAll(viewer);
        return true;
      default:
        return false;
    }
    host.touched(viewer);
    return true;
  }
}
