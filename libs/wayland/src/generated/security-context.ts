// Generated from protocols/security-context.xml by npm run gen:protocol.

import { type Fd } from '@switchyard/sys';
import { ObjectProxy } from '../client/ObjectProxy.js';
import { Resource } from '../server/Resource.js';
import { type Interface } from '../wire/Interface.js';
import { type MessageReader } from '../wire/MessageReader.js';

/** client security context manager */
export const wp_security_context_manager_v1: Interface = {
  name: 'wp_security_context_manager_v1',
  version: 1,
  requests: [
    { name: 'destroy', since: 1, signature: '', destructor: true },
    { name: 'create_listener', since: 1, signature: 'nhh', destructor: false },
  ],
  events: [
  ],
  get errors() { return WpSecurityContextManagerV1Error; },
};

export const WpSecurityContextManagerV1Error = {
  /** listening socket FD is invalid */
  invalid_listen_fd: 1,
  /** nested security contexts are forbidden */
  nested: 2,
} as const;
export type WpSecurityContextManagerV1Error = (typeof WpSecurityContextManagerV1Error)[keyof typeof WpSecurityContextManagerV1Error];

/** What a server does with the requests of wp_security_context_manager_v1. */
export interface WpSecurityContextManagerV1Requests {
  /**
   * destroy the manager object
   * Destroys the object.
   */
  destroy(resource: WpSecurityContextManagerV1Resource): void;
  /**
   * create a new security context
   * @param listenFd listening socket FD
   * @param closeFd FD signaling when done
   */
  createListener(resource: WpSecurityContextManagerV1Resource, id: WpSecurityContextV1Resource, listenFd: Fd, closeFd: Fd): void;
}

/** A client's wp_security_context_manager_v1, as the server holds it. */
export class WpSecurityContextManagerV1Resource extends Resource<WpSecurityContextManagerV1Requests, WpSecurityContextManagerV1Error> {
  static readonly interface: Interface = wp_security_context_manager_v1;

  override get interface(): Interface {
    return wp_security_context_manager_v1;
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        message.end();
        this.handler.destroy(this);
        return;
      }
      case 1: {
        const id = this.created(WpSecurityContextV1Resource, message.uint());
        const listenFd = message.fd();
        const closeFd = message.fd();
        message.end();
        this.handler.createListener(this, id, listenFd, closeFd);
        return;
      }
    }
  }
}

/** A server's wp_security_context_manager_v1, as the client holds it. */
export class WpSecurityContextManagerV1Proxy extends ObjectProxy<undefined> {
  static readonly interface: Interface = wp_security_context_manager_v1;

  override get interface(): Interface {
    return wp_security_context_manager_v1;
  }

  /**
   * destroy the manager object
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
   * create a new security context
   * @param listenFd listening socket FD
   * @param closeFd FD signaling when done
   */
  createListener(listenFd: Fd, closeFd: Fd): WpSecurityContextV1Proxy {
    const message = this.request(1, 1);
    const created = this.create(WpSecurityContextV1Proxy, this.version, undefined);
    if (message !== undefined) {
      message.uint(created.id);
      message.fd(listenFd);
      message.fd(closeFd);
      message.end();
    }
    else { listenFd.close(); closeFd.close(); }
    return created;
  }

  override dispatch(): void {}
}

/** client security context */
export const wp_security_context_v1: Interface = {
  name: 'wp_security_context_v1',
  version: 1,
  requests: [
    { name: 'destroy', since: 1, signature: '', destructor: true },
    { name: 'set_sandbox_engine', since: 1, signature: 's', destructor: false },
    { name: 'set_app_id', since: 1, signature: 's', destructor: false },
    { name: 'set_instance_id', since: 1, signature: 's', destructor: false },
    { name: 'commit', since: 1, signature: '', destructor: false },
  ],
  events: [
  ],
  get errors() { return WpSecurityContextV1Error; },
};

export const WpSecurityContextV1Error = {
  /** security context has already been committed */
  already_used: 1,
  /** metadata has already been set */
  already_set: 2,
  /** metadata is invalid */
  invalid_metadata: 3,
} as const;
export type WpSecurityContextV1Error = (typeof WpSecurityContextV1Error)[keyof typeof WpSecurityContextV1Error];

/** What a server does with the requests of wp_security_context_v1. */
export interface WpSecurityContextV1Requests {
  /**
   * destroy the security context object
   * Destroys the object.
   */
  destroy(resource: WpSecurityContextV1Resource): void;
  /**
   * set the sandbox engine
   * @param name the sandbox engine name
   */
  setSandboxEngine(resource: WpSecurityContextV1Resource, name: string): void;
  /**
   * set the application ID
   * @param appId the application ID
   */
  setAppId(resource: WpSecurityContextV1Resource, appId: string): void;
  /**
   * set the instance ID
   * @param instanceId the instance ID
   */
  setInstanceId(resource: WpSecurityContextV1Resource, instanceId: string): void;
  /** register the security context */
  commit(resource: WpSecurityContextV1Resource): void;
}

/** A client's wp_security_context_v1, as the server holds it. */
export class WpSecurityContextV1Resource extends Resource<WpSecurityContextV1Requests, WpSecurityContextV1Error> {
  static readonly interface: Interface = wp_security_context_v1;

  override get interface(): Interface {
    return wp_security_context_v1;
  }

  override dispatch(opcode: number, message: MessageReader): void {
    switch (opcode) {
      case 0: {
        message.end();
        this.handler.destroy(this);
        return;
      }
      case 1: {
        const name = message.string();
        message.end();
        this.handler.setSandboxEngine(this, name);
        return;
      }
      case 2: {
        const appId = message.string();
        message.end();
        this.handler.setAppId(this, appId);
        return;
      }
      case 3: {
        const instanceId = message.string();
        message.end();
        this.handler.setInstanceId(this, instanceId);
        return;
      }
      case 4: {
        message.end();
        this.handler.commit(this);
        return;
      }
    }
  }
}

/** A server's wp_security_context_v1, as the client holds it. */
export class WpSecurityContextV1Proxy extends ObjectProxy<undefined> {
  static readonly interface: Interface = wp_security_context_v1;

  override get interface(): Interface {
    return wp_security_context_v1;
  }

  /**
   * destroy the security context object
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
   * set the sandbox engine
   * @param name the sandbox engine name
   */
  setSandboxEngine(name: string): void {
    const message = this.request(1, 1);
    if (message !== undefined) {
      message.string(name);
      message.end();
    }
  }

  /**
   * set the application ID
   * @param appId the application ID
   */
  setAppId(appId: string): void {
    const message = this.request(2, 1);
    if (message !== undefined) {
      message.string(appId);
      message.end();
    }
  }

  /**
   * set the instance ID
   * @param instanceId the instance ID
   */
  setInstanceId(instanceId: string): void {
    const message = this.request(3, 1);
    if (message !== undefined) {
      message.string(instanceId);
      message.end();
    }
  }

  /** register the security context */
  commit(): void {
    const message = this.request(4, 1);
    if (message !== undefined) {
      message.end();
    }
  }

  override dispatch(): void {}
}
