// Generated from protocols/keyboard-shortcuts-inhibit.xml by npm run gen:protocol.

import { ObjectProxy } from '../client/ObjectProxy.js';
import { Resource } from '../server/Resource.js';
import { type Interface } from '../wire/Interface.js';
import { type MessageReader } from '../wire/MessageReader.js';
import { WlSeatProxy, WlSeatResource, WlSurfaceProxy, WlSurfaceResource } from './wayland.js';

/** context object for keyboard grab_manager */
export const zwp_keyboard_shortcuts_inhibit_manager_v1: Interface = {
  name: 'zwp_keyboard_shortcuts_inhibit_manager_v1',
  version: 1,
  requests: [
    { name: 'destroy', since: 1, signature: '', destructor: true },
    { name: 'inhibit_shortcuts', since: 1, signature: 'noo', destructor: false },
  ],
  events: [
  ],
  get errors() { return ZwpKeyboardShortcutsInhibitManagerV1Error; },
};

export const ZwpKeyboardShortcutsInhibitManagerV1Error = {
  /** the shortcuts are already inhibited for this surface */
  already_inhibited: 0,
} as const;
export type ZwpKeyboardShortcutsInhibitManagerV1Error = (typeof ZwpKeyboardShortcutsInhibitManagerV1Error)[keyof typeof ZwpKeyboardShortcutsInhibitManagerV1Error];

/** What a server does with the requests of zwp_keyboard_shortcuts_inhibit_manager_v1. */
export interface ZwpKeyboardShortcutsInhibitManagerV1Requests {
  /**
   * destroy the keyboard shortcuts inhibitor object
   * Destroys the object.
   */
  destroy(resource: ZwpKeyboardShortcutsInhibitManagerV1Resource): void;
  /**
   * create a new keyboard shortcuts inhibitor object
   * @param surface the surface that inhibits the keyboard shortcuts behavior
   * @param seat the wl_seat for which keyboard shortcuts should be disabled
   */
  inhibitShortcuts(resource: ZwpKeyboardShortcutsInhibitManagerV1Resource, id: ZwpKeyboardShortcutsInhibitorV1Resource, surface: WlSurfaceResource, seat: WlSeatResource): void;
}

/** A client's zwp_keyboard_shortcuts_inhibit_manager_v1, as the server holds it. */
export class ZwpKeyboardShortcutsInhibitManagerV1Resource extends Resource<ZwpKeyboardShortcutsInhibitManagerV1Requests, ZwpKeyboardShortcutsInhibitManagerV1Error> {
  static readonly interface: Interface = zwp_keyboard_shortcuts_inhibit_manager_v1;

  override get interface(): Interface {
    return zwp_keyboard_shortcuts_inhibit_manager_v1;
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        message.end();
        this.handler.destroy(this);
        return;
      }
      case 1: {
        const id = this.created(ZwpKeyboardShortcutsInhibitorV1Resource, message.uint());
        const surface = this.received(WlSurfaceResource, message.uint());
        const seat = this.received(WlSeatResource, message.uint());
        message.end();
        this.handler.inhibitShortcuts(this, id, surface, seat);
        return;
      }
    }
  }
}

/** A server's zwp_keyboard_shortcuts_inhibit_manager_v1, as the client holds it. */
export class ZwpKeyboardShortcutsInhibitManagerV1Proxy extends ObjectProxy<undefined> {
  static readonly interface: Interface = zwp_keyboard_shortcuts_inhibit_manager_v1;

  override get interface(): Interface {
    return zwp_keyboard_shortcuts_inhibit_manager_v1;
  }

  /**
   * destroy the keyboard shortcuts inhibitor object
   * Destroys the object.
   */
  destroy(): void {
    const message = this.request(0, 1);
    if (message !== undefined) {
      message.end();
    }
    this.forget();
  }

  /**
   * create a new keyboard shortcuts inhibitor object
   * @param surface the surface that inhibits the keyboard shortcuts behavior
   * @param seat the wl_seat for which keyboard shortcuts should be disabled
   */
  inhibitShortcuts(surface: WlSurfaceProxy, seat: WlSeatProxy, handler: ZwpKeyboardShortcutsInhibitorV1Events): ZwpKeyboardShortcutsInhibitorV1Proxy {
    const surfaceId = this.reference(surface);
    const seatId = this.reference(seat);
    const message = this.request(1, 1);
    const created = this.create(ZwpKeyboardShortcutsInhibitorV1Proxy, this.version, handler);
    if (message !== undefined) {
      message.uint(created.id);
      message.uint(surfaceId);
      message.uint(seatId);
      message.end();
    }
    return created;
  }

  override dispatch(): void {}
}

/** context object for keyboard shortcuts inhibitor */
export const zwp_keyboard_shortcuts_inhibitor_v1: Interface = {
  name: 'zwp_keyboard_shortcuts_inhibitor_v1',
  version: 1,
  requests: [
    { name: 'destroy', since: 1, signature: '', destructor: true },
  ],
  events: [
    { name: 'active', since: 1, signature: '', destructor: false },
    { name: 'inactive', since: 1, signature: '', destructor: false },
  ],
  errors: {},
};

/** What a server does with the requests of zwp_keyboard_shortcuts_inhibitor_v1. */
export interface ZwpKeyboardShortcutsInhibitorV1Requests {
  /**
   * destroy the keyboard shortcuts inhibitor object
   * Destroys the object.
   */
  destroy(resource: ZwpKeyboardShortcutsInhibitorV1Resource): void;
}

/** A client's zwp_keyboard_shortcuts_inhibitor_v1, as the server holds it. */
export class ZwpKeyboardShortcutsInhibitorV1Resource extends Resource<ZwpKeyboardShortcutsInhibitorV1Requests> {
  static readonly interface: Interface = zwp_keyboard_shortcuts_inhibitor_v1;

  override get interface(): Interface {
    return zwp_keyboard_shortcuts_inhibitor_v1;
  }

  /** shortcuts are inhibited */
  sendActive(): void {
    const message = this.event(0, 1);
    if (message === undefined) return;
    message.end();
  }

  /** shortcuts are restored */
  sendInactive(): void {
    const message = this.event(1, 1);
    if (message === undefined) return;
    message.end();
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        message.end();
        this.handler.destroy(this);
        return;
      }
    }
  }
}

/** What a client does with the events of zwp_keyboard_shortcuts_inhibitor_v1. */
export interface ZwpKeyboardShortcutsInhibitorV1Events {
  /** shortcuts are inhibited */
  active(proxy: ZwpKeyboardShortcutsInhibitorV1Proxy): void;
  /** shortcuts are restored */
  inactive(proxy: ZwpKeyboardShortcutsInhibitorV1Proxy): void;
}

/** A server's zwp_keyboard_shortcuts_inhibitor_v1, as the client holds it. */
export class ZwpKeyboardShortcutsInhibitorV1Proxy extends ObjectProxy<ZwpKeyboardShortcutsInhibitorV1Events> {
  static readonly interface: Interface = zwp_keyboard_shortcuts_inhibitor_v1;

  override get interface(): Interface {
    return zwp_keyboard_shortcuts_inhibitor_v1;
  }

  /**
   * destroy the keyboard shortcuts inhibitor object
   * Destroys the object.
   */
  destroy(): void {
    const message = this.request(0, 1);
    if (message !== undefined) {
      message.end();
    }
    this.forget();
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        message.end();
        if (this.wanted) this.handler.active(this);
        return;
      }
      case 1: {
        message.end();
        if (this.wanted) this.handler.inactive(this);
        return;
      }
    }
  }
}
