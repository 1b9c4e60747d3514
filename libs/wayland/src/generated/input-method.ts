// Generated from protocols/input-method.xml by npm run gen:protocol.

import { type Fd } from '@switchyard/sys';
import { ObjectProxy } from '../client/ObjectProxy.js';
import { Resource } from '../server/Resource.js';
import { type Interface } from '../wire/Interface.js';
import { type MessageReader } from '../wire/MessageReader.js';
import { ZwpTextInputV3ChangeCause, ZwpTextInputV3ContentHint, ZwpTextInputV3ContentPurpose } from './text-input.js';
import { WlKeyboardKeyState, WlKeyboardKeymapFormat, WlSeatProxy, WlSeatResource, WlSurfaceProxy, WlSurfaceResource } from './wayland.js';

/** input method */
export const zwp_input_method_v2: Interface = {
  name: 'zwp_input_method_v2',
  version: 1,
  requests: [
    { name: 'commit_string', since: 1, signature: 's', destructor: false },
    { name: 'set_preedit_string', since: 1, signature: 'sii', destructor: false },
    { name: 'delete_surrounding_text', since: 1, signature: 'uu', destructor: false },
    { name: 'commit', since: 1, signature: 'u', destructor: false },
    { name: 'get_input_popup_surface', since: 1, signature: 'no', destructor: false },
    { name: 'grab_keyboard', since: 1, signature: 'n', destructor: false },
    { name: 'destroy', since: 1, signature: '', destructor: true },
  ],
  events: [
    { name: 'activate', since: 1, signature: '', destructor: false },
    { name: 'deactivate', since: 1, signature: '', destructor: false },
    { name: 'surrounding_text', since: 1, signature: 'suu', destructor: false },
    { name: 'text_change_cause', since: 1, signature: 'u', destructor: false },
    { name: 'content_type', since: 1, signature: 'uu', destructor: false },
    { name: 'done', since: 1, signature: '', destructor: false },
    { name: 'unavailable', since: 1, signature: '', destructor: false },
  ],
  errors: {},
};

/** What a server does with the requests of zwp_input_method_v2. */
export interface ZwpInputMethodV2Requests {
  /** commit string */
  commitString(resource: ZwpInputMethodV2Resource, text: string): void;
  /** pre-edit string */
  setPreeditString(resource: ZwpInputMethodV2Resource, text: string, cursorBegin: number, cursorEnd: number): void;
  /** delete text */
  deleteSurroundingText(resource: ZwpInputMethodV2Resource, beforeLength: number, afterLength: number): void;
  /** apply state */
  commit(resource: ZwpInputMethodV2Resource, serial: number): void;
  /** create popup surface */
  getInputPopupSurface(resource: ZwpInputMethodV2Resource, id: ZwpInputPopupSurfaceV2Resource, surface: WlSurfaceResource): void;
  /** grab hardware keyboard */
  grabKeyboard(resource: ZwpInputMethodV2Resource, keyboard: ZwpInputMethodKeyboardGrabV2Resource): void;
  /**
   * destroy the text input
   * Destroys the object.
   */
  destroy(resource: ZwpInputMethodV2Resource): void;
}

/** A client's zwp_input_method_v2, as the server holds it. */
export class ZwpInputMethodV2Resource extends Resource<ZwpInputMethodV2Requests> {
  static readonly interface: Interface = zwp_input_method_v2;

  override get interface(): Interface {
    return zwp_input_method_v2;
  }

  /** input method has been requested */
  sendActivate(): void {
    const message = this.event(0, 1);
    if (message === undefined) return;
    message.end();
  }

  /** deactivate event */
  sendDeactivate(): void {
    const message = this.event(1, 1);
    if (message === undefined) return;
    message.end();
  }

  /** surrounding text event */
  sendSurroundingText(text: string, cursor: number, anchor: number): void {
    const message = this.event(2, 1);
    if (message === undefined) return;
    message.string(text);
    message.uint(cursor);
    message.uint(anchor);
    message.end();
  }

  /** indicates the cause of surrounding text change */
  sendTextChangeCause(cause: ZwpTextInputV3ChangeCause): void {
    const message = this.event(3, 1);
    if (message === undefined) return;
    message.uint(cause);
    message.end();
  }

  /** content purpose and hint */
  sendContentType(hint: ZwpTextInputV3ContentHint, purpose: ZwpTextInputV3ContentPurpose): void {
    const message = this.event(4, 1);
    if (message === undefined) return;
    message.uint(hint);
    message.uint(purpose);
    message.end();
  }

  /** apply state */
  sendDone(): void {
    const message = this.event(5, 1);
    if (message === undefined) return;
    message.end();
  }

  /** input method unavailable */
  sendUnavailable(): void {
    const message = this.event(6, 1);
    if (message === undefined) return;
    message.end();
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const text = message.string();
        message.end();
        this.handler.commitString(this, text);
        return;
      }
      case 1: {
        const text = message.string();
        const cursorBegin = message.int();
        const cursorEnd = message.int();
        message.end();
        this.handler.setPreeditString(this, text, cursorBegin, cursorEnd);
        return;
      }
      case 2: {
        const beforeLength = message.uint();
        const afterLength = message.uint();
        message.end();
        this.handler.deleteSurroundingText(this, beforeLength, afterLength);
        return;
      }
      case 3: {
        const serial = message.uint();
        message.end();
        this.handler.commit(this, serial);
        return;
      }
      case 4: {
        const id = this.created(ZwpInputPopupSurfaceV2Resource, message.uint());
        const surface = this.received(WlSurfaceResource, message.uint());
        message.end();
        this.handler.getInputPopupSurface(this, id, surface);
        return;
      }
      case 5: {
        const keyboard = this.created(ZwpInputMethodKeyboardGrabV2Resource, message.uint());
        message.end();
        this.handler.grabKeyboard(this, keyboard);
        return;
      }
      case 6: {
        message.end();
        this.handler.destroy(this);
        return;
      }
    }
  }
}

/** What a client does with the events of zwp_input_method_v2. */
export interface ZwpInputMethodV2Events {
  /** input method has been requested */
  activate(proxy: ZwpInputMethodV2Proxy): void;
  /** deactivate event */
  deactivate(proxy: ZwpInputMethodV2Proxy): void;
  /** surrounding text event */
  surroundingText(proxy: ZwpInputMethodV2Proxy, text: string, cursor: number, anchor: number): void;
  /**
   * indicates the cause of surrounding text change
   * @param cause see ZwpTextInputV3ChangeCause
   */
  textChangeCause(proxy: ZwpInputMethodV2Proxy, cause: number): void;
  /**
   * content purpose and hint
   * @param hint see ZwpTextInputV3ContentHint
   * @param purpose see ZwpTextInputV3ContentPurpose
   */
  contentType(proxy: ZwpInputMethodV2Proxy, hint: number, purpose: number): void;
  /** apply state */
  done(proxy: ZwpInputMethodV2Proxy): void;
  /** input method unavailable */
  unavailable(proxy: ZwpInputMethodV2Proxy): void;
}

/** A server's zwp_input_method_v2, as the client holds it. */
export class ZwpInputMethodV2Proxy extends ObjectProxy<ZwpInputMethodV2Events> {
  static readonly interface: Interface = zwp_input_method_v2;

  override get interface(): Interface {
    return zwp_input_method_v2;
  }

  /** commit string */
  commitString(text: string): void {
    const message = this.request(0, 1);
    if (message !== undefined) {
      message.string(text);
      message.end();
    }
  }

  /** pre-edit string */
  setPreeditString(text: string, cursorBegin: number, cursorEnd: number): void {
    const message = this.request(1, 1);
    if (message !== undefined) {
      message.string(text);
      message.int(cursorBegin);
      message.int(cursorEnd);
      message.end();
    }
  }

  /** delete text */
  deleteSurroundingText(beforeLength: number, afterLength: number): void {
    const message = this.request(2, 1);
    if (message !== undefined) {
      message.uint(beforeLength);
      message.uint(afterLength);
      message.end();
    }
  }

  /** apply state */
  commit(serial: number): void {
    const message = this.request(3, 1);
    if (message !== undefined) {
      message.uint(serial);
      message.end();
    }
  }

  /** create popup surface */
  getInputPopupSurface(surface: WlSurfaceProxy, handler: ZwpInputPopupSurfaceV2Events): ZwpInputPopupSurfaceV2Proxy {
    const surfaceId = this.reference(surface);
    const message = this.request(4, 1);
    const created = this.create(ZwpInputPopupSurfaceV2Proxy, this.version, handler);
    if (message !== undefined) {
      message.uint(created.id);
      message.uint(surfaceId);
      message.end();
    }
    return created;
  }

  /** grab hardware keyboard */
  grabKeyboard(handler: ZwpInputMethodKeyboardGrabV2Events): ZwpInputMethodKeyboardGrabV2Proxy {
    const message = this.request(5, 1);
    const created = this.create(ZwpInputMethodKeyboardGrabV2Proxy, this.version, handler);
    if (message !== undefined) {
      message.uint(created.id);
      message.end();
    }
    return created;
  }

  /**
   * destroy the text input
   * Destroys the object.
   */
  destroy(): void {
    const message = this.request(6, 1);
    if (message !== undefined) {
      message.end();
    }
    this.forget();
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        message.end();
        if (this.wanted) this.handler.activate(this);
        return;
      }
      case 1: {
        message.end();
        if (this.wanted) this.handler.deactivate(this);
        return;
      }
      case 2: {
        const text = message.string();
        const cursor = message.uint();
        const anchor = message.uint();
        message.end();
        if (this.wanted) this.handler.surroundingText(this, text, cursor, anchor);
        return;
      }
      case 3: {
        const cause = message.uint();
        message.end();
        if (this.wanted) this.handler.textChangeCause(this, cause);
        return;
      }
      case 4: {
        const hint = message.uint();
        const purpose = message.uint();
        message.end();
        if (this.wanted) this.handler.contentType(this, hint, purpose);
        return;
      }
      case 5: {
        message.end();
        if (this.wanted) this.handler.done(this);
        return;
      }
      case 6: {
        message.end();
        if (this.wanted) this.handler.unavailable(this);
        return;
      }
    }
  }
}

/** popup surface */
export const zwp_input_popup_surface_v2: Interface = {
  name: 'zwp_input_popup_surface_v2',
  version: 1,
  requests: [
    { name: 'destroy', since: 1, signature: '', destructor: true },
  ],
  events: [
    { name: 'text_input_rectangle', since: 1, signature: 'iiii', destructor: false },
  ],
  errors: {},
};

/** What a server does with the requests of zwp_input_popup_surface_v2. */
export interface ZwpInputPopupSurfaceV2Requests {
  /** Destroys the object. */
  destroy(resource: ZwpInputPopupSurfaceV2Resource): void;
}

/** A client's zwp_input_popup_surface_v2, as the server holds it. */
export class ZwpInputPopupSurfaceV2Resource extends Resource<ZwpInputPopupSurfaceV2Requests> {
  static readonly interface: Interface = zwp_input_popup_surface_v2;

  override get interface(): Interface {
    return zwp_input_popup_surface_v2;
  }

  /** set text input area position */
  sendTextInputRectangle(x: number, y: number, width: number, height: number): void {
    const message = this.event(0, 1);
    if (message === undefined) return;
    message.int(x);
    message.int(y);
    message.int(width);
    message.int(height);
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

/** What a client does with the events of zwp_input_popup_surface_v2. */
export interface ZwpInputPopupSurfaceV2Events {
  /** set text input area position */
  textInputRectangle(proxy: ZwpInputPopupSurfaceV2Proxy, x: number, y: number, width: number, height: number): void;
}

/** A server's zwp_input_popup_surface_v2, as the client holds it. */
export class ZwpInputPopupSurfaceV2Proxy extends ObjectProxy<ZwpInputPopupSurfaceV2Events> {
  static readonly interface: Interface = zwp_input_popup_surface_v2;

  override get interface(): Interface {
    return zwp_input_popup_surface_v2;
  }

  /** Destroys the object. */
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
        const x = message.int();
        const y = message.int();
        const width = message.int();
        const height = message.int();
        message.end();
        if (this.wanted) this.handler.textInputRectangle(this, x, y, width, height);
        return;
      }
    }
  }
}

/** keyboard grab */
export const zwp_input_method_keyboard_grab_v2: Interface = {
  name: 'zwp_input_method_keyboard_grab_v2',
  version: 1,
  requests: [
    { name: 'release', since: 1, signature: '', destructor: true },
  ],
  events: [
    { name: 'keymap', since: 1, signature: 'uhu', destructor: false },
    { name: 'key', since: 1, signature: 'uuuu', destructor: false },
    { name: 'modifiers', since: 1, signature: 'uuuuu', destructor: false },
    { name: 'repeat_info', since: 1, signature: 'ii', destructor: false },
  ],
  errors: {},
};

/** What a server does with the requests of zwp_input_method_keyboard_grab_v2. */
export interface ZwpInputMethodKeyboardGrabV2Requests {
  /**
   * release the grab object
   * Destroys the object.
   */
  release(resource: ZwpInputMethodKeyboardGrabV2Resource): void;
}

/** A client's zwp_input_method_keyboard_grab_v2, as the server holds it. */
export class ZwpInputMethodKeyboardGrabV2Resource extends Resource<ZwpInputMethodKeyboardGrabV2Requests> {
  static readonly interface: Interface = zwp_input_method_keyboard_grab_v2;

  override get interface(): Interface {
    return zwp_input_method_keyboard_grab_v2;
  }

  /**
   * keyboard mapping
   * @param format keymap format
   * @param fd keymap file descriptor
   * @param size keymap size, in bytes
   */
  sendKeymap(format: WlKeyboardKeymapFormat, fd: Fd, size: number): void {
    const message = this.event(0, 1);
    if (message === undefined) {
      fd.close();
      return;
    }
    message.uint(format);
    message.fd(fd);
    message.uint(size);
    message.end();
  }

  /**
   * key event
   * @param serial serial number of the key event
   * @param time timestamp with millisecond granularity
   * @param key key that produced the event
   * @param state physical state of the key
   */
  sendKey(serial: number, time: number, key: number, state: WlKeyboardKeyState): void {
    const message = this.event(1, 1);
    if (message === undefined) return;
    message.uint(serial);
    message.uint(time);
    message.uint(key);
    message.uint(state);
    message.end();
  }

  /**
   * modifier and group state
   * @param serial serial number of the modifiers event
   * @param modsDepressed depressed modifiers
   * @param modsLatched latched modifiers
   * @param modsLocked locked modifiers
   * @param group keyboard layout
   */
  sendModifiers(serial: number, modsDepressed: number, modsLatched: number, modsLocked: number, group: number): void {
    const message = this.event(2, 1);
    if (message === undefined) return;
    message.uint(serial);
    message.uint(modsDepressed);
    message.uint(modsLatched);
    message.uint(modsLocked);
    message.uint(group);
    message.end();
  }

  /**
   * repeat rate and delay
   * @param rate the rate of repeating keys in characters per second
   * @param delay delay in milliseconds since key down until repeating starts
   */
  sendRepeatInfo(rate: number, delay: number): void {
    const message = this.event(3, 1);
    if (message === undefined) return;
    message.int(rate);
    message.int(delay);
    message.end();
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        message.end();
        this.handler.release(this);
        return;
      }
    }
  }
}

/** What a client does with the events of zwp_input_method_keyboard_grab_v2. */
export interface ZwpInputMethodKeyboardGrabV2Events {
  /**
   * keyboard mapping
   * @param format keymap format; see WlKeyboardKeymapFormat
   * @param fd keymap file descriptor
   * @param size keymap size, in bytes
   */
  keymap(proxy: ZwpInputMethodKeyboardGrabV2Proxy, format: number, fd: Fd, size: number): void;
  /**
   * key event
   * @param serial serial number of the key event
   * @param time timestamp with millisecond granularity
   * @param key key that produced the event
   * @param state physical state of the key; see WlKeyboardKeyState
   */
  key(proxy: ZwpInputMethodKeyboardGrabV2Proxy, serial: number, time: number, key: number, state: number): void;
  /**
   * modifier and group state
   * @param serial serial number of the modifiers event
   * @param modsDepressed depressed modifiers
   * @param modsLatched latched modifiers
   * @param modsLocked locked modifiers
   * @param group keyboard layout
   */
  modifiers(proxy: ZwpInputMethodKeyboardGrabV2Proxy, serial: number, modsDepressed: number, modsLatched: number, modsLocked: number, group: number): void;
  /**
   * repeat rate and delay
   * @param rate the rate of repeating keys in characters per second
   * @param delay delay in milliseconds since key down until repeating starts
   */
  repeatInfo(proxy: ZwpInputMethodKeyboardGrabV2Proxy, rate: number, delay: number): void;
}

/** A server's zwp_input_method_keyboard_grab_v2, as the client holds it. */
export class ZwpInputMethodKeyboardGrabV2Proxy extends ObjectProxy<ZwpInputMethodKeyboardGrabV2Events> {
  static readonly interface: Interface = zwp_input_method_keyboard_grab_v2;

  override get interface(): Interface {
    return zwp_input_method_keyboard_grab_v2;
  }

  /**
   * release the grab object
   * Destroys the object.
   */
  release(): void {
    const message = this.request(0, 1);
    if (message !== undefined) {
      message.end();
    }
    this.forget();
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const format = message.uint();
        const fd = message.fd();
        const size = message.uint();
        message.end();
        if (this.wanted) this.handler.keymap(this, format, fd, size);
        return;
      }
      case 1: {
        const serial = message.uint();
        const time = message.uint();
        const key = message.uint();
        const state = message.uint();
        message.end();
        if (this.wanted) this.handler.key(this, serial, time, key, state);
        return;
      }
      case 2: {
        const serial = message.uint();
        const modsDepressed = message.uint();
        const modsLatched = message.uint();
        const modsLocked = message.uint();
        const group = message.uint();
        message.end();
        if (this.wanted) this.handler.modifiers(this, serial, modsDepressed, modsLatched, modsLocked, group);
        return;
      }
      case 3: {
        const rate = message.int();
        const delay = message.int();
        message.end();
        if (this.wanted) this.handler.repeatInfo(this, rate, delay);
        return;
      }
    }
  }
}

/** input method manager */
export const zwp_input_method_manager_v2: Interface = {
  name: 'zwp_input_method_manager_v2',
  version: 1,
  requests: [
    { name: 'get_input_method', since: 1, signature: 'on', destructor: false },
    { name: 'destroy', since: 1, signature: '', destructor: true },
  ],
  events: [
  ],
  errors: {},
};

/** What a server does with the requests of zwp_input_method_manager_v2. */
export interface ZwpInputMethodManagerV2Requests {
  /** request an input method object */
  getInputMethod(resource: ZwpInputMethodManagerV2Resource, seat: WlSeatResource, inputMethod: ZwpInputMethodV2Resource): void;
  /**
   * destroy the input method manager
   * Destroys the object.
   */
  destroy(resource: ZwpInputMethodManagerV2Resource): void;
}

/** A client's zwp_input_method_manager_v2, as the server holds it. */
export class ZwpInputMethodManagerV2Resource extends Resource<ZwpInputMethodManagerV2Requests> {
  static readonly interface: Interface = zwp_input_method_manager_v2;

  override get interface(): Interface {
    return zwp_input_method_manager_v2;
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const seat = this.received(WlSeatResource, message.uint());
        const inputMethod = this.created(ZwpInputMethodV2Resource, message.uint());
        message.end();
        this.handler.getInputMethod(this, seat, inputMethod);
        return;
      }
      case 1: {
        message.end();
        this.handler.destroy(this);
        return;
      }
    }
  }
}

/** A server's zwp_input_method_manager_v2, as the client holds it. */
export class ZwpInputMethodManagerV2Proxy extends ObjectProxy<undefined> {
  static readonly interface: Interface = zwp_input_method_manager_v2;

  override get interface(): Interface {
    return zwp_input_method_manager_v2;
  }

  /** request an input method object */
  getInputMethod(seat: WlSeatProxy, handler: ZwpInputMethodV2Events): ZwpInputMethodV2Proxy {
    const seatId = this.reference(seat);
    const message = this.request(0, 1);
    const created = this.create(ZwpInputMethodV2Proxy, this.version, handler);
    if (message !== undefined) {
      message.uint(seatId);
      message.uint(created.id);
      message.end();
    }
    return created;
  }

  /**
   * destroy the input method manager
   * Destroys the object.
   */
  destroy(): void {
    const message = this.request(1, 1);
    if (message !== undefined) {
      message.end();
    }
    this.forget();
  }

  override dispatch(): void {}
}
