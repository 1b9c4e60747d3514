import type {
  ExtForeignToplevelHandleV1Resource,
  ExtForeignToplevelImageCaptureSourceManagerV1Requests,
  ExtImageCaptureSourceV1Requests,
  ExtImageCaptureSourceV1Resource,
  ExtOutputImageCaptureSourceManagerV1Requests,
} from '@switchyard/wayland';
import type { ClientState } from '../ClientState.js';
import type { Compositor } from '../Compositor.js';
import type { ListedToplevel } from '../session/Toplevels.js';
import { OutputPicture } from './OutputPicture.js';
import type { Picture } from './Picture.js';
import { ToplevelHandle } from './ToplevelList.js';
import { ToplevelPicture } from './ToplevelPicture.js';

/** An ext_image_capture_source_v1: what pictures can be made of. `toplevel` is missing when it is the screen. */
export class CaptureSource implements ExtImageCaptureSourceV1Requests {
  readonly #toplevel: ListedToplevel | undefined;
  readonly #isGone: boolean;

  constructor(what: ListedToplevel | 'screen' | 'gone') {
    this.#toplevel = typeof what === 'object' ? what : undefined;
    this.#isGone = what === 'gone';
  }

  /** undefined when it has gone. */
  picture(compositor: Compositor, client: ClientState, cursor: boolean): Picture | undefined {
    const toplevel = this.#toplevel;
    if (this.#isGone || (toplevel && !compositor.toplevels.has(toplevel))) return undefined;
    return toplevel
      ? new ToplevelPicture(compositor, client, cursor, toplevel)
      : new OutputPicture(compositor, client, cursor);
  }

  destroy(): void {}
}

/** The ext_output_image_capture_source_manager_v1 global. */
export class OutputSources implements ExtOutputImageCaptureSourceManagerV1Requests {
  createSource(_: unknown, source: ExtImageCaptureSourceV1Resource): void {
    source.implement(new CaptureSource('screen'));
  }

  destroy(): void {}
}

/** The ext_foreign_toplevel_image_capture_source_manager_v1 global. */
export class ToplevelSources implements ExtForeignToplevelImageCaptureSourceManagerV1Requests {
  createSource(
    _: unknown,
    source: ExtImageCaptureSourceV1Resource,
    handleResource: ExtForeignToplevelHandleV1Resource,
  ): void {
    const handle = handleResource.handler;
    source.implement(new CaptureSource((handle instanceof ToplevelHandle && handle.listed) || 'gone'));
  }

  destroy(): void {}
}
