import { randomBytes } from 'node:crypto';
import {
  type Client,
  type WlSurfaceResource,
  XdgActivationTokenV1Error,
  type XdgActivationTokenV1Requests,
  type XdgActivationTokenV1Resource,
  type XdgActivationV1Requests,
  type XdgActivationV1Resource,
} from '@switchyard/wayland';
import type { Seat } from '../input/Seat.js';
import { Surface } from '../surface/Surface.js';

/** A program that is started with a token has this long to show a window. */
const TOKEN_LIFETIME_MS = 30_000;

/** Tokens that wait for their programs: nobody starts that many within their lifetime by hand. */
const MAX_TOKENS = 64;

/**
 * The xdg_activation_v1 global: the client that a person works with hands the screen on.
 *
 *   focused client commits a token ──passed on, outside of Wayland──▶ another client activates a surface with it
 *
 * The window comes to the front of its session, and its session to the screen. A token that a client in the background
 * asked for is worth nothing: nobody can take the screen by himself.
 */
export class Activation implements XdgActivationV1Requests {
  readonly #seat: Seat;
  /** Token → when it is worthless (ms). In the order of their making. */
  readonly #tokens = new Map<string, number>();

  constructor(seat: Seat) {
    this.#seat = seat;
  }

  getActivationToken(_: XdgActivationV1Resource, id: XdgActivationTokenV1Resource): void {
    id.implement(new Token((client) => this.#issue(client)));
  }

  activate(_: XdgActivationV1Resource, token: string, surfaceResource: WlSurfaceResource): void {
    const until = this.#tokens.get(token);
    this.#tokens.delete(token);
    const surface = surfaceResource.handler;
    if (until === undefined || until < performance.now() || !(surface instanceof Surface)) return;
    const session = surface.state.session;
    const toplevel = session?.windows.toplevelOf(surface);
    if (!session || !toplevel) return;
    session.windows.raise(toplevel);
    session.activate();
  }

  destroy(): void {}

  #issue(client: Client): string {
    const token = randomBytes(16).toString('hex');
    if (this.#seat.keyboard.focus?.state.client !== client) return token;
    this.#tokens.set(token, performance.now() + TOKEN_LIFETIME_MS);
    if (this.#tokens.size > MAX_TOKENS) this.#tokens.delete(this.#tokens.keys().next().value!);
    return token;
  }
}

/** An xdg_activation_token_v1. */
class Token implements XdgActivationTokenV1Requests {
  readonly #issue: (client: Client) => string;
  #committed = false;

  constructor(issue: (client: Client) => string) {
    this.#issue = issue;
  }

  /** What counts is who has the keyboard at the commit; these would only tell which event it was. */
  setSerial(resource: XdgActivationTokenV1Resource): void {
    this.#checkUnused(resource);
  }
  setAppId(resource: XdgActivationTokenV1Resource): void {
    this.#checkUnused(resource);
  }
  setSurface(resource: XdgActivationTokenV1Resource): void {
    this.#checkUnused(resource);
  }

  commit(resource: XdgActivationTokenV1Resource): void {
    this.#checkUnused(resource);
    this.#committed = true;
    resource.sendDone(this.#issue(resource.client));
  }

  destroy(): void {}

  #checkUnused(resource: XdgActivationTokenV1Resource): void {
    if (this.#committed) {
      resource.postError(XdgActivationTokenV1Error.already_used, `${resource} was committed already`);
    }
  }
}
