// Generated from protocols/ext-idle-notify.xml by npm run gen:protocol.

import { ObjectProxy } from '../client/ObjectProxy.js';
import { Resource } from '../server/Resource.js';
import { type Interface } from '../wire/Interface.js';
import { type MessageReader } from '../wire/MessageReader.js';
import { WlSeatProxy, WlSeatResource } from './wayland.js';

/** idle notification manager */
export const ext_idle_notifier_v1: Interface = {
  name: 'ext_idle_notifier_v1',
  version: 2,
  requests: [
    { name: 'destroy', since: 1, signature: '', destructor: true },
    { name: 'get_idle_notification', since: 1, signature: 'nuo', destructor: false },
    { name: 'get_input_idle_notification', since: 2, signature: 'nuo', destructor: false },
  ],
  events: [
  ],
  errors: {},
};

/** What a server does with the requests of ext_idle_notifier_v1. */
export interface ExtIdleNotifierV1Requests {
  /**
   * destroy the manager
   * Destroys the object.
   */
  destroy(resource: ExtIdleNotifierV1Resource): void;
  /**
   * create a notification object
   * @param timeout minimum idle timeout in msec
   */
  getIdleNotification(resource: ExtIdleNotifierV1Resource, id: ExtIdleNotificationV1Resource, timeout: number, seat: WlSeatResource): void;
  /**
   * create a notification object
   * Since version 2.
   * @param timeout minimum idle timeout in msec
   */
  getInputIdleNotification(resource: ExtIdleNotifierV1Resource, id: ExtIdleNotificationV1Resource, timeout: number, seat: WlSeatResource): void;
}

/** A client's ext_idle_notifier_v1, as the server holds it. */
export class ExtIdleNotifierV1Resource extends Resource<ExtIdleNotifierV1Requests> {
  static readonly interface: Interface = ext_idle_notifier_v1;

  override get interface(): Interface {
    return ext_idle_notifier_v1;
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        message.end();
        this.handler.destroy(this);
        return;
      }
      case 1: {
        const id = this.created(ExtIdleNotificationV1Resource, message.uint());
        const timeout = message.uint();
        const seat = this.received(WlSeatResource, message.uint());
        message.end();
        this.handler.getIdleNotification(this, id, timeout, seat);
        return;
      }
      case 2: {
        const id = this.created(ExtIdleNotificationV1Resource, message.uint());
        const timeout = message.uint();
        const seat = this.received(WlSeatResource, message.uint());
        message.end();
        this.handler.getInputIdleNotification(this, id, timeout, seat);
        return;
      }
    }
  }
}

/** A server's ext_idle_notifier_v1, as the client holds it. */
export class ExtIdleNotifierV1Proxy extends ObjectProxy<undefined> {
  static readonly interface: Interface = ext_idle_notifier_v1;

  override get interface(): Interface {
    return ext_idle_notifier_v1;
  }

  /**
   * destroy the manager
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
   * create a notification object
   * @param timeout minimum idle timeout in msec
   */
  getIdleNotification(timeout: number, seat: WlSeatProxy, handler: ExtIdleNotificationV1Events): ExtIdleNotificationV1Proxy {
    const seatId = this.reference(seat);
    const message = this.request(1, 1);
    const created = this.create(ExtIdleNotificationV1Proxy, this.version, handler);
    if (message !== undefined) {
      message.uint(created.id);
      message.uint(timeout);
      message.uint(seatId);
      message.end();
    }
    return created;
  }

  /**
   * create a notification object
   * Since version 2.
   * @param timeout minimum idle timeout in msec
   */
  getInputIdleNotification(timeout: number, seat: WlSeatProxy, handler: ExtIdleNotificationV1Events): ExtIdleNotificationV1Proxy {
    const seatId = this.reference(seat);
    const message = this.request(2, 2);
    const created = this.create(ExtIdleNotificationV1Proxy, this.version, handler);
    if (message !== undefined) {
      message.uint(created.id);
      message.uint(timeout);
      message.uint(seatId);
      message.end();
    }
    return created;
  }

  override dispatch(): void {}
}

/** idle notification */
export const ext_idle_notification_v1: Interface = {
  name: 'ext_idle_notification_v1',
  version: 2,
  requests: [
    { name: 'destroy', since: 1, signature: '', destructor: true },
  ],
  events: [
    { name: 'idled', since: 1, signature: '', destructor: false },
    { name: 'resumed', since: 1, signature: '', destructor: false },
  ],
  errors: {},
};

/** What a server does with the requests of ext_idle_notification_v1. */
export interface ExtIdleNotificationV1Requests {
  /**
   * destroy the notification object
   * Destroys the object.
   */
  destroy(resource: ExtIdleNotificationV1Resource): void;
}

/** A client's ext_idle_notification_v1, as the server holds it. */
export class ExtIdleNotificationV1Resource extends Resource<ExtIdleNotificationV1Requests> {
  static readonly interface: Interface = ext_idle_notification_v1;

  override get interface(): Interface {
    return ext_idle_notification_v1;
  }

  /** notification object is idle */
  sendIdled(): void {
    const message = this.event(0, 1);
    if (message === undefined) return;
    message.end();
  }

  /** notification object is no longer idle */
  sendResumed(): void {
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

/** What a client does with the events of ext_idle_notification_v1. */
export interface ExtIdleNotificationV1Events {
  /** notification object is idle */
  idled(proxy: ExtIdleNotificationV1Proxy): void;
  /** notification object is no longer idle */
  resumed(proxy: ExtIdleNotificationV1Proxy): void;
}

/** A server's ext_idle_notification_v1, as the client holds it. */
export class ExtIdleNotificationV1Proxy extends ObjectProxy<ExtIdleNotificationV1Events> {
  static readonly interface: Interface = ext_idle_notification_v1;

  override get interface(): Interface {
    return ext_idle_notification_v1;
  }

  /**
   * destroy the notification object
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
        if (this.wanted) this.handler.idled(this);
        return;
      }
      case 1: {
        message.end();
        if (this.wanted) this.handler.resumed(this);
        return;
      }
    }
  }
}
