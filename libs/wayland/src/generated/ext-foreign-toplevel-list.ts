// Generated from protocols/ext-foreign-toplevel-list.xml by npm run gen:protocol.

import { ObjectProxy } from '../client/ObjectProxy.js';
import { Resource } from '../server/Resource.js';
import { type Interface } from '../wire/Interface.js';
import { type MessageReader } from '../wire/MessageReader.js';

/** list toplevels */
export const ext_foreign_toplevel_list_v1: Interface = {
  name: 'ext_foreign_toplevel_list_v1',
  version: 1,
  requests: [
    { name: 'stop', since: 1, signature: '', destructor: false },
    { name: 'destroy', since: 1, signature: '', destructor: true },
  ],
  events: [
    { name: 'toplevel', since: 1, signature: 'n', destructor: false },
    { name: 'finished', since: 1, signature: '', destructor: false },
  ],
  errors: {},
};

/** What a server does with the requests of ext_foreign_toplevel_list_v1. */
export interface ExtForeignToplevelListV1Requests {
  /** stop sending events */
  stop(resource: ExtForeignToplevelListV1Resource): void;
  /**
   * destroy the ext_foreign_toplevel_list_v1 object
   * Destroys the object.
   */
  destroy(resource: ExtForeignToplevelListV1Resource): void;
}

/** A client's ext_foreign_toplevel_list_v1, as the server holds it. */
export class ExtForeignToplevelListV1Resource extends Resource<ExtForeignToplevelListV1Requests> {
  static readonly interface: Interface = ext_foreign_toplevel_list_v1;

  override get interface(): Interface {
    return ext_foreign_toplevel_list_v1;
  }

  /** a toplevel has been created */
  sendToplevel(toplevel: ExtForeignToplevelHandleV1Resource): void {
    const message = this.event(0, 1);
    if (message === undefined) return;
    message.uint(this.reference(toplevel));
    message.end();
  }

  /** the compositor has finished with the toplevel manager */
  sendFinished(): void {
    const message = this.event(1, 1);
    if (message === undefined) return;
    message.end();
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        message.end();
        this.handler.stop(this);
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

/** What a client does with the events of ext_foreign_toplevel_list_v1. */
export interface ExtForeignToplevelListV1Events {
  /** a toplevel has been created */
  toplevel(proxy: ExtForeignToplevelListV1Proxy, toplevel: ExtForeignToplevelHandleV1Proxy): void;
  /** the compositor has finished with the toplevel manager */
  finished(proxy: ExtForeignToplevelListV1Proxy): void;
}

/** A server's ext_foreign_toplevel_list_v1, as the client holds it. */
export class ExtForeignToplevelListV1Proxy extends ObjectProxy<ExtForeignToplevelListV1Events> {
  static readonly interface: Interface = ext_foreign_toplevel_list_v1;

  override get interface(): Interface {
    return ext_foreign_toplevel_list_v1;
  }

  /** stop sending events */
  stop(): void {
    const message = this.request(0, 1);
    if (message !== undefined) {
      message.end();
    }
  }

  /**
   * destroy the ext_foreign_toplevel_list_v1 object
   * Destroys the object.
   */
  destroy(): void {
    const message = this.request(1, 1);
    if (message !== undefined) {
      message.end();
    }
    this.forget();
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const toplevel = this.created(ExtForeignToplevelHandleV1Proxy, message.uint());
        message.end();
        if (this.wanted) this.handler.toplevel(this, toplevel);
        return;
      }
      case 1: {
        message.end();
        if (this.wanted) this.handler.finished(this);
        return;
      }
    }
  }
}

/** a mapped toplevel */
export const ext_foreign_toplevel_handle_v1: Interface = {
  name: 'ext_foreign_toplevel_handle_v1',
  version: 1,
  requests: [
    { name: 'destroy', since: 1, signature: '', destructor: true },
  ],
  events: [
    { name: 'closed', since: 1, signature: '', destructor: false },
    { name: 'done', since: 1, signature: '', destructor: false },
    { name: 'title', since: 1, signature: 's', destructor: false },
    { name: 'app_id', since: 1, signature: 's', destructor: false },
    { name: 'identifier', since: 1, signature: 's', destructor: false },
  ],
  errors: {},
};

/** What a server does with the requests of ext_foreign_toplevel_handle_v1. */
export interface ExtForeignToplevelHandleV1Requests {
  /**
   * destroy the ext_foreign_toplevel_handle_v1 object
   * Destroys the object.
   */
  destroy(resource: ExtForeignToplevelHandleV1Resource): void;
}

/** A client's ext_foreign_toplevel_handle_v1, as the server holds it. */
export class ExtForeignToplevelHandleV1Resource extends Resource<ExtForeignToplevelHandleV1Requests> {
  static readonly interface: Interface = ext_foreign_toplevel_handle_v1;

  override get interface(): Interface {
    return ext_foreign_toplevel_handle_v1;
  }

  /** the toplevel has been closed */
  sendClosed(): void {
    const message = this.event(0, 1);
    if (message === undefined) return;
    message.end();
  }

  /** all information about the toplevel has been sent */
  sendDone(): void {
    const message = this.event(1, 1);
    if (message === undefined) return;
    message.end();
  }

  /** title change */
  sendTitle(title: string): void {
    const message = this.event(2, 1);
    if (message === undefined) return;
    message.string(title);
    message.end();
  }

  /** app_id change */
  sendAppId(appId: string): void {
    const message = this.event(3, 1);
    if (message === undefined) return;
    message.string(appId);
    message.end();
  }

  /** a stable identifier for a toplevel */
  sendIdentifier(identifier: string): void {
    const message = this.event(4, 1);
    if (message === undefined) return;
    message.string(identifier);
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

/** What a client does with the events of ext_foreign_toplevel_handle_v1. */
export interface ExtForeignToplevelHandleV1Events {
  /** the toplevel has been closed */
  closed(proxy: ExtForeignToplevelHandleV1Proxy): void;
  /** all information about the toplevel has been sent */
  done(proxy: ExtForeignToplevelHandleV1Proxy): void;
  /** title change */
  title(proxy: ExtForeignToplevelHandleV1Proxy, title: string): void;
  /** app_id change */
  appId(proxy: ExtForeignToplevelHandleV1Proxy, appId: string): void;
  /** a stable identifier for a toplevel */
  identifier(proxy: ExtForeignToplevelHandleV1Proxy, identifier: string): void;
}

/** A server's ext_foreign_toplevel_handle_v1, as the client holds it. */
export class ExtForeignToplevelHandleV1Proxy extends ObjectProxy<ExtForeignToplevelHandleV1Events> {
  static readonly interface: Interface = ext_foreign_toplevel_handle_v1;

  override get interface(): Interface {
    return ext_foreign_toplevel_handle_v1;
  }

  /**
   * destroy the ext_foreign_toplevel_handle_v1 object
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
        if (this.wanted) this.handler.closed(this);
        return;
      }
      case 1: {
        message.end();
        if (this.wanted) this.handler.done(this);
        return;
      }
      case 2: {
        const title = message.string();
        message.end();
        if (this.wanted) this.handler.title(this, title);
        return;
      }
      case 3: {
        const appId = message.string();
        message.end();
        if (this.wanted) this.handler.appId(this, appId);
        return;
      }
      case 4: {
        const identifier = message.string();
        message.end();
        if (this.wanted) this.handler.identifier(this, identifier);
        return;
      }
    }
  }
}
