// Generated from protocols/presentation-time.xml by npm run gen:protocol.

import { ObjectProxy } from '../client/ObjectProxy.js';
import { Resource } from '../server/Resource.js';
import { type Interface } from '../wire/Interface.js';
import { type MessageReader } from '../wire/MessageReader.js';
import { WlOutputProxy, WlOutputResource, WlSurfaceProxy, WlSurfaceResource } from './wayland.js';

/** timed presentation related wl_surface requests */
export const wp_presentation: Interface = {
  name: 'wp_presentation',
  version: 2,
  requests: [
    { name: 'destroy', since: 1, signature: '', destructor: true },
    { name: 'feedback', since: 1, signature: 'on', destructor: false },
  ],
  events: [
    { name: 'clock_id', since: 1, signature: 'u', destructor: false },
  ],
  get errors() { return WpPresentationError; },
};

/** fatal presentation errors */
export const WpPresentationError = {
  /** invalid value in tv_nsec */
  invalid_timestamp: 0,
  /** invalid flag */
  invalid_flag: 1,
} as const;
export type WpPresentationError = (typeof WpPresentationError)[keyof typeof WpPresentationError];

/** What a server does with the requests of wp_presentation. */
export interface WpPresentationRequests {
  /**
   * unbind from the presentation interface
   * Destroys the object.
   */
  destroy(resource: WpPresentationResource): void;
  /**
   * request presentation feedback information
   * @param surface target surface
   * @param callback new feedback object
   */
  feedback(resource: WpPresentationResource, surface: WlSurfaceResource, callback: WpPresentationFeedbackResource): void;
}

/** A client's wp_presentation, as the server holds it. */
export class WpPresentationResource extends Resource<WpPresentationRequests, WpPresentationError> {
  static readonly interface: Interface = wp_presentation;

  override get interface(): Interface {
    return wp_presentation;
  }

  /**
   * clock ID for timestamps
   * @param clkId platform clock identifier
   */
  sendClockId(clkId: number): void {
    const message = this.event(0, 1);
    if (message === undefined) return;
    message.uint(clkId);
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
        const surface = this.received(WlSurfaceResource, message.uint());
        const callback = this.created(WpPresentationFeedbackResource, message.uint());
        message.end();
        this.handler.feedback(this, surface, callback);
        return;
      }
    }
  }
}

/** What a client does with the events of wp_presentation. */
export interface WpPresentationEvents {
  /**
   * clock ID for timestamps
   * @param clkId platform clock identifier
   */
  clockId(proxy: WpPresentationProxy, clkId: number): void;
}

/** A server's wp_presentation, as the client holds it. */
export class WpPresentationProxy extends ObjectProxy<WpPresentationEvents> {
  static readonly interface: Interface = wp_presentation;

  override get interface(): Interface {
    return wp_presentation;
  }

  /**
   * unbind from the presentation interface
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
   * request presentation feedback information
   * @param surface target surface
   */
  feedback(surface: WlSurfaceProxy, handler: WpPresentationFeedbackEvents): WpPresentationFeedbackProxy {
    const surfaceId = this.reference(surface);
    const message = this.request(1, 1);
    const created = this.create(WpPresentationFeedbackProxy, this.version, handler);
    if (message !== undefined) {
      message.uint(surfaceId);
      message.uint(created.id);
      message.end();
    }
    return created;
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const clkId = message.uint();
        message.end();
        if (this.wanted) this.handler.clockId(this, clkId);
        return;
      }
    }
  }
}

/** presentation time feedback event */
export const wp_presentation_feedback: Interface = {
  name: 'wp_presentation_feedback',
  version: 2,
  requests: [
  ],
  events: [
    { name: 'sync_output', since: 1, signature: 'o', destructor: false },
    { name: 'presented', since: 1, signature: 'uuuuuuu', destructor: true },
    { name: 'discarded', since: 1, signature: '', destructor: true },
  ],
  errors: {},
};

/**
 * bitmask of flags in presented event
 * A bit field.
 */
export const WpPresentationFeedbackKind = {
  vsync: 1,
  hw_clock: 2,
  hw_completion: 4,
  zero_copy: 8,
} as const;
export type WpPresentationFeedbackKind = number;

/** A client's wp_presentation_feedback, as the server holds it. */
export class WpPresentationFeedbackResource extends Resource<undefined> {
  static readonly interface: Interface = wp_presentation_feedback;

  override get interface(): Interface {
    return wp_presentation_feedback;
  }

  /**
   * presentation synchronized to this output
   * @param output presentation output
   */
  sendSyncOutput(output: WlOutputResource): void {
    const message = this.event(0, 1);
    if (message === undefined) return;
    message.uint(this.reference(output));
    message.end();
  }

  /**
   * the content update was displayed
   * Destroys the object.
   * @param tvSecHi high 32 bits of the seconds part of the presentation timestamp
   * @param tvSecLo low 32 bits of the seconds part of the presentation timestamp
   * @param tvNsec nanoseconds part of the presentation timestamp
   * @param refresh nanoseconds till next refresh
   * @param seqHi high 32 bits of refresh counter
   * @param seqLo low 32 bits of refresh counter
   * @param flags combination of 'kind' values
   */
  sendPresented(tvSecHi: number, tvSecLo: number, tvNsec: number, refresh: number, seqHi: number, seqLo: number, flags: WpPresentationFeedbackKind): void {
    const message = this.event(1, 1);
    if (message === undefined) return;
    message.uint(tvSecHi);
    message.uint(tvSecLo);
    message.uint(tvNsec);
    message.uint(refresh);
    message.uint(seqHi);
    message.uint(seqLo);
    message.uint(flags);
    message.end();
    this.destroy();
  }

  /**
   * the content update was not displayed
   * Destroys the object.
   */
  sendDiscarded(): void {
    const message = this.event(2, 1);
    if (message === undefined) return;
    message.end();
    this.destroy();
  }

  override dispatch(): void {}
}

/** What a client does with the events of wp_presentation_feedback. */
export interface WpPresentationFeedbackEvents {
  /**
   * presentation synchronized to this output
   * @param output presentation output
   */
  syncOutput(proxy: WpPresentationFeedbackProxy, output: WlOutputProxy): void;
  /**
   * the content update was displayed
   * Destroys the object.
   * @param tvSecHi high 32 bits of the seconds part of the presentation timestamp
   * @param tvSecLo low 32 bits of the seconds part of the presentation timestamp
   * @param tvNsec nanoseconds part of the presentation timestamp
   * @param refresh nanoseconds till next refresh
   * @param seqHi high 32 bits of refresh counter
   * @param seqLo low 32 bits of refresh counter
   * @param flags combination of 'kind' values; see WpPresentationFeedbackKind
   */
  presented(proxy: WpPresentationFeedbackProxy, tvSecHi: number, tvSecLo: number, tvNsec: number, refresh: number, seqHi: number, seqLo: number, flags: number): void;
  /**
   * the content update was not displayed
   * Destroys the object.
   */
  discarded(proxy: WpPresentationFeedbackProxy): void;
}

/** A server's wp_presentation_feedback, as the client holds it. */
export class WpPresentationFeedbackProxy extends ObjectProxy<WpPresentationFeedbackEvents> {
  static readonly interface: Interface = wp_presentation_feedback;

  override get interface(): Interface {
    return wp_presentation_feedback;
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const output = this.received(WlOutputProxy, message.uint());
        message.end();
        if (this.wanted) this.handler.syncOutput(this, output);
        return;
      }
      case 1: {
        const tvSecHi = message.uint();
        const tvSecLo = message.uint();
        const tvNsec = message.uint();
        const refresh = message.uint();
        const seqHi = message.uint();
        const seqLo = message.uint();
        const flags = message.uint();
        message.end();
        if (this.wanted) this.handler.presented(this, tvSecHi, tvSecLo, tvNsec, refresh, seqHi, seqLo, flags);
        return;
      }
      case 2: {
        message.end();
        if (this.wanted) this.handler.discarded(this);
        return;
      }
    }
  }
}
