// Generated from protocols/virtual-keyboard.xml by npm run gen:protocol.

import { type Fd } from '@switchyard/sys';
import { ObjectProxy } from '../client/ObjectProxy.js';
import { Resource } from '../server/Resource.js';
import { type Interface } from '../wire/Interface.js';
import { type MessageReader } from '../wire/MessageReader.js';
import { WlSeatProxy, WlSeatResource } from './wayland.js';

/** virtual keyboard */
export const zwp_virtual_keyboard_v1: Interface = {
  name: 'zwp_virtual_keyboard_v1',
  version: 1,
  requests: [
    { name: 'keymap', since: 1, signature: 'uhu', destructor: false },
    { name: 'key', since: 1, signature: 'uuu', destructor: false },
    { name: 'modifiers', since: 1, signature: 'uuuu', destructor: false },
    { name: 'destroy', since: 1, signature: '', destructor: true },
  ],
  events: [
  ],
  get errors() { return ZwpVirtualKeyboardV1Error; },
};

export const ZwpVirtualKeyboardV1Error = {
  /** No keymap was set */
  no_keymap: 0,
} as const;
export type ZwpVirtualKeyboardV1Error = (typeof ZwpVirtualKeyboardV1Error)[keyof typeof ZwpVirtualKeyboardV1Error];

/** What a server does with the requests of zwp_virtual_keyboard_v1. */
export interface ZwpVirtualKeyboardV1Requests {
  /**
   * keyboard mapping
   * @param format keymap format
   * @param fd keymap file descriptor
   * @param size keymap size, in bytes
   */
  keymap(resource: ZwpVirtualKeyboardV1Resource, format: number, fd: Fd, size: number): void;
  /**
   * key event
   * @param time timestamp with millisecond granularity
   * @param key key that produced the event
   * @param state physical state of the key
   */
  key(resource: ZwpVirtualKeyboardV1Resource, time: number, key: number, state: number): void;
  /**
   * modifier and group state
   * @param modsDepressed depressed modifiers
   * @param modsLatched latched modifiers
   * @param modsLocked locked modifiers
   * @param group keyboard layout
   */
  modifiers(resource: ZwpVirtualKeyboardV1Resource, modsDepressed: number, modsLatched: number, modsLocked: number, group: number): void;
  /**
   * destroy the virtual keyboard keyboard object
   * Destroys the object.
   */
  destroy(resource: ZwpVirtualKeyboardV1Resource): void;
}

/** A client's zwp_virtual_keyboard_v1, as the server holds it. */
export class ZwpVirtualKeyboardV1Resource extends Resource<ZwpVirtualKeyboardV1Requests, ZwpVirtualKeyboardV1Error> {
  static readonly interface: Interface = zwp_virtual_keyboard_v1;

  override get interface(): Interface {
    return zwp_virtual_keyboard_v1;
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const format = message.uint();
        const fd = message.fd();
        const size = message.uint();
        message.end();
        this.handler.keymap(this, format, fd, size);
        return;
      }
      case 1: {
        const time = message.uint();
        const key = message.uint();
        const state = message.uint();
        message.end();
        this.handler.key(this, time, key, state);
        return;
      }
      case 2: {
        const modsDepressed = message.uint();
        const modsLatched = message.uint();
        const modsLocked = message.uint();
        const group = message.uint();
        message.end();
        this.handler.modifiers(this, modsDepressed, modsLatched, modsLocked, group);
        return;
      }
      case 3: {
        message.end();
        this.handler.destroy(this);
        return;
      }
    }
  }
}

/** A server's zwp_virtual_keyboard_v1, as the client holds it. */
export class ZwpVirtualKeyboardV1Proxy extends ObjectProxy<undefined> {
  static readonly interface: Interface = zwp_virtual_keyboard_v1;

  override get interface(): Interface {
    return zwp_virtual_keyboard_v1;
  }

  /**
   * keyboard mapping
   * @param format keymap format
   * @param fd keymap file descriptor
   * @param size keymap size, in bytes
   */
  keymap(format: number, fd: Fd, size: number): void {
    const message = this.request(0, 1);
    if (message !== undefined) {
      message.uint(format);
      message.fd(fd);
      message.uint(size);
      message.end();
    }
    else { fd.close(); }
  }

  /**
   * key event
   * @param time timestamp with millisecond granularity
   * @param key key that produced the event
   * @param state physical state of the key
   */
  key(time: number, key: number, state: number): void {
    const message = this.request(1, 1);
    if (message !== undefined) {
      message.uint(time);
      message.uint(key);
      message.uint(state);
      message.end();
    }
  }

  /**
   * modifier and group state
   * @param modsDepressed depressed modifiers
   * @param modsLatched latched modifiers
   * @param modsLocked locked modifiers
   * @param group keyboard layout
   */
  modifiers(modsDepressed: number, modsLatched: number, modsLocked: number, group: number): void {
    const message = this.request(2, 1);
    if (message !== undefined) {
      message.uint(modsDepressed);
      message.uint(modsLatched);
      message.uint(modsLocked);
      message.uint(group);
      message.end();
    }
  }

  /**
   * destroy the virtual keyboard keyboard object
   * Destroys the object.
   */
  destroy(): void {
    const message = this.request(3, 1);
    if (message !== undefined) {
      message.end();
    }
    this.forget();
  }

  override dispatch(): void {}
}

/** virtual keyboard manager */
export const zwp_virtual_keyboard_manager_v1: Interface = {
  name: 'zwp_virtual_keyboard_manager_v1',
  version: 1,
  requests: [
    { name: 'create_virtual_keyboard', since: 1, signature: 'on', destructor: false },
  ],
  events: [
  ],
  get errors() { return ZwpVirtualKeyboardManagerV1Error; },
};

export const ZwpVirtualKeyboardManagerV1Error = {
  /** client not authorized to use the interface */
  unauthorized: 0,
} as const;
export type ZwpVirtualKeyboardManagerV1Error = (typeof ZwpVirtualKeyboardManagerV1Error)[keyof typeof ZwpVirtualKeyboardManagerV1Error];

/** What a server does with the requests of zwp_virtual_keyboard_manager_v1. */
export interface ZwpVirtualKeyboardManagerV1Requests {
  /** Create a new virtual keyboard */
  createVirtualKeyboard(resource: ZwpVirtualKeyboardManagerV1Resource, seat: WlSeatResource, id: ZwpVirtualKeyboardV1Resource): void;
}

/** A client's zwp_virtual_keyboard_manager_v1, as the server holds it. */
export class ZwpVirtualKeyboardManagerV1Resource extends Resource<ZwpVirtualKeyboardManagerV1Requests, ZwpVirtualKeyboardManagerV1Error> {
  static readonly interface: Interface = zwp_virtual_keyboard_manager_v1;

  override get interface(): Interface {
    return zwp_virtual_keyboard_manager_v1;
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const seat = this.received(WlSeatResource, message.uint());
        const id = this.created(ZwpVirtualKeyboardV1Resource, message.uint());
        message.end();
        this.handler.createVirtualKeyboard(this, seat, id);
        return;
      }
    }
  }
}

/** A server's zwp_virtual_keyboard_manager_v1, as the client holds it. */
export class ZwpVirtualKeyboardManagerV1Proxy extends ObjectProxy<undefined> {
  static readonly interface: Interface = zwp_virtual_keyboard_manager_v1;

  override get interface(): Interface {
    return zwp_virtual_keyboard_manager_v1;
  }

  /** Create a new virtual keyboard */
  createVirtualKeyboard(seat: WlSeatProxy): ZwpVirtualKeyboardV1Proxy {
    const seatId = this.reference(seat);
    const message = this.request(0, 1);
    const created = this.create(ZwpVirtualKeyboardV1Proxy, this.version, undefined);
    if (message !== undefined) {
      message.uint(seatId);
      message.uint(created.id);
      message.end();
    }
    return created;
  }

  override dispatch(): void {}
}
