import type {
  Client,
  WlKeyboardResource,
  WlOutputResource,
  WlPointerResource,
  WlTouchResource,
} from '@switchyard/wayland';
import { CopyShare } from './CopyShare.js';
import type { Output } from './output/Output.js';
import { OutputGlobal } from './output/OutputGlobal.js';
import type { Privilege, Privileges } from './Privileges.js';
import { Quota } from './Quota.js';
import type { DisplaySession } from './session/DisplaySession.js';
import type { Windows } from './session/Windows.js';
import type { XdgWmBase } from './shell/XdgWmBase.js';
import type { Surface } from './surface/Surface.js';

export interface ClientSurroundings {
  readonly privileges: Privileges;
  /** The session of a client that came by itself and makes its first window. */
  sessionFor(state: ClientState): DisplaySession;
}

/** What the compositor knows of one connection. */
export class ClientState {
  readonly client: Client;
  readonly quota: Quota;
  readonly copies: CopyShare;
  readonly surfaces = new Set<Surface>();
  readonly wmBases = new Set<XdgWmBase>();
  readonly pointers = new Set<WlPointerResource>();
  readonly keyboards = new Set<WlKeyboardResource>();
  readonly touches = new Set<WlTouchResource>();
  readonly outputs = new Set<WlOutputResource>();
  /** The session that the connection belongs to; one from the common socket gets it with its first toplevel. */
  session: DisplaySession | undefined;
  /** It came through a security context. */
  sandboxed = false;
  readonly #around: ClientSurroundings;
  #privileges: ReadonlySet<Privilege> | undefined;

  constructor(client: Client, around: ClientSurroundings) {
    this.client = client;
    this.quota = new Quota(client.uid);
    this.copies = new CopyShare(client);
    this.#around = around;
  }

  /** What it has when it is first asked is what it keeps: a registry must not change its mind. */
  has(privilege: Privilege): boolean {
    this.#privileges ??= this.#around.privileges.of(this.client, this.session, this.sandboxed);
    return this.#privileges.has(privilege);
  }

  /** Its session's windows; makes the session when there is none yet. */
  get windows(): Windows {
    this.session ??= this.#around.sessionFor(this);
    return this.session.windows;
  }

  /** What the client knows an output by: it may have bound it more than once. */
  *outputsOf(output: Output): Iterable<WlOutputResource> {
    for (const resource of this.outputs) {
      const { handler } = resource;
      if (handler instanceof OutputGlobal && handler.output === output) yield resource;
    }
  }

  removeSurface(surface: Surface): void {
    if (this.surfaces.delete(surface)) this.quota.removeSurface();
  }

  /** Input went to the client: it should be able to answer. */
  ping(): void {
    for (const wmBase of this.wmBases) if (wmBase.surfaces.size > 0) wmBase.ping();
  }

  hungChanged(hung: boolean): void {
    this.session?.hungChanged(this, hung);
  }
}
