import {
  type XdgDialogV1Resource,
  type XdgToplevelResource,
  XdgWmDialogV1Error,
  type XdgWmDialogV1Requests,
  type XdgWmDialogV1Resource,
} from '@switchyard/wayland';

/**
 * The xdg_wm_dialog_v1 global. A dialog is above its parent and has the keyboard, modal or not: whether the parent takes
 * input meanwhile is its program's own business.
 */
export class Dialogs implements XdgWmDialogV1Requests {
  readonly #dialogs = new Set<XdgToplevelResource>();

  getXdgDialog(manager: XdgWmDialogV1Resource, id: XdgDialogV1Resource, toplevel: XdgToplevelResource): void {
    id.implement({ setModal() {}, unsetModal() {}, destroy() {} });
    if (this.#dialogs.has(toplevel)) {
      manager.postError(XdgWmDialogV1Error.already_used, `${toplevel} is a dialog already`);
      return;
    }
    this.#dialogs.add(toplevel);
    const forget = toplevel.onDestroy(() => this.#dialogs.delete(toplevel));
    id.onDestroy(() => {
      this.#dialogs.delete(toplevel);
      forget();
    });
  }

  destroy(): void {}
}
