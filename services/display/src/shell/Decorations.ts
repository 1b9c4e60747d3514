import {
  type XdgToplevelResource,
  type ZxdgDecorationManagerV1Requests,
  type ZxdgDecorationManagerV1Resource,
  ZxdgToplevelDecorationV1Error,
  ZxdgToplevelDecorationV1Mode,
  type ZxdgToplevelDecorationV1Resource,
} from '@switchyard/wayland';
import { XdgToplevel } from './XdgToplevel.js';

/**
 * The zxdg_decoration_manager_v1 global. Decorations are always the server's, and it draws none: a window fills the
 * screen, and a dialog has its parent around it.
 */
export class Decorations implements ZxdgDecorationManagerV1Requests {
  readonly #decorated = new WeakSet<XdgToplevel>();

  getToplevelDecoration(
    _: ZxdgDecorationManagerV1Resource,
    id: ZxdgToplevelDecorationV1Resource,
    toplevelResource: XdgToplevelResource,
  ): void {
    const toplevel = toplevelResource.handler;
    const answer = (): void => {
      if (!(toplevel instanceof XdgToplevel) || !toplevelResource.alive) return;
      id.sendConfigure(ZxdgToplevelDecorationV1Mode.server_side);
      // It counts with the next xdg_surface.configure; before the first commit that one comes anyway.
      toplevel.configure(true);
    };
    id.implement({ setMode: answer, unsetMode: answer, destroy() {} });
    if (!(toplevel instanceof XdgToplevel)) return;
    const { already_constructed, unconfigured_buffer, orphaned } = ZxdgToplevelDecorationV1Error;
    if (this.#decorated.has(toplevel)) {
      id.postError(already_constructed, `${toplevelResource} has a decoration object already`);
    } else if (toplevel.xdgSurface.surface.pixels) {
      id.postError(unconfigured_buffer, `${toplevelResource} has a buffer already`);
    }
    this.#decorated.add(toplevel);
    const forget = toplevelResource.onDestroy(() => {
      id.postError(orphaned, `${toplevelResource} was destroyed before its decoration`);
    });
    id.onDestroy(() => {
      this.#decorated.delete(toplevel);
      forget();
    });
    answer();
  }

  destroy(): void {}
}
