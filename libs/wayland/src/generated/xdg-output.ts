// Generated from protocols/xdg-output.xml by npm run gen:protocol.

import { ObjectProxy } from '../client/ObjectProxy.js';
import { Resource } from '../server/Resource.js';
import { type Interface } from '../wire/Interface.js';
import { type MessageReader } from '../wire/MessageReader.js';
import { WlOutputProxy, WlOutputResource } from './wayland.js';

/** manage xdg_output objects */
export const zxdg_output_manager_v1: Interface = {
  name: 'zxdg_output_manager_v1',
  version: 3,
  requests: [
    { name: 'destroy', since: 1, signature: '', destructor: true },
    { name: 'get_xdg_output', since: 1, signature: 'no', destructor: false },
  ],
  events: [
  ],
  errors: {},
};

/** What a server does with the requests of zxdg_output_manager_v1. */
export interface ZxdgOutputManagerV1Requests {
  /**
   * destroy the xdg_output_manager object
   * Destroys the object.
   */
  destroy(resource: ZxdgOutputManagerV1Resource): void;
  /** create an xdg output from a wl_output */
  getXdgOutput(resource: ZxdgOutputManagerV1Resource, id: ZxdgOutputV1Resource, output: WlOutputResource): void;
}

/** A client's zxdg_output_manager_v1, as the server holds it. */
export class ZxdgOutputManagerV1Resource extends Resource<ZxdgOutputManagerV1Requests> {
  static readonly interface: Interface = zxdg_output_manager_v1;

  override get interface(): Interface {
    return zxdg_output_manager_v1;
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        message.end();
        this.handler.destroy(this);
        return;
      }
      case 1: {
        const id = this.created(ZxdgOutputV1Resource, message.uint());
        const output = this.received(WlOutputResource, message.uint());
        message.end();
        this.handler.getXdgOutput(this, id, output);
        return;
      }
    }
  }
}

/** A server's zxdg_output_manager_v1, as the client holds it. */
export class ZxdgOutputManagerV1Proxy extends ObjectProxy<undefined> {
  static readonly interface: Interface = zxdg_output_manager_v1;

  override get interface(): Interface {
    return zxdg_output_manager_v1;
  }

  /**
   * destroy the xdg_output_manager object
   * Destroys the object.
   */
  destroy(): void {
    const message = this.request(0, 1);
    if (message !== undefined) {
      message.end();
    }
    this.forget();
  }

  /** create an xdg output from a wl_output */
  getXdgOutput(output: WlOutputProxy, handler: ZxdgOutputV1Events): ZxdgOutputV1Proxy {
    const outputId = this.reference(output);
    const message = this.request(1, 1);
    const created = this.create(ZxdgOutputV1Proxy, this.version, handler);
    if (message !== undefined) {
      message.uint(created.id);
      message.uint(outputId);
      message.end();
    }
    return created;
  }

  override dispatch(): void {}
}

/** compositor logical output region */
export const zxdg_output_v1: Interface = {
  name: 'zxdg_output_v1',
  version: 3,
  requests: [
    { name: 'destroy', since: 1, signature: '', destructor: true },
  ],
  events: [
    { name: 'logical_position', since: 1, signature: 'ii', destructor: false },
    { name: 'logical_size', since: 1, signature: 'ii', destructor: false },
    { name: 'done', since: 1, signature: '', destructor: false },
    { name: 'name', since: 2, signature: 's', destructor: false },
    { name: 'description', since: 2, signature: 's', destructor: false },
  ],
  errors: {},
};

/** What a server does with the requests of zxdg_output_v1. */
export interface ZxdgOutputV1Requests {
  /**
   * destroy the xdg_output object
   * Destroys the object.
   */
  destroy(resource: ZxdgOutputV1Resource): void;
}

/** A client's zxdg_output_v1, as the server holds it. */
export class ZxdgOutputV1Resource extends Resource<ZxdgOutputV1Requests> {
  static readonly interface: Interface = zxdg_output_v1;

  override get interface(): Interface {
    return zxdg_output_v1;
  }

  /**
   * position of the output within the global compositor space
   * @param x x position within the global compositor space
   * @param y y position within the global compositor space
   */
  sendLogicalPosition(x: number, y: number): void {
    const message = this.event(0, 1);
    if (message === undefined) return;
    message.int(x);
    message.int(y);
    message.end();
  }

  /**
   * size of the output in the global compositor space
   * @param width width in global compositor space
   * @param height height in global compositor space
   */
  sendLogicalSize(width: number, height: number): void {
    const message = this.event(1, 1);
    if (message === undefined) return;
    message.int(width);
    message.int(height);
    message.end();
  }

  /** all information about the output have been sent */
  sendDone(): void {
    const message = this.event(2, 1);
    if (message === undefined) return;
    message.end();
  }

  /**
   * name of this output
   * Since version 2.
   * @param name output name
   */
  sendName(name: string): void {
    const message = this.event(3, 2);
    if (message === undefined) return;
    message.string(name);
    message.end();
  }

  /**
   * human-readable description of this output
   * Since version 2.
   * @param description output description
   */
  sendDescription(description: string): void {
    const message = this.event(4, 2);
    if (message === undefined) return;
    message.string(description);
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

/** What a client does with the events of zxdg_output_v1. */
export interface ZxdgOutputV1Events {
  /**
   * position of the output within the global compositor space
   * @param x x position within the global compositor space
   * @param y y position within the global compositor space
   */
  logicalPosition(proxy: ZxdgOutputV1Proxy, x: number, y: number): void;
  /**
   * size of the output in the global compositor space
   * @param width width in global compositor space
   * @param height height in global compositor space
   */
  logicalSize(proxy: ZxdgOutputV1Proxy, width: number, height: number): void;
  /** all information about the output have been sent */
  done(proxy: ZxdgOutputV1Proxy): void;
  /**
   * name of this output
   * Since version 2.
   * @param name output name
   */
  name(proxy: ZxdgOutputV1Proxy, name: string): void;
  /**
   * human-readable description of this output
   * Since version 2.
   * @param description output description
   */
  description(proxy: ZxdgOutputV1Proxy, description: string): void;
}

/** A server's zxdg_output_v1, as the client holds it. */
export class ZxdgOutputV1Proxy extends ObjectProxy<ZxdgOutputV1Events> {
  static readonly interface: Interface = zxdg_output_v1;

  override get interface(): Interface {
    return zxdg_output_v1;
  }

  /**
   * destroy the xdg_output object
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
        const x = message.int();
        const y = message.int();
        message.end();
        if (this.wanted) this.handler.logicalPosition(this, x, y);
        return;
      }
      case 1: {
        const width = message.int();
        const height = message.int();
        message.end();
        if (this.wanted) this.handler.logicalSize(this, width, height);
        return;
      }
      case 2: {
        message.end();
        if (this.wanted) this.handler.done(this);
        return;
      }
      case 3: {
        const name = message.string();
        message.end();
        if (this.wanted) this.handler.name(this, name);
        return;
      }
      case 4: {
        const description = message.string();
        message.end();
        if (this.wanted) this.handler.description(this, description);
        return;
      }
    }
  }
}
