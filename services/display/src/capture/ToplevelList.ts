import {
  type ExtForeignToplevelHandleV1Requests,
  ExtForeignToplevelHandleV1Resource,
  type ExtForeignToplevelListV1Requests,
  type ExtForeignToplevelListV1Resource,
} from '@switchyard/wayland';
import { reaches } from '../Privileges.js';
import type { ListedToplevel, Toplevels } from '../session/Toplevels.js';

/** Characters of a title that are told: a message has room for 4096 bytes, and nobody shows more. */
const maxText = 512;

/** One client's ext_foreign_toplevel_list_v1: the windows of the sessions that it reaches. */
export class ToplevelList implements ExtForeignToplevelListV1Requests {
  readonly #resource: ExtForeignToplevelListV1Resource;
  readonly #handles = new Map<ListedToplevel, ToplevelHandle>();
  #stop: (() => void) | undefined;

  constructor(resource: ExtForeignToplevelListV1Resource, toplevels: Toplevels) {
    this.#resource = resource;
    const unsubscribe = toplevels.onNews((news, listed) => {
      if (news === 'mapped') this.#add(listed);
      else if (news === 'renamed') this.#handles.get(listed)?.rename();
      else this.#remove(listed);
    });
    this.#stop = unsubscribe;
    resource.onDestroy(() => this.#stop?.());
    for (const listed of toplevels.all) this.#add(listed);
  }

  stop(): void {
    if (!this.#stop) return;
    this.#stop();
    this.#stop = undefined;
    this.#resource.sendFinished();
  }

  destroy(): void {}

  #add(listed: ListedToplevel): void {
    const { client } = this.#resource;
    if (!client.alive || !reaches(client, listed.session)) return;
    const resource = client.create(ExtForeignToplevelHandleV1Resource, this.#resource.version);
    const handle = new ToplevelHandle(resource, listed);
    resource.implement(handle);
    this.#handles.set(listed, handle);
    resource.onDestroy(() => this.#handles.delete(listed));
    this.#resource.sendToplevel(resource);
    resource.sendIdentifier(listed.identifier);
    handle.rename();
  }

  #remove(listed: ListedToplevel): void {
    this.#handles.get(listed)?.close();
    this.#handles.delete(listed);
  }
}

/** An ext_foreign_toplevel_handle_v1. */
export class ToplevelHandle implements ExtForeignToplevelHandleV1Requests {
  readonly #resource: ExtForeignToplevelHandleV1Resource;
  /** undefined once the window is closed. */
  listed: ListedToplevel | undefined;
  #title: string | undefined;
  #appId: string | undefined;

  constructor(resource: ExtForeignToplevelHandleV1Resource, listed: ListedToplevel) {
    this.#resource = resource;
    this.listed = listed;
  }

  /** Tells its names, as far as they are others than before. */
  rename(): void {
    if (!this.listed) return;
    const { title, appId } = this.listed.toplevel;
    if (title === this.#title && appId === this.#appId) return;
    if (title !== this.#title) this.#resource.sendTitle(title.slice(0, maxText));
    if (appId !== this.#appId) this.#resource.sendAppId(appId.slice(0, maxText));
    this.#title = title;
    this.#appId = appId;
    this.#resource.sendDone();
  }

  close(): void {
    this.listed = undefined;
    this.#resource.sendClosed();
  }

  destroy(): void {}
}
