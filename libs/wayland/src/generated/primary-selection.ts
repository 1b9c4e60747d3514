// Generated from protocols/primary-selection.xml by npm run gen:protocol.

import { type Fd } from '@switchyard/sys';
import { ObjectProxy } from '../client/ObjectProxy.js';
import { Resource } from '../server/Resource.js';
import { type Interface } from '../wire/Interface.js';
import { type MessageReader } from '../wire/MessageReader.js';
import { WlSeatProxy, WlSeatResource } from './wayland.js';

/** X primary selection emulation */
export const zwp_primary_selection_device_manager_v1: Interface = {
  name: 'zwp_primary_selection_device_manager_v1',
  version: 1,
  requests: [
    { name: 'create_source', since: 1, signature: 'n', destructor: false },
    { name: 'get_device', since: 1, signature: 'no', destructor: false },
    { name: 'destroy', since: 1, signature: '', destructor: true },
  ],
  events: [
  ],
  errors: {},
};

/** What a server does with the requests of zwp_primary_selection_device_manager_v1. */
export interface ZwpPrimarySelectionDeviceManagerV1Requests {
  /** create a new primary selection source */
  createSource(resource: ZwpPrimarySelectionDeviceManagerV1Resource, id: ZwpPrimarySelectionSourceV1Resource): void;
  /** create a new primary selection device */
  getDevice(resource: ZwpPrimarySelectionDeviceManagerV1Resource, id: ZwpPrimarySelectionDeviceV1Resource, seat: WlSeatResource): void;
  /**
   * destroy the primary selection device manager
   * Destroys the object.
   */
  destroy(resource: ZwpPrimarySelectionDeviceManagerV1Resource): void;
}

/** A client's zwp_primary_selection_device_manager_v1, as the server holds it. */
export class ZwpPrimarySelectionDeviceManagerV1Resource extends Resource<ZwpPrimarySelectionDeviceManagerV1Requests> {
  static readonly interface: Interface = zwp_primary_selection_device_manager_v1;

  override get interface(): Interface {
    return zwp_primary_selection_device_manager_v1;
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const id = this.created(ZwpPrimarySelectionSourceV1Resource, message.uint());
        message.end();
        this.handler.createSource(this, id);
        return;
      }
      case 1: {
        const id = this.created(ZwpPrimarySelectionDeviceV1Resource, message.uint());
        const seat = this.received(WlSeatResource, message.uint());
        message.end();
        this.handler.getDevice(this, id, seat);
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

/** A server's zwp_primary_selection_device_manager_v1, as the client holds it. */
export class ZwpPrimarySelectionDeviceManagerV1Proxy extends ObjectProxy<undefined> {
  static readonly interface: Interface = zwp_primary_selection_device_manager_v1;

  override get interface(): Interface {
    return zwp_primary_selection_device_manager_v1;
  }

  /** create a new primary selection source */
  createSource(handler: ZwpPrimarySelectionSourceV1Events): ZwpPrimarySelectionSourceV1Proxy {
    const message = this.request(0, 1);
    const created = this.create(ZwpPrimarySelectionSourceV1Proxy, this.version, handler);
    if (message !== undefined) {
      message.uint(created.id);
      message.end();
    }
    return created;
  }

  /** create a new primary selection device */
  getDevice(seat: WlSeatProxy, handler: ZwpPrimarySelectionDeviceV1Events): ZwpPrimarySelectionDeviceV1Proxy {
    const seatId = this.reference(seat);
    const message = this.request(1, 1);
    const created = this.create(ZwpPrimarySelectionDeviceV1Proxy, this.version, handler);
    if (message !== undefined) {
      message.uint(created.id);
      message.uint(seatId);
      message.end();
    }
    return created;
  }

  /**
   * destroy the primary selection device manager
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

export const zwp_primary_selection_device_v1: Interface = {
  name: 'zwp_primary_selection_device_v1',
  version: 1,
  requests: [
    { name: 'set_selection', since: 1, signature: '?ou', destructor: false },
    { name: 'destroy', since: 1, signature: '', destructor: true },
  ],
  events: [
    { name: 'data_offer', since: 1, signature: 'n', destructor: false },
    { name: 'selection', since: 1, signature: '?o', destructor: false },
  ],
  errors: {},
};

/** What a server does with the requests of zwp_primary_selection_device_v1. */
export interface ZwpPrimarySelectionDeviceV1Requests {
  /**
   * set the primary selection
   * @param serial serial of the event that triggered this request
   */
  setSelection(resource: ZwpPrimarySelectionDeviceV1Resource, source: ZwpPrimarySelectionSourceV1Resource | null, serial: number): void;
  /**
   * destroy the primary selection device
   * Destroys the object.
   */
  destroy(resource: ZwpPrimarySelectionDeviceV1Resource): void;
}

/** A client's zwp_primary_selection_device_v1, as the server holds it. */
export class ZwpPrimarySelectionDeviceV1Resource extends Resource<ZwpPrimarySelectionDeviceV1Requests> {
  static readonly interface: Interface = zwp_primary_selection_device_v1;

  override get interface(): Interface {
    return zwp_primary_selection_device_v1;
  }

  /** introduce a new wp_primary_selection_offer */
  sendDataOffer(offer: ZwpPrimarySelectionOfferV1Resource): void {
    const message = this.event(0, 1);
    if (message === undefined) return;
    message.uint(this.reference(offer));
    message.end();
  }

  /** advertise a new primary selection */
  sendSelection(id: ZwpPrimarySelectionOfferV1Resource | null): void {
    const message = this.event(1, 1);
    if (message === undefined) return;
    message.uint(this.reference(id));
    message.end();
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        const source = this.receivedOrNull(ZwpPrimarySelectionSourceV1Resource, message.uint());
        const serial = message.uint();
        message.end();
        this.handler.setSelection(this, source, serial);
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

/** What a client does with the events of zwp_primary_selection_device_v1. */
export interface ZwpPrimarySelectionDeviceV1Events {
  /** introduce a new wp_primary_selection_offer */
  dataOffer(proxy: ZwpPrimarySelectionDeviceV1Proxy, offer: ZwpPrimarySelectionOfferV1Proxy): void;
  /** advertise a new primary selection */
  selection(proxy: ZwpPrimarySelectionDeviceV1Proxy, id: ZwpPrimarySelectionOfferV1Proxy | null): void;
}

/** A server's zwp_primary_selection_device_v1, as the client holds it. */
export class ZwpPrimarySelectionDeviceV1Proxy extends ObjectProxy<ZwpPrimarySelectionDeviceV1Events> {
  static readonly interface: Interface = zwp_primary_selection_device_v1;

  override get interface(): Interface {
    return zwp_primary_selection_device_v1;
  }

  /**
   * set the primary selection
   * @param serial serial of the event that triggered this request
   */
  setSelection(source: ZwpPrimarySelectionSourceV1Proxy | null, serial: number): void {
    const sourceId = this.reference(source);
    const message = this.request(0, 1);
    if (message !== undefined) {
      message.uint(sourceId);
      message.uint(serial);
      message.end();
    }
  }

  /**
   * destroy the primary selection device
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
        const offer = this.created(ZwpPrimarySelectionOfferV1Proxy, message.uint());
        message.end();
        if (this.wanted) this.handler.dataOffer(this, offer);
        return;
      }
      case 1: {
        const id = this.receivedOrNull(ZwpPrimarySelectionOfferV1Proxy, message.uint());
        message.end();
        if (this.wanted) this.handler.selection(this, id);
        return;
      }
    }
  }
}

/** offer to transfer primary selection contents */
export const zwp_primary_selection_offer_v1: Interface = {
  name: 'zwp_primary_selection_offer_v1',
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

/** What a server does with the requests of zwp_primary_selection_offer_v1. */
export interface ZwpPrimarySelectionOfferV1Requests {
  /** request that the data is transferred */
  receive(resource: ZwpPrimarySelectionOfferV1Resource, mimeType: string, fd: Fd): void;
  /**
   * destroy the primary selection offer
   * Destroys the object.
   */
  destroy(resource: ZwpPrimarySelectionOfferV1Resource): void;
}

/** A client's zwp_primary_selection_offer_v1, as the server holds it. */
export class ZwpPrimarySelectionOfferV1Resource extends Resource<ZwpPrimarySelectionOfferV1Requests> {
  static readonly interface: Interface = zwp_primary_selection_offer_v1;

  override get interface(): Interface {
    return zwp_primary_selection_offer_v1;
  }

  /** advertise offered mime type */
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

/** What a client does with the events of zwp_primary_selection_offer_v1. */
export interface ZwpPrimarySelectionOfferV1Events {
  /** advertise offered mime type */
  offer(proxy: ZwpPrimarySelectionOfferV1Proxy, mimeType: string): void;
}

/** A server's zwp_primary_selection_offer_v1, as the client holds it. */
export class ZwpPrimarySelectionOfferV1Proxy extends ObjectProxy<ZwpPrimarySelectionOfferV1Events> {
  static readonly interface: Interface = zwp_primary_selection_offer_v1;

  override get interface(): Interface {
    return zwp_primary_selection_offer_v1;
  }

  /** request that the data is transferred */
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
   * destroy the primary selection offer
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

/** offer to replace the contents of the primary selection */
export const zwp_primary_selection_source_v1: Interface = {
  name: 'zwp_primary_selection_source_v1',
  version: 1,
  requests: [
    { name: 'offer', since: 1, signature: 's', destructor: false },
    { name: 'destroy', since: 1, signature: '', destructor: true },
  ],
  events: [
    { name: 'send', since: 1, signature: 'sh', destructor: false },
    { name: 'cancelled', since: 1, signature: '', destructor: false },
  ],
  errors: {},
};

/** What a server does with the requests of zwp_primary_selection_source_v1. */
export interface ZwpPrimarySelectionSourceV1Requests {
  /** add an offered mime type */
  offer(resource: ZwpPrimarySelectionSourceV1Resource, mimeType: string): void;
  /**
   * destroy the primary selection source
   * Destroys the object.
   */
  destroy(resource: ZwpPrimarySelectionSourceV1Resource): void;
}

/** A client's zwp_primary_selection_source_v1, as the server holds it. */
export class ZwpPrimarySelectionSourceV1Resource extends Resource<ZwpPrimarySelectionSourceV1Requests> {
  static readonly interface: Interface = zwp_primary_selection_source_v1;

  override get interface(): Interface {
    return zwp_primary_selection_source_v1;
  }

  /** send the primary selection contents */
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

  /** request for primary selection contents was canceled */
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

/** What a client does with the events of zwp_primary_selection_source_v1. */
export interface ZwpPrimarySelectionSourceV1Events {
  /** send the primary selection contents */
  send(proxy: ZwpPrimarySelectionSourceV1Proxy, mimeType: string, fd: Fd): void;
  /** request for primary selection contents was canceled */
  cancelled(proxy: ZwpPrimarySelectionSourceV1Proxy): void;
}

/** A server's zwp_primary_selection_source_v1, as the client holds it. */
export class ZwpPrimarySelectionSourceV1Proxy extends ObjectProxy<ZwpPrimarySelectionSourceV1Events> {
  static readonly interface: Interface = zwp_primary_selection_source_v1;

  override get interface(): Interface {
    return zwp_primary_selection_source_v1;
  }

  /** add an offered mime type */
  offer(mimeType: string): void {
    const message = this.request(0, 1);
    if (message !== undefined) {
      message.string(mimeType);
      message.end();
    }
  }

  /**
   * destroy the primary selection source
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
