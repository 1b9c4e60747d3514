import type { XEvent } from 'x11';
import { Look } from './Look.js';
import { masks, none, predefined, type XClient } from './XClient.js';

export interface ToplevelsEvents {
  /** What the window in front is called. */
  titleChanged(title: string): void;
}

/** Windows that are placed; a program with more has a window manager, or makes windows for their own sake. */
const windowLimit = 1000;
/** Bytes of a title that are looked at. */
const titleBytes = 1024;
/** WM_SIZE_HINTS (ICCCM 4.1.2.3): u32s; which are valid, and where the largest size is. */
const sizeHints = { flags: 0, maxWidth: 7, maxHeight: 8, length: 18, hasMaxSize: 1 << 5 } as const;

interface Toplevel {
  readonly window: number;
  readonly transient: boolean;
}

interface Geometry {
  readonly width: number;
  readonly height: number;
}

/**
 * The windows on the root, for what nobody else does:
 *
 * - With a window manager: the title of the window that it calls active (EWMH: _NET_ACTIVE_WINDOW).
 * - Without one: a program alone on the screen. Its windows are as large as the screen, dialogs and those that cannot
 *   grow are in its middle, and the last one that was mapped has the keyboard.
 */
export class Toplevels {
  readonly #client: XClient;
  readonly #on: ToplevelsEvents;
  readonly #active: number;
  readonly #netName: number;
  /** Mapped, as the events tell: what is asked of the server in between may be gone when the answer is looked at. */
  readonly #mapped = new Set<number>();
  /** Those that are placed, the last one on top. */
  readonly #stack: Toplevel[] = [];
  readonly #activeLook = new Look(() => this.#lookAtActive());
  readonly #titleLook = new Look(() => this.#lookAtTitle());
  readonly #sizeLook = new Look(() => this.#lookAtSize());
  /** Whose title is shown. */
  #named: number = none;

  private constructor(client: XClient, on: ToplevelsEvents, active: number, netName: number) {
    this.#client = client;
    this.#on = on;
    this.#active = active;
    this.#netName = netName;
    client.onEvent((event) => this.#event(event));
    client.select(client.root, 'SubstructureNotify', 'StructureNotify', 'PropertyChange');
  }

  static async watch(client: XClient, on: ToplevelsEvents): Promise<Toplevels> {
    const [active, netName] = await Promise.all([
      client.atom('_NET_ACTIVE_WINDOW'),
      client.atom('_NET_WM_NAME'),
    ]);
    return new Toplevels(client, on, active, netName);
  }

  #event(event: XEvent): void {
    const window = Number(event['wid']);
    switch (event.name) {
      case 'MapNotify':
        if (event['overrideRedirect'] || this.#mapped.size >= windowLimit) return;
        this.#mapped.add(window);
        void this.#place(window).catch(() => {});
        return;
      case 'UnmapNotify':
      case 'DestroyNotify':
        this.#removed(window);
        return;
      case 'ConfigureNotify':
        if (event['wid1'] === this.#client.root) this.#sizeLook.ask();
        return;
      case 'PropertyNotify':
        if (window === this.#client.root && event['atom'] === this.#active) this.#activeLook.ask();
        else if (
          window === this.#named &&
          (event['atom'] === this.#netName || event['atom'] === predefined.WM_NAME)
        )
          this.#titleLook.ask();
    }
  }

  /** Whoever redirects the root's children places them. */
  async #isManaged(): Promise<boolean> {
    const { allEventMasks } = await this.#client.ask<{ allEventMasks: number }>(
      'GetWindowAttributes',
      this.#client.root,
    );
    return (allEventMasks & masks.SubstructureRedirect) !== 0;
  }

  // ---- without a window manager

  async #place(window: number): Promise<void> {
    if (await this.#isManaged()) return;
    const owner = await this.#client.property(window, predefined.WM_TRANSIENT_FOR, { limit: 4 });
    if (!this.#mapped.has(window)) return;
    const toplevel = { window, transient: owner !== undefined };
    this.#stack.push(toplevel);
    await this.#fit(toplevel);
    this.#focusTop();
  }

  #removed(window: number): void {
    this.#mapped.delete(window);
    const index = this.#stack.findIndex((toplevel) => toplevel.window === window);
    if (index < 0) return;
    this.#stack.splice(index, 1);
    this.#focusTop();
  }

  #focusTop(): void {
    const top = this.#stack.at(-1);
    if (!top) return;
    const revertToPointerRoot = 1;
    this.#client.send('SetInputFocus', top.window, revertToPointerRoot);
    this.#name(top.window);
  }

  async #lookAtSize(): Promise<void> {
    if (await this.#isManaged()) return;
    // One that goes meanwhile must not keep the others from theirs.
    for (const toplevel of [...this.#stack]) await this.#fit(toplevel).catch(() => {});
  }

  async #fit({ window, transient }: Toplevel): Promise<void> {
    const screen = await this.#geometry(this.#client.root);
    const own = await this.#geometry(window);
    const size = transient ? own : within(screen, await this.#largest(window));
    const x = Math.max(0, (screen.width - size.width) >> 1);
    const y = Math.max(0, (screen.height - size.height) >> 1);
    this.#client.send('ConfigureWindow', window, { x, y, ...size, borderWidth: 0 });
  }

  #geometry(window: number): Promise<Geometry> {
    return this.#client.ask<Geometry>('GetGeometry', window).then(({ width, height }) => ({ width, height }));
  }

  async #largest(window: number): Promise<Geometry | undefined> {
    const value = await this.#client.property(window, predefined.WM_NORMAL_HINTS, {
      limit: sizeHints.length * 4,
    });
    if (value?.format !== 32 || value.bytes.length < (sizeHints.maxHeight + 1) * 4) return undefined;
    const field = (index: number) => value.bytes.readUInt32LE(index * 4);
    if ((field(sizeHints.flags) & sizeHints.hasMaxSize) === 0) return undefined;
    return { width: field(sizeHints.maxWidth), height: field(sizeHints.maxHeight) };
  }

  // ---- titles

  async #lookAtActive(): Promise<void> {
    const value = await this.#client
      .property(this.#client.root, this.#active, { limit: 4 })
      .catch(() => undefined);
    if (value?.format === 32 && value.bytes.length >= 4) this.#name(value.bytes.readUInt32LE());
  }

  #name(window: number): void {
    if (window === none || window === this.#named) return;
    this.#named = window;
    this.#client.select(window, 'PropertyChange');
    this.#titleLook.ask();
  }

  async #lookAtTitle(): Promise<void> {
    const window = this.#named;
    const options = { limit: titleBytes };
    const value = await this.#client
      .property(window, this.#netName, options)
      .then((name) => name ?? this.#client.property(window, predefined.WM_NAME, options))
      .catch(() => undefined);
    if (value?.format !== 8 || window !== this.#named) return;
    const title = value.bytes.toString(value.type === predefined.STRING ? 'latin1' : 'utf8');
    if (title !== '') this.#on.titleChanged(title);
  }
}

function within(screen: Geometry, largest: Geometry | undefined): Geometry {
  if (!largest) return screen;
  return {
    width: Math.max(1, Math.min(screen.width, largest.width)),
    height: Math.max(1, Math.min(screen.height, largest.height)),
  };
}
