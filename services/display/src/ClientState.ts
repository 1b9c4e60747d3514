import type {
  Client,
  WlKeyboardResource,
  WlOutputResource,
  WlPointerResource,
  WlTouchResource,
} from '@switchyard/wayland';
import { Quota } from './Quota.js';
import type { DisplaySession } from './session/DisplaySession.js';
import type { Windows } from './session/Windows.js';
import type { XdgWmBase } from './shell/XdgWmBase.js';
import type { Surface } from './surface/Surface.js';

/** What the compositor knows of one connection. */
export class ClientState {
  readonly client: Client;
  readonly quota: Quota;
  readonly surfaces = new Set<Surface>();
  readonly wmBases = new Set<XdgWmBase>();
  readonly pointers = new Set<WlPointerResource>();
  readonly keyboards = new Set<WlKeyboardResource>();
  readonly touches = new Set<WlTouchResource>();
  readonly outputs = new Set<WlOutputResource>();
  /** The session that the connection belongs to; one from the common socket gets it with its first toplevel. */
  session: DisplaySession | undefined;
  readonly #sessionFor: (state: ClientState) => DisplaySession;

  constructor(client: Client, sessionFor: (state: ClientState) => DisplaySession) {
    this.client = client;
    this.quota = new Quota(client.uid);
    this.#sessionFor = sessionFor;
  }

  /** Its session's windows; makes the session when there is none yet. */
  get windows(): Windows {
    this.session ??= this.#sessionFor(this);
    return this.session.windows;
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
