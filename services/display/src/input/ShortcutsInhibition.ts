import {
  type WlSeatResource,
  type WlSurfaceResource,
  ZwpKeyboardShortcutsInhibitManagerV1Error,
  type ZwpKeyboardShortcutsInhibitManagerV1Requests,
  type ZwpKeyboardShortcutsInhibitManagerV1Resource,
  type ZwpKeyboardShortcutsInhibitorV1Resource,
} from '@switchyard/wayland';
import type { Keyboard } from './Keyboard.js';

/**
 * The zwp_keyboard_shortcuts_inhibit_manager_v1 global: nested desktops and remote screens want every key. They have every
 * key anyway, but the chords that leave a session: those are never anybody's. So an inhibitor is active whenever its
 * surface has the keyboard, and nothing follows from it.
 */
export class ShortcutsInhibition implements ZwpKeyboardShortcutsInhibitManagerV1Requests {
  readonly #keyboard: Keyboard;
  readonly #inhibitors = new Map<WlSurfaceResource, ZwpKeyboardShortcutsInhibitorV1Resource>();

  constructor(keyboard: Keyboard) {
    this.#keyboard = keyboard;
    keyboard.onFocusChanging((surface) => {
      const before = this.#keyboard.focus?.resource;
      if (before?.alive) this.#inhibitors.get(before)?.sendInactive();
      if (surface) this.#inhibitors.get(surface.resource)?.sendActive();
    });
  }

  inhibitShortcuts(
    manager: ZwpKeyboardShortcutsInhibitManagerV1Resource,
    id: ZwpKeyboardShortcutsInhibitorV1Resource,
    surface: WlSurfaceResource,
    _: WlSeatResource,
  ): void {
    id.implement({ destroy() {} });
    if (this.#inhibitors.has(surface)) {
      const { already_inhibited } = ZwpKeyboardShortcutsInhibitManagerV1Error;
      manager.postError(already_inhibited, `${surface} has an inhibitor already`);
      return;
    }
    this.#inhibitors.set(surface, id);
    const forget = surface.onDestroy(() => this.#inhibitors.delete(surface));
    id.onDestroy(() => {
      this.#inhibitors.delete(surface);
      forget();
    });
    if (this.#keyboard.focus?.resource === surface) id.sendActive();
  }

  destroy(): void {}
}
