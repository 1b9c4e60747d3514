// Generated from protocols/text-input.xml by npm run gen:protocol.

import { ObjectProxy } from '../client/ObjectProxy.js';
import { Resource } from '../server/Resource.js';
import { type Interface } from '../wire/Interface.js';
import { type MessageReader } from '../wire/MessageReader.js';
import { WlSeatProxy, WlSeatResource, WlSurfaceProxy, WlSurfaceResource } from './wayland.js';

/** text input */
export const zwp_text_input_v3: Interface = {
  name: 'zwp_text_input_v3',
  version: 1,
  requests: [
    { name: 'destroy', since: 1, signature: '', destructor: true },
    { name: 'enable', since: 1, signature: '', destructor: false },
    { name: 'disable', since: 1, signature: '', destructor: false },
    { name: 'set_surrounding_text', since: 1, signature: 'sii', destructor: false },
    { name: 'set_text_change_cause', since: 1, signature: 'u', destructor: false },
    { name: 'set_content_type', since: 1, signature: 'uu', destructor: false },
    { name: 'set_cursor_rectangle', since: 1, signature: 'iiii', destructor: false },
    { name: 'commit', since: 1, signature: '', destructor: false },
  ],
  events: [
    { name: 'enter', since: 1, signature: 'o', destructor: false },
    { name: 'leave', since: 1, signature: 'o', destructor: false },
    { name: 'preedit_string', since: 1, signature: '?sii', destructor: false },
    { name: 'commit_string', since: 1, signature: '?s', destructor: false },
    { name: 'delete_surrounding_text', since: 1, signature: 'uu', destructor: false },
    { name: 'done', since: 1, signature: 'u', destructor: false },
  ],
  errors: {},
};

/** text change reason */
export const ZwpTextInputV3ChangeCause = {
  /** input method caused the change */
  input_method: 0,
  /** something else than the input method caused the change */
  other: 1,
} as const;
export type ZwpTextInputV3ChangeCause = (typeof ZwpTextInputV3ChangeCause)[keyof typeof ZwpTextInputV3ChangeCause];

/**
 * content hint
 * A bit field.
 */
export const ZwpTextInputV3ContentHint = {
  /** no special behavior */
  none: 0,
  /** suggest word completions */
  completion: 1,
  /** suggest word corrections */
  spellcheck: 2,
  /** switch to uppercase letters at the start of a sentence */
  auto_capitalization: 4,
  /** prefer lowercase letters */
  lowercase: 8,
  /** prefer uppercase letters */
  uppercase: 16,
  /** prefer casing for titles and headings (can be language dependent) */
  titlecase: 32,
  /** characters should be hidden */
  hidden_text: 64,
  /** typed text should not be stored */
  sensitive_data: 128,
  /** just Latin characters should be entered */
  latin: 256,
  /** the text input is multiline */
  multiline: 512,
} as const;
export type ZwpTextInputV3ContentHint = number;

/** content purpose */
export const ZwpTextInputV3ContentPurpose = {
  /** default input, allowing all characters */
  normal: 0,
  /** allow only alphabetic characters */
  alpha: 1,
  /** allow only digits */
  digits: 2,
  /** input a number (including decimal separator and sign) */
  number: 3,
  /** input a phone number */
  phone: 4,
  /** input an URL */
  url: 5,
  /** input an email address */
  email: 6,
  /** input a name of a person */
  name: 7,
  /** input a password (combine with sensitive_data hint) */
  password: 8,
  /** input is a numeric password (combine with sensitive_data hint) */
  pin: 9,
  /** input a date */
  date: 10,
  /** input a time */
  time: 11,
  /** input a date and time */
  datetime: 12,
  /** input for a terminal */
  terminal: 13,
} as const;
export type ZwpTextInputV3ContentPurpose = (typeof ZwpTextInputV3ContentPurpose)[keyof typeof ZwpTextInputV3ContentPurpose];

/** What a server does with the requests of zwp_text_input_v3. */
export interface ZwpTextInputV3Requests {
  /**
   * Destroy the wp_text_input
   * Destroys the object.
   */
  destroy(resource: ZwpTextInputV3Resource): void;
  /** Request text input to be enabled */
  enable(resource: ZwpTextInputV3Resource): void;
  /** Disable text input on a surface */
  disable(resource: ZwpTextInputV3Resource): void;
  /** sets the surrounding text */
  setSurroundingText(resource: ZwpTextInputV3Resource, text: string, cursor: number, anchor: number): void;
  /**
   * indicates the cause of surrounding text change
   * @param cause see ZwpTextInputV3ChangeCause
   */
  setTextChangeCause(resource: ZwpTextInputV3Resource, cause: number): void;
  /**
   * set content purpose and hint
   * @param hint see ZwpTextInputV3ContentHint
   * @param purpose see ZwpTextInputV3ContentPurpose
   */
  setContentType(resource: ZwpTextInputV3Resource, hint: number, purpose: number): void;
  /** set cursor position */
  setCursorRectangle(resource: ZwpTextInputV3Resource, x: number, y: number, width: number, height: number): void;
  /** commit state */
  commit(resource: ZwpTextInputV3Resource): void;
}

/** A client's zwp_text_input_v3, as the server holds it. */
export class ZwpTextInputV3Resource extends Resource<ZwpTextInputV3Requests> {
  static readonly interface: Interface = zwp_text_input_v3;

  override get interface(): Interface {
    return zwp_text_input_v3;
  }

  /** enter event */
  sendEnter(surface: WlSurfaceResource): void {
    const message = this.event(0, 1);
    if (message === undefined) return;
    message.uint(this.reference(surface));
    message.end();
  }

  /** leave event */
  sendLeave(surface: WlSurfaceResource): void {
    const message = this.event(1, 1);
    if (message === undefined) return;
    message.uint(this.reference(surface));
    message.end();
  }

  /** pre-edit */
  sendPreeditString(text: string | null, cursorBegin: number, cursorEnd: number): void {
    const message = this.event(2, 1);
    if (message === undefined) return;
    message.string(text);
    message.int(cursorBegin);
    message.int(cursorEnd);
    message.end();
  }

  /** text commit */
  sendCommitString(text: string | null): void {
    const message = this.event(3, 1);
    if (message === undefined) return;
    message.string(text);
    message.end();
  }

  /**
   * delete surrounding text
   * @param beforeLength length of text before current cursor position
   * @param afterLength length of text after current cursor position
   */
  sendDeleteSurroundingText(beforeLength: number, afterLength: number): void {
    const message = this.event(4, 1);
    if (message === undefined) return;
    message.uint(beforeLength);
    message.uint(afterLength);
    message.end();
  }

  /** apply changes */
  sendDone(serial: number): void {
    const message = this.event(5, 1);
    if (message === undefined) return;
    message.uint(serial);
    message.end();
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        message.end();
        this.handler.destroy(this);
        return;
      }
      case 1: {
        message.end();
        this.handler.enable(this);
        return;
      }
      case 2: {
        message.end();
        this.handler.disable(this);
        return;
      }
      case 3: {
        const text = message.string();
        const cursor = message.int();
        const anchor = message.int();
        message.end();
        this.handler.setSurroundingText(this, text, cursor, anchor);
        return;
      }
      case 4: {
        const cause = message.uint();
        message.end();
        this.handler.setTextChangeCause(this, cause);
        return;
      }
      case 5: {
        const hint = message.uint();
        const purpose = message.uint();
        message.end();
        this.handler.setContentType(this, hint, purpose);
        return;
      }
      case 6: {
        const x = message.int();
        const y = message.int();
        const width = message.int();
        const height = message.int();
        message.end();
        this.handler.setCursorRectangle(this, x, y, width, height);
        return;
      }
      case 7: {
        message.end();
        this.handler.commit(this);
        return;
      }
    }
  }
}

/** What a client does with the events of zwp_text_input_v3. */
export interface ZwpTextInputV3Events {
  /** enter event */
  enter(proxy: ZwpTextInputV3Proxy, surface: WlSurfaceProxy): void;
  /** leave event */
  leave(proxy: ZwpTextInputV3Proxy, surface: WlSurfaceProxy): void;
  /** pre-edit */
  preeditString(proxy: ZwpTextInputV3Proxy, text: string | null, cursorBegin: number, cursorEnd: number): void;
  /** text commit */
  commitString(proxy: ZwpTextInputV3Proxy, text: string | null): void;
  /**
   * delete surrounding text
   * @param beforeLength length of text before current cursor position
   * @param afterLength length of text after current cursor position
   */
  deleteSurroundingText(proxy: ZwpTextInputV3Proxy, beforeLength: number, afterLength: number): void;
  /** apply changes */
  done(proxy: ZwpTextInputV3Proxy, serial: number): void;
}

/** A server's zwp_text_input_v3, as the client holds it. */
export class ZwpTextInputV3Proxy extends ObjectProxy<ZwpTextInputV3Events> {
  static readonly interface: Interface = zwp_text_input_v3;

  override get interface(): Interface {
    return zwp_text_input_v3;
  }

  /**
   * Destroy the wp_text_input
   * Destroys the object.
   */
  destroy(): void {
    const message = this.request(0, 1);
    if (message !== undefined) {
      message.end();
    }
    this.forget();
  }

  /** Request text input to be enabled */
  enable(): void {
    const message = this.request(1, 1);
    if (message !== undefined) {
      message.end();
    }
  }

  /** Disable text input on a surface */
  disable(): void {
    const message = this.request(2, 1);
    if (message !== undefined) {
      message.end();
    }
  }

  /** sets the surrounding text */
  setSurroundingText(text: string, cursor: number, anchor: number): void {
    const message = this.request(3, 1);
    if (message !== undefined) {
      message.string(text);
      message.int(cursor);
      message.int(anchor);
      message.end();
    }
  }

  /** indicates the cause of surrounding text change */
  setTextChangeCause(cause: ZwpTextInputV3ChangeCause): void {
    const message = this.request(4, 1);
    if (message !== undefined) {
      message.uint(cause);
      message.end();
    }
  }

  /** set content purpose and hint */
  setContentType(hint: ZwpTextInputV3ContentHint, purpose: ZwpTextInputV3ContentPurpose): void {
    const message = this.request(5, 1);
    if (message !== undefined) {
      message.uint(hint);
      message.uint(purpose);
      message.end();
    }
  }

  /** set cursor position */
  setCursorRectangle(x: number, y: number, width: number, height: number): void {
    const message = this.request(6, 1);
    if (message !== undefined) {
      message.int(x);
      message.int(y);
      message.int(width);
      message.int(height);
      message.end();
    }
  }

  /** commit state */
  commit(): void {
    const message = this.request(7, 1);
    if (message !== undefined) {
      message.end();
    }
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const surface = this.received(WlSurfaceProxy, message.uint());
        message.end();
        if (this.wanted) this.handler.enter(this, surface);
        return;
      }
      case 1: {
        const surface = this.received(WlSurfaceProxy, message.uint());
        message.end();
        if (this.wanted) this.handler.leave(this, surface);
        return;
      }
      case 2: {
        const text = message.stringOrNull();
        const cursorBegin = message.int();
        const cursorEnd = message.int();
        message.end();
        if (this.wanted) this.handler.preeditString(this, text, cursorBegin, cursorEnd);
        return;
      }
      case 3: {
        const text = message.stringOrNull();
        message.end();
        if (this.wanted) this.handler.commitString(this, text);
        return;
      }
      case 4: {
        const beforeLength = message.uint();
        const afterLength = message.uint();
        message.end();
        if (this.wanted) this.handler.deleteSurroundingText(this, beforeLength, afterLength);
        return;
      }
      case 5: {
        const serial = message.uint();
        message.end();
        if (this.wanted) this.handler.done(this, serial);
        return;
      }
    }
  }
}

/** text input manager */
export const zwp_text_input_manager_v3: Interface = {
  name: 'zwp_text_input_manager_v3',
  version: 1,
  requests: [
    { name: 'destroy', since: 1, signature: '', destructor: true },
    { name: 'get_text_input', since: 1, signature: 'no', destructor: false },
  ],
  events: [
  ],
  errors: {},
};

/** What a server does with the requests of zwp_text_input_manager_v3. */
export interface ZwpTextInputManagerV3Requests {
  /**
   * Destroy the wp_text_input_manager
   * Destroys the object.
   */
  destroy(resource: ZwpTextInputManagerV3Resource): void;
  /** create a new text input object */
  getTextInput(resource: ZwpTextInputManagerV3Resource, id: ZwpTextInputV3Resource, seat: WlSeatResource): void;
}

/** A client's zwp_text_input_manager_v3, as the server holds it. */
export class ZwpTextInputManagerV3Resource extends Resource<ZwpTextInputManagerV3Requests> {
  static readonly interface: Interface = zwp_text_input_manager_v3;

  override get interface(): Interface {
    return zwp_text_input_manager_v3;
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        message.end();
        this.handler.destroy(this);
        return;
      }
      case 1: {
        const id = this.created(ZwpTextInputV3Resource, message.uint());
        const seat = this.received(WlSeatResource, message.uint());
        message.end();
        this.handler.getTextInput(this, id, seat);
        return;
      }
    }
  }
}

/** A server's zwp_text_input_manager_v3, as the client holds it. */
export class ZwpTextInputManagerV3Proxy extends ObjectProxy<undefined> {
  static readonly interface: Interface = zwp_text_input_manager_v3;

  override get interface(): Interface {
    return zwp_text_input_manager_v3;
  }

  /**
   * Destroy the wp_text_input_manager
   * Destroys the object.
   */
  destroy(): void {
    const message = this.request(0, 1);
    if (message !== undefined) {
      message.end();
    }
    this.forget();
  }

  /** create a new text input object */
  getTextInput(seat: WlSeatProxy, handler: ZwpTextInputV3Events): ZwpTextInputV3Proxy {
    const seatId = this.reference(seat);
    const message = this.request(1, 1);
    const created = this.create(ZwpTextInputV3Proxy, this.version, handler);
    if (message !== undefined) {
      message.uint(created.id);
      message.uint(seatId);
      message.end();
    }
    return created;
  }

  override dispatch(): void {}
}
