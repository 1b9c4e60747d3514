// Generated from protocols/ext-data-control.xml by npm run gen:protocol.

import { type Fd } from '@switchyard/sys';
import { ObjectProxy } from '../client/ObjectProxy.js';
import { Resource } from '../server/Resource.js';
import { type Interface } from '../wire/Interface.js';
import { type MessageReader } from '../wire/MessageReader.js';
import { WlSeatProxy, WlSeatResource } from './wayland.js';

/** manager to control data devices */
export const ext_data_control_manager_v1: Interface = {
  name: 'ext_data_control_manager_v1',
  version: 1,
  requests: [
    { name: 'create_data_source', since: 1, signature: 'n', destructor: false },
    { name: 'get_data_device', since: 1, signature: 'no', destructor: false },
    { name: 'destroy', since: 1, signature: '', destructor: true },
  ],
  events: [
  ],
  errors: {},
};

/** What a server does with the requests of ext_data_control_manager_v1. */
export interface ExtDataControlManagerV1Requests {
  /**
   * create a new data source
   * @param id data source to create
   */
  createDataSource(resource: ExtDataControlManagerV1Resource, id: ExtDataControlSourceV1Resource): void;
  /** get a data device for a seat */
  getDataDevice(resource: ExtDataControlManagerV1Resource, id: ExtDataControlDeviceV1Resource, seat: WlSeatResource): void;
  /**
   * destroy the manager
   * Destroys the object.
   */
  destroy(resource: ExtDataControlManagerV1Resource): void;
}

/** A client's ext_data_control_manager_v1, as the server holds it. */
export class ExtDataControlManagerV1Resource extends Resource<ExtDataControlManagerV1Requests> {
  static readonly interface: Interface = ext_data_control_manager_v1;

  override get interface(): Interface {
    return ext_data_control_manager_v1;
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const id = this.created(ExtDataControlSourceV1Resource, message.uint());
        message.end();
        this.handler.createDataSource(this, id);
        return;
      }
      case 1: {
        const id = this.created(ExtDataControlDeviceV1Resource, message.uint());
        const seat = this.received(WlSeatResource, message.uint());
        message.end();
        this.handler.getDataDevice(this, id, seat);
        return;
      }
      case 2: {
        message.end();
        this.handler.destroy(this);
        return;
      }
    }
  }
}

/** A server's ext_data_control_manager_v1, as the client holds it. */
export class ExtDataControlManagerV1Proxy extends ObjectProxy<undefined> {
  static readonly interface: Interface = ext_data_control_manager_v1;

  override get interface(): Interface {
    return ext_data_control_manager_v1;
  }

  /** create a new data source */
  createDataSource(handler: ExtDataControlSourceV1Events): ExtDataControlSourceV1Proxy {
    const message = this.request(0, 1);
    const created = this.create(ExtDataControlSourceV1Proxy, this.version, handler);
    if (message !== undefined) {
      message.uint(created.id);
      message.end();
    }
    return created;
  }

  /** get a data device for a seat */
  getDataDevice(seat: WlSeatProxy, handler: ExtDataControlDeviceV1Events): ExtDataControlDeviceV1Proxy {
    const seatId = this.reference(seat);
    const message = this.request(1, 1);
    const created = this.create(ExtDataControlDeviceV1Proxy, this.version, handler);
    if (message !== undefined) {
      message.uint(created.id);
      message.uint(seatId);
      message.end();
    }
    return created;
  }

  /**
   * destroy the manager
   * Destroys the object.
   */
  destroy(): void {
    const message = this.request(2, 1);
    if (message !== undefined) {
      message.end();
    }
    this.forget();
  }

  override dispatch(): void {}
}

/** manage a data device for a seat */
export const ext_data_control_device_v1: Interface = {
  name: 'ext_data_control_device_v1',
  version: 1,
  requests: [
    { name: 'set_selection', since: 1, signature: '?o', destructor: false },
    { name: 'destroy', since: 1, signature: '', destructor: true },
    { name: 'set_primary_selection', since: 1, signature: '?o', destructor: false },
  ],
  events: [
    { name: 'data_offer', since: 1, signature: 'n', destructor: false },
    { name: 'selection', since: 1, signature: '?o', destructor: false },
    { name: 'finished', since: 1, signature: '', destructor: false },
    { name: 'primary_selection', since: 1, signature: '?o', destructor: false },
  ],
  get errors() { return ExtDataControlDeviceV1Error; },
};

export const ExtDataControlDeviceV1Error = {
  /** source given to set_selection or set_primary_selection was already used before */
  used_source: 1,
} as const;
export type ExtDataControlDeviceV1Error = (typeof ExtDataControlDeviceV1Error)[keyof typeof ExtDataControlDeviceV1Error];

/** What a server does with the requests of ext_data_control_device_v1. */
export interface ExtDataControlDeviceV1Requests {
  /** copy data to the selection */
  setSelection(resource: ExtDataControlDeviceV1Resource, source: ExtDataControlSourceV1Resource | null): void;
  /**
   * destroy this data device
   * Destroys the object.
   */
  destroy(resource: ExtDataControlDeviceV1Resource): void;
  /** copy data to the primary selection */
  setPrimarySelection(resource: ExtDataControlDeviceV1Resource, source: ExtDataControlSourceV1Resource | null): void;
}

/** A client's ext_data_control_device_v1, as the server holds it. */
export class ExtDataControlDeviceV1Resource extends Resource<ExtDataControlDeviceV1Requests, ExtDataControlDeviceV1Error> {
  static readonly interface: Interface = ext_data_control_device_v1;

  override get interface(): Interface {
    return ext_data_control_device_v1;
  }

  /** introduce a new ext_data_control_offer */
  sendDataOffer(id: ExtDataControlOfferV1Resource): void {
    const message = this.event(0, 1);
    if (message === undefined) return;
    message.uint(this.reference(id));
    message.end();
  }

  /** advertise new selection */
  sendSelection(id: ExtDataControlOfferV1Resource | null): void {
    const message = this.event(1, 1);
    if (message === undefined) return;
    message.uint(this.reference(id));
    message.end();
  }

  /** this data control is no longer valid */
  sendFinished(): void {
    const message = this.event(2, 1);
    if (message === undefined) return;
    message.end();
  }

  /** advertise new primary selection */
  sendPrimarySelection(id: ExtDataControlOfferV1Resource | null): void {
    const message = this.event(3, 1);
    if (message === undefined) return;
    message.uint(this.reference(id));
    message.end();
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const source = this.receivedOrNull(ExtDataControlSourceV1Resource, message.uint());
        message.end();
        this.handler.setSelection(this, source);
        return;
      }
      case 1: {
        message.end();
        this.handler.destroy(this);
        return;
      }
      case 2: {
        const source = this.receivedOrNull(ExtDataControlSourceV1Resource, message.uint());
        message.end();
        this.handler.setPrimarySelection(this, source);
        return;
      }
    }
  }
}

/** What a client does with the events of ext_data_control_device_v1. */
export interface ExtDataControlDeviceV1Events {
  /** introduce a new ext_data_control_offer */
  dataOffer(proxy: ExtDataControlDeviceV1Proxy, id: ExtDataControlOfferV1Proxy): void;
  /** advertise new selection */
  selection(proxy: ExtDataControlDeviceV1Proxy, id: ExtDataControlOfferV1Proxy | null): void;
  /** this data control is no longer valid */
  finished(proxy: ExtDataControlDeviceV1Proxy): void;
  /** advertise new primary selection */
  primarySelection(proxy: ExtDataControlDeviceV1Proxy, id: ExtDataControlOfferV1Proxy | null): void;
}

/** A server's ext_data_control_device_v1, as the client holds it. */
export class ExtDataControlDeviceV1Proxy extends ObjectProxy<ExtDataControlDeviceV1Events> {
  static readonly interface: Interface = ext_data_control_device_v1;

  override get interface(): Interface {
    return ext_data_control_device_v1;
  }

  /** copy data to the selection */
  setSelection(source: ExtDataControlSourceV1Proxy | null): void {
    const sourceId = this.reference(source);
    const message = this.request(0, 1);
    if (message !== undefined) {
      message.uint(sourceId);
      message.end();
    }
  }

  /**
   * destroy this data device
   * Destroys the object.
   */
  destroy(): void {
    const message = this.request(1, 1);
    if (message !== undefined) {
      message.end();
    }
    this.forget();
  }

  /** copy data to the primary selection */
  setPrimarySelection(source: ExtDataControlSourceV1Proxy | null): void {
    const sourceId = this.reference(source);
    const message = this.request(2, 1);
    if (message !== undefined) {
      message.uint(sourceId);
      message.end();
    }
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const id = this.created(ExtDataControlOfferV1Proxy, message.uint());
        message.end();
        if (this.wanted) this.handler.dataOffer(this, id);
        return;
      }
      case 1: {
        const id = this.receivedOrNull(ExtDataControlOfferV1Proxy, message.uint());
        message.end();
        if (this.wanted) this.handler.selection(this, id);
        return;
      }
      case 2: {
        message.end();
        if (this.wanted) this.handler.finished(this);
        return;
      }
      case 3: {
        const id = this.receivedOrNull(ExtDataControlOfferV1Proxy, message.uint());
        message.end();
        if (this.wanted) this.handler.primarySelection(this, id);
        return;
      }
    }
  }
}

/** offer to transfer data */
export const ext_data_control_source_v1: Interface = {
  name: 'ext_data_control_source_v1',
  version: 1,
  requests: [
    { name: 'offer', since: 1, signature: 's', destructor: false },
    { name: 'destroy', since: 1, signature: '', destructor: true },
  ],
  events: [
    { name: 'send', since: 1, signature: 'sh', destructor: false },
    { name: 'cancelled', since: 1, signature: '', destructor: false },
  ],
  get errors() { return ExtDataControlSourceV1Error; },
};

export const ExtDataControlSourceV1Error = {
  /** offer sent after ext_data_control_device.set_selection */
  invalid_offer: 1,
} as const;
export type ExtDataControlSourceV1Error = (typeof ExtDataControlSourceV1Error)[keyof typeof ExtDataControlSourceV1Error];

/** What a server does with the requests of ext_data_control_source_v1. */
export interface ExtDataControlSourceV1Requests {
  /**
   * add an offered MIME type
   * @param mimeType MIME type offered by the data source
   */
  offer(resource: ExtDataControlSourceV1Resource, mimeType: string): void;
  /**
   * destroy this source
   * Destroys the object.
   */
  destroy(resource: ExtDataControlSourceV1Resource): void;
}

/** A client's ext_data_control_source_v1, as the server holds it. */
export class ExtDataControlSourceV1Resource extends Resource<ExtDataControlSourceV1Requests, ExtDataControlSourceV1Error> {
  static readonly interface: Interface = ext_data_control_source_v1;

  override get interface(): Interface {
    return ext_data_control_source_v1;
  }

  /**
   * send the data
   * @param mimeType MIME type for the data
   * @param fd file descriptor for the data
   */
  sendSend(mimeType: string, fd: Fd): void {
    const message = this.event(0, 1);
    if (message === undefined) {
      fd.close();
      return;
    }
    message.string(mimeType);
    message.fd(fd);
    message.end();
  }

  /** selection was cancelled */
  sendCancelled(): void {
    const message = this.event(1, 1);
    if (message === undefined) return;
    message.end();
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const mimeType = message.string();
        message.end();
        this.handler.offer(this, mimeType);
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

/** What a client does with the events of ext_data_control_source_v1. */
export interface ExtDataControlSourceV1Events {
  /**
   * send the data
   * @param mimeType MIME type for the data
   * @param fd file descriptor for the data
   */
  send(proxy: ExtDataControlSourceV1Proxy, mimeType: string, fd: Fd): void;
  /** selection was cancelled */
  cancelled(proxy: ExtDataControlSourceV1Proxy): void;
}

/** A server's ext_data_control_source_v1, as the client holds it. */
export class ExtDataControlSourceV1Proxy extends ObjectProxy<ExtDataControlSourceV1Events> {
  static readonly interface: Interface = ext_data_control_source_v1;

  override get interface(): Interface {
    return ext_data_control_source_v1;
  }

  /**
   * add an offered MIME type
   * @param mimeType MIME type offered by the data source
   */
  offer(mimeType: string): void {
    const message = this.request(0, 1);
    if (message !== undefined) {
      message.string(mimeType);
      message.end();
    }
  }

  /**
   * destroy this source
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
        const mimeType = message.string();
        const fd = message.fd();
        message.end();
        if (this.wanted) this.handler.send(this, mimeType, fd);
        return;
      }
      case 1: {
        message.end();
        if (this.wanted) this.handler.cancelled(this);
        return;
      }
    }
  }
}

/** offer to transfer data */
export const ext_data_control_offer_v1: Interface = {
  name: 'ext_data_control_offer_v1',
  version: 1,
  requests: [
    { name: 'receive', since: 1, signature: 'sh', destructor: false },
    { name: 'destroy', since: 1, signature: '', destructor: true },
  ],
  events: [
    { name: 'offer', since: 1, signature: 's', destructor: false },
  ],
  errors: {},
};

/** What a server does with the requests of ext_data_control_offer_v1. */
export interface ExtDataControlOfferV1Requests {
  /**
   * request that the data is transferred
   * @param mimeType MIME type desired by receiver
   * @param fd file descriptor for data transfer
   */
  receive(resource: ExtDataControlOfferV1Resource, mimeType: string, fd: Fd): void;
  /**
   * destroy this offer
   * Destroys the object.
   */
  destroy(resource: ExtDataControlOfferV1Resource): void;
}

/** A client's ext_data_control_offer_v1, as the server holds it. */
export class ExtDataControlOfferV1Resource extends Resource<ExtDataControlOfferV1Requests> {
  static readonly interface: Interface = ext_data_control_offer_v1;

  override get interface(): Interface {
    return ext_data_control_offer_v1;
  }

  /**
   * advertise offered MIME type
   * @param mimeType offered MIME type
   */
  sendOffer(mimeType: string): void {
    const message = this.event(0, 1);
    if (message === undefined) return;
    message.string(mimeType);
    message.end();
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const mimeType = message.string();
        const fd = message.fd();
        message.end();
        this.handler.receive(this, mimeType, fd);
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

/** What a client does with the events of ext_data_control_offer_v1. */
export interface ExtDataControlOfferV1Events {
  /**
   * advertise offered MIME type
   * @param mimeType offered MIME type
   */
  offer(proxy: ExtDataControlOfferV1Proxy, mimeType: string): void;
}

/** A server's ext_data_control_offer_v1, as the client holds it. */
export class ExtDataControlOfferV1Proxy extends ObjectProxy<ExtDataControlOfferV1Events> {
  static readonly interface: Interface = ext_data_control_offer_v1;

  override get interface(): Interface {
    return ext_data_control_offer_v1;
  }

  /**
   * request that the data is transferred
   * @param mimeType MIME type desired by receiver
   * @param fd file descriptor for data transfer
   */
  receive(mimeType: string, fd: Fd): void {
    const message = this.request(0, 1);
    if (message !== undefined) {
      message.string(mimeType);
      message.fd(fd);
      message.end();
    }
    else { fd.close(); }
  }

  /**
   * destroy this offer
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
        const mimeType = message.string();
        message.end();
        if (this.wanted) this.handler.offer(this, mimeType);
        return;
      }
    }
  }
}
