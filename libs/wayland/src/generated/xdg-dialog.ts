// Generated from protocols/xdg-dialog.xml by npm run gen:protocol.

import { ObjectProxy } from '../client/ObjectProxy.js';
import { Resource } from '../server/Resource.js';
import { type Interface } from '../wire/Interface.js';
import { type MessageReader } from '../wire/MessageReader.js';
import { XdgToplevelProxy, XdgToplevelResource } from './xdg-shell.js';

/** create dialogs related to other toplevels */
export const xdg_wm_dialog_v1: Interface = {
  name: 'xdg_wm_dialog_v1',
  version: 1,
  requests: [
    { name: 'destroy', since: 1, signature: '', destructor: true },
    { name: 'get_xdg_dialog', since: 1, signature: 'no', destructor: false },
  ],
  events: [
  ],
  get errors() { return XdgWmDialogV1Error; },
};

export const XdgWmDialogV1Error = {
  /** the xdg_toplevel object has already been used to create a xdg_dialog_v1 */
  already_used: 0,
} as const;
export type XdgWmDialogV1Error = (typeof XdgWmDialogV1Error)[keyof typeof XdgWmDialogV1Error];

/** What a server does with the requests of xdg_wm_dialog_v1. */
export interface XdgWmDialogV1Requests {
  /**
   * destroy the dialog manager object
   * Destroys the object.
   */
  destroy(resource: XdgWmDialogV1Resource): void;
  /** create a dialog object */
  getXdgDialog(resource: XdgWmDialogV1Resource, id: XdgDialogV1Resource, toplevel: XdgToplevelResource): void;
}

/** A client's xdg_wm_dialog_v1, as the server holds it. */
export class XdgWmDialogV1Resource extends Resource<XdgWmDialogV1Requests, XdgWmDialogV1Error> {
  static readonly interface: Interface = xdg_wm_dialog_v1;

  override get interface(): Interface {
    return xdg_wm_dialog_v1;
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        message.end();
        this.handler.destroy(this);
        return;
      }
      case 1: {
        const id = this.created(XdgDialogV1Resource, message.uint());
        const toplevel = this.received(XdgToplevelResource, message.uint());
        message.end();
        this.handler.getXdgDialog(this, id, toplevel);
        return;
      }
    }
  }
}

/** A server's xdg_wm_dialog_v1, as the client holds it. */
export class XdgWmDialogV1Proxy extends ObjectProxy<undefined> {
  static readonly interface: Interface = xdg_wm_dialog_v1;

  override get interface(): Interface {
    return xdg_wm_dialog_v1;
  }

  /**
   * destroy the dialog manager object
   * Destroys the object.
   */
  destroy(): void {
    const message = this.request(0, 1);
    if (message !== undefined) {
      message.end();
    }
    this.forget();
  }

  /** create a dialog object */
  getXdgDialog(toplevel: XdgToplevelProxy): XdgDialogV1Proxy {
    const toplevelId = this.reference(toplevel);
    const message = this.request(1, 1);
    const created = this.create(XdgDialogV1Proxy, this.version, undefined);
    if (message !== undefined) {
      message.uint(created.id);
      message.uint(toplevelId);
      message.end();
    }
    return created;
  }

  override dispatch(): void {}
}

/** dialog object */
export const xdg_dialog_v1: Interface = {
  name: 'xdg_dialog_v1',
  version: 1,
  requests: [
    { name: 'destroy', since: 1, signature: '', destructor: true },
    { name: 'set_modal', since: 1, signature: '', destructor: false },
    { name: 'unset_modal', since: 1, signature: '', destructor: false },
  ],
  events: [
  ],
  errors: {},
};

/** What a server does with the requests of xdg_dialog_v1. */
export interface XdgDialogV1Requests {
  /**
   * destroy the dialog object
   * Destroys the object.
   */
  destroy(resource: XdgDialogV1Resource): void;
  /** mark dialog as modal */
  setModal(resource: XdgDialogV1Resource): void;
  /** mark dialog as not modal */
  unsetModal(resource: XdgDialogV1Resource): void;
}

/** A client's xdg_dialog_v1, as the server holds it. */
export class XdgDialogV1Resource extends Resource<XdgDialogV1Requests> {
  static readonly interface: Interface = xdg_dialog_v1;

  override get interface(): Interface {
    return xdg_dialog_v1;
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
        this.handler.setModal(this);
        return;
      }
      case 2: {
        message.end();
        this.handler.unsetModal(this);
        return;
      }
    }
  }
}

/** A server's xdg_dialog_v1, as the client holds it. */
export class XdgDialogV1Proxy extends ObjectProxy<undefined> {
  static readonly interface: Interface = xdg_dialog_v1;

  override get interface(): Interface {
    return xdg_dialog_v1;
  }

  /**
   * destroy the dialog object
   * Destroys the object.
   */
  destroy(): void {
    const message = this.request(0, 1);
    if (message !== undefined) {
      message.end();
    }
    this.forget();
  }

  /** mark dialog as modal */
  setModal(): void {
    const message = this.request(1, 1);
    if (message !== undefined) {
      message.end();
    }
  }

  /** mark dialog as not modal */
  unsetModal(): void {
    const message = this.request(2, 1);
    if (message !== undefined) {
      message.end();
    }
  }

  override dispatch(): void {}
}
