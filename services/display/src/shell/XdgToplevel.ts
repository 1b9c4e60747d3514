import {
  isEntry,
  type WlOutputResource,
  type WlSeatResource,
  XdgToplevelError,
  type XdgToplevelRequests,
  XdgToplevelResizeEdge,
  type XdgToplevelResource,
  XdgToplevelState,
  XdgToplevelWmCapabilities,
} from '@switchyard/wayland';
import type { Rectangle } from '../geometry/Rectangle.js';
import type { Seat } from '../input/Seat.js';
import { OutputGlobal } from '../output/OutputGlobal.js';
import type { Edges, ShellToplevel, ToplevelConfiguration } from './ShellPolicy.js';
import type { XdgRole, XdgSurface } from './XdgSurface.js';

/** An xdg_toplevel: a window. Its size and place are the policy's. */
export class XdgToplevel implements XdgToplevelRequests, XdgRole, ShellToplevel {
  readonly name = 'xdg_toplevel';
  readonly resource: XdgToplevelResource;
  readonly xdgSurface: XdgSurface;
  title = '';
  appId = '';
  parent: XdgToplevel | undefined;
  wantsFullscreen: boolean | undefined;
  wantsMaximized = false;
  minimum = { width: 0, height: 0 };
  maximum = { width: 0, height: 0 };

  #sent: ToplevelConfiguration | undefined;
  #sentBounds = '';

  constructor(resource: XdgToplevelResource, xdgSurface: XdgSurface) {
    this.resource = resource;
    this.xdgSurface = xdgSurface;
    xdgSurface.windows.created(this);
    resource.onDestroy(() => {
      xdgSurface.roleDestroyed(this);
      xdgSurface.windows.removed(this);
    });
  }

  get mapped(): boolean {
    return this.xdgSurface.mapped;
  }
  get geometry(): Rectangle {
    return this.xdgSurface.geometry;
  }
  /** The serial of the configure that the content on display answers. */
  configuredSerial: number | undefined;

  // ---- requests

  setParent(resource: XdgToplevelResource, parentResource: XdgToplevelResource | null): void {
    const parent = parentResource?.handler;
    const wanted = parent instanceof XdgToplevel ? parent : undefined;
    for (let above = wanted; above; above = above.parent) {
      if (above !== this) continue;
      resource.postError(XdgToplevelError.invalid_parent, 'a toplevel cannot be its own ancestor');
      return;
    }
    this.parent = wanted?.mapped ? wanted : undefined;
    this.xdgSurface.windows.changed();
    this.#reconfigure();
  }

  /** By xdg-foreign: another program's window. */
  setForeignParent(parent: XdgToplevel | undefined): void {
    this.parent = parent?.mapped ? parent : undefined;
    this.xdgSurface.windows.changed();
    this.#reconfigure();
  }

  setTitle(_: XdgToplevelResource, title: string): void {
    this.title = title;
    this.xdgSurface.windows.titleChanged(this);
  }

  setAppId(_: XdgToplevelResource, appId: string): void {
    this.appId = appId;
    this.xdgSurface.windows.titleChanged(this);
  }

  setMaxSize(resource: XdgToplevelResource, width: number, height: number): void {
    if (checkSize(resource, width, height)) this.maximum = { width, height };
  }

  setMinSize(resource: XdgToplevelResource, width: number, height: number): void {
    if (checkSize(resource, width, height)) this.minimum = { width, height };
  }

  setMaximized(): void {
    this.wantsMaximized = true;
    this.#answer();
  }
  unsetMaximized(): void {
    this.wantsMaximized = false;
    this.#answer();
  }
  setFullscreen(_: XdgToplevelResource, output: WlOutputResource | null): void {
    if (output?.handler instanceof OutputGlobal && !output.handler.removed)
      this.xdgSurface.windows.moveTo(this, output.handler.output);
    // Who asks for what it has had from the start waits for a change: mpv takes its size only from one that differs.
    if (this.wantsFullscreen === undefined && this.#sent?.fullscreen)
      this.#send({ ...this.#sent, width: 0, height: 0, fullscreen: false, maximized: false });
    this.wantsFullscreen = true;
    this.#answer();
  }
  unsetFullscreen(): void {
    this.wantsFullscreen = false;
    this.#answer();
  }

  resize(resource: XdgToplevelResource, seat: WlSeatResource, serial: number, edges: number): void {
    if (!isEntry(XdgToplevelResizeEdge, edges)) {
      resource.postError(XdgToplevelError.invalid_resize_edge, `${edges} is no edge`);
      return;
    }
    if (edges === XdgToplevelResizeEdge.none) return;
    const { left, right, top, bottom } = XdgToplevelResizeEdge;
    this.#drag(seat, serial, {
      x: edges & left ? -1 : edges & right ? 1 : 0,
      y: edges & top ? -1 : edges & bottom ? 1 : 0,
    });
  }

  move(_: XdgToplevelResource, seat: WlSeatResource, serial: number): void {
    this.#drag(seat, serial, undefined);
  }

  /** Windows have no menu and cannot be put away: a session is switched instead. */
  showWindowMenu(): void {}
  setMinimized(): void {}
  destroy(): void {}

  // ---- configure

  /** Sends the policy's configuration if it differs from what was sent last; `always` also if not. */
  configure(always = false): void {
    const { phase } = this.xdgSurface;
    if (phase === 'unconstructed' || phase === 'unconfigured') return;
    const next = this.xdgSurface.windows.configurationOf(this);
    if (!always && this.#sent && sameConfiguration(this.#sent, next)) return;
    this.#send(next);
  }

  #send(next: ToplevelConfiguration): void {
    this.#sent = next;
    this.xdgSurface.handshake.send(() => {
      this.#sendBounds();
      const { width, height } = next;
      this.resource.sendConfigure(width, height, statesOf(next));
    });
  }

  #sendBounds(): void {
    const { width, height } = this.xdgSurface.windows.boundsOf(this.xdgSurface);
    const bounds = `${width}×${height}`;
    if (bounds === this.#sentBounds) return;
    this.#sentBounds = bounds;
    this.resource.sendConfigureBounds(width, height);
  }

  // ---- XdgRole

  initialCommit(): boolean {
    this.resource.sendWmCapabilities(
      words([XdgToplevelWmCapabilities.maximize, XdgToplevelWmCapabilities.fullscreen]),
    );
    this.configure(true);
    return true;
  }

  checkCommit(): boolean {
    const { width, height } = this.maximum;
    if ((width === 0 || width >= this.minimum.width) && (height === 0 || height >= this.minimum.height))
      return true;
    const text = `the maximum ${width}×${height} is below the minimum ${this.minimum.width}×${this.minimum.height}`;
    this.resource.postError(XdgToplevelError.invalid_size, text);
    return false;
  }

  configured(serial: number): void {
    this.configuredSerial = serial;
  }

  map(): void {
    this.xdgSurface.windows.mapped(this);
  }

  unmap(): void {
    this.title = '';
    this.appId = '';
    this.parent = undefined;
    this.wantsFullscreen = undefined;
    this.wantsMaximized = false;
    this.#sent = undefined;
    this.#sentBounds = '';
    this.minimum = { width: 0, height: 0 };
    this.maximum = { width: 0, height: 0 };
    for (const popup of [...this.xdgSurface.popups]) popup.dismiss();
    this.xdgSurface.windows.unmapped(this);
  }

  gone(): void {
    this.unmap();
    this.xdgSurface.windows.removed(this);
  }

  /** The client asked for a state: it gets a configure in any case. Before the first commit that one comes anyway. */
  #answer(): void {
    this.configure(true);
  }

  #reconfigure(): void {
    this.configure();
  }

  /** Only with what is pressed on the client's surfaces right now; else it comes too late, and nothing happens. */
  #drag(seatResource: WlSeatResource, serial: number, edges: Edges | undefined): void {
    const { windows, wmBase, mapped } = this.xdgSurface;
    const seat = seatResource.handler as Seat;
    const held = mapped && seat.windows === windows ? seat.held(wmBase.state, serial) : undefined;
    if (held) windows.drag(this, held, edges);
  }
}

function checkSize(resource: XdgToplevelResource, width: number, height: number): boolean {
  if (width >= 0 && height >= 0) return true;
  resource.postError(XdgToplevelError.invalid_size, `a limit of ${width}×${height}`);
  return false;
}

function sameConfiguration(a: ToplevelConfiguration, b: ToplevelConfiguration): boolean {
  return (
    a.width === b.width &&
    a.height === b.height &&
    a.fullscreen === b.fullscreen &&
    a.maximized === b.maximized &&
    a.activated === b.activated &&
    a.resizing === b.resizing
  );
}

function statesOf(configuration: ToplevelConfiguration): Uint8Array {
  const states: number[] = [];
  if (configuration.maximized) states.push(XdgToplevelState.maximized);
  if (configuration.fullscreen) states.push(XdgToplevelState.fullscreen);
  if (configuration.resizing) states.push(XdgToplevelState.resizing);
  if (configuration.activated) states.push(XdgToplevelState.activated);
  return words(states);
}

function words(values: readonly number[]): Uint8Array {
  return new Uint8Array(Uint32Array.from(values).buffer);
}

/** Stands for a toplevel that was refused; its client has been ended. */
export const refusedToplevel: XdgToplevelRequests = {
  setParent() {},
  setTitle() {},
  setAppId() {},
  showWindowMenu() {},
  move() {},
  resize() {},
  setMaxSize() {},
  setMinSize() {},
  setMaximized() {},
  unsetMaximized() {},
  setFullscreen() {},
  unsetFullscreen() {},
  setMinimized() {},
  destroy() {},
};
