import type {
  ExtForeignToplevelHandleV1Resource,
  ExtForeignToplevelImageCaptureSourceManagerV1Requests,
  ExtImageCaptureSourceV1Requests,
  ExtImageCaptureSourceV1Resource,
  ExtOutputImageCaptureSourceManagerV1Requests,
  WlOutputResource,
} from '@switchyard/wayland';
import type { ClientState } from '../ClientState.js';
import type { Compositor } from '../Compositor.js';
import { Output } from '../output/Output.js';
import { OutputGlobal } from '../output/OutputGlobal.js';
import type { ListedToplevel } from '../session/Toplevels.js';
import { OutputPicture } from './OutputPicture.js';
import type { Picture } from './Picture.js';
import { ToplevelHandle } from './ToplevelList.js';
import { ToplevelPicture } from './ToplevelPicture.js';

/** An ext_image_capture_source_v1: what pictures can be made of, a screen or a window. */
export class CaptureSource implements ExtImageCaptureSourceV1Requests {
  readonly #what: ListedToplevel | Output | undefined;

  /** undefined: it had gone before. */
  constructor(what: ListedToplevel | Output | undefined) {
    this.#what = what;
  }

  /** undefined when it has gone. */
  picture(compositor: Compositor, client: ClientState, cursor: boolean): Picture | undefined {
    const what = this.#what;
    if (what instanceof Output)
      return compositor.outputs.list.includes(what)
        ? new OutputPicture(compositor, client, cursor, what)
        : undefined;
    return what && compositor.toplevels.has(what)
      ? new ToplevelPicture(compositor, client, cursor, what)
      : undefined;
  }

  destroy(): void {}
}

/** The ext_output_image_capture_source_manager_v1 global. */
export class OutputSources implements ExtOutputImageCaptureSourceManagerV1Requests {
  createSource(_: unknown, source: ExtImageCaptureSourceV1Resource, { handler }: WlOutputResource): void {
    source.implement(new CaptureSource(handler instanceof OutputGlobal ? handler.output : undefined));
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
    source.implement(new CaptureSource(handle instanceof ToplevelHandle ? handle.listed : undefined));
  }

  destroy(): void {}
}
