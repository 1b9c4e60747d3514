import { createConnection } from 'node:net';
import x11, { type Client, type Display, type Fixes, type XEvent } from 'x11';
import { cookieName } from './XAuthority.js';

/** A property's value. */
export interface XProperty {
  readonly type: number;
  /** Bits an element. */
  readonly format: number;
  readonly bytes: Buffer;
  /** There is more than was asked for. */
  readonly truncated: boolean;
}

/** AnyPropertyType, and as a window, property or atom: None. */
export const none = 0;
/** SetSelectionOwnerNotify, SelectionWindowDestroyNotify and SelectionClientCloseNotify of XFIXES. */
const allSelectionEvents = 7;

/** Xlib's word for it (Xatom.h): the atoms that every server has. */
export const predefined = {
  ATOM: 4,
  INTEGER: 19,
  STRING: 31,
  WINDOW: 33,
  WM_NAME: 39,
  WM_NORMAL_HINTS: 40,
  WM_TRANSIENT_FOR: 68,
} as const;

/** A connection to an X server, with promises in place of callbacks. */
export class XClient {
  readonly #client: Client;
  readonly #display: Display;
  readonly #fixes: Fixes;
  readonly #atoms = new Map<string, Promise<number>>();

  private constructor(client: Client, display: Display, fixes: Fixes) {
    this.#client = client;
    this.#display = display;
    this.#fixes = fixes;
    // Errors of requests that have no reply: mostly windows that are gone by now.
    client.on('error', () => {});
  }

  static connect(display: number, cookie: Buffer): Promise<XClient> {
    return new Promise((resolve, reject) => {
      const stream = createConnection(`/tmp/.X11-unix/X${display}`);
      const auth = { name: cookieName, data: cookie.toString('latin1') };
      const client = x11.createClient({ display: `:${display}`, stream, auth }, (error, opened) => {
        if (error) return reject(error);
        client.require('fixes', (missing, fixes) => {
          if (missing) reject(missing);
          else resolve(new XClient(client, opened, fixes));
        });
      });
    });
  }

  get root(): number {
    return this.#display.screen[0]!.root;
  }

  /** The server's vendor's number of its release. */
  get release(): number {
    return this.#display.release;
  }

  onEvent(listener: (event: XEvent) => void): void {
    this.#client.on('event', listener);
  }

  /** Called when the server has closed the connection. */
  onEnd(listener: () => void): void {
    this.#client.on('end', listener);
  }

  close(): void {
    this.#client.terminate();
  }

  /** A request that has no reply. */
  send(request: string, ...parameters: unknown[]): void {
    this.#client[request]!(...parameters);
  }

  /** A request that has one. Rejects with the server's error. */
  ask<T>(request: string, ...parameters: unknown[]): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#client[request]!(...parameters, (error: unknown, reply: T) => {
        if (error) reject(error instanceof Error ? error : new Error(String(error)));
        else resolve(reply);
      });
    });
  }

  atom(name: string): Promise<number> {
    let atom = this.#atoms.get(name);
    if (!atom) {
      atom = this.ask<number>('InternAtom', false, name);
      this.#atoms.set(name, atom);
    }
    return atom;
  }

  atomName(atom: number): Promise<string> {
    return this.ask<string>('GetAtomName', atom);
  }

  /** Undefined when the window has no such property. `limit` in bytes; `take` removes it. */
  async property(
    window: number,
    name: number,
    options: { limit: number; take?: boolean },
  ): Promise<XProperty | undefined> {
    const value = await this.ask<{ type: number; format: number; bytesAfter: number; data: Buffer }>(
      'GetProperty',
      options.take ? 1 : 0,
      window,
      name,
      none,
      0,
      Math.ceil(options.limit / 4),
    );
    if (value.type === none) return undefined;
    const { type, format, data: bytes, bytesAfter } = value;
    return { type, format, bytes, truncated: bytesAfter > 0 };
  }

  setProperty(window: number, name: number, type: number, format: number, bytes: Buffer): void {
    this.send('ChangeProperty', 0, window, name, type, format, bytes);
  }

  /** Events of this window that we hear of; ours alone, other clients have masks of their own. */
  select(window: number, ...events: (keyof typeof masks)[]): void {
    const eventMask = events.reduce((mask, event) => mask | masks[event], 0);
    this.send('ChangeWindowAttributes', window, { eventMask });
  }

  /** A window that is never seen: what selections belong to. */
  createHiddenWindow(): number {
    const window = this.#client.AllocID();
    this.send('CreateWindow', window, this.root, -1, -1, 1, 1, 0, 0, 0, 0, {
      overrideRedirect: 1,
      eventMask: masks.PropertyChange,
    });
    return window;
  }

  /** Has the server draw something: a window of one pixel, that is gone at once. */
  drawPixel(): void {
    const window = this.#client.AllocID();
    const values = { overrideRedirect: 1, backgroundPixel: 0 };
    this.send('CreateWindow', window, this.root, 0, 0, 1, 1, 0, 0, 0, 0, values);
    this.send('MapWindow', window);
    this.send('DestroyWindow', window);
  }

  /** Tells `window` of the selection's new owners: events named SelectionNotify with a `subtype`. */
  watchSelection(window: number, selection: number): void {
    this.#fixes.SelectSelectionInput(window, selection, allSelectionEvents);
  }
}

export const masks = {
  StructureNotify: 0x20000,
  SubstructureNotify: 0x80000,
  SubstructureRedirect: 0x100000,
  PropertyChange: 0x400000,
} as const;
