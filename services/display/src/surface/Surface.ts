import { Region } from '@switchyard/pixels';
import {
  type WlBufferResource,
  type WlCallbackResource,
  type WlRegionResource,
  WlSurfaceError,
  type WlSurfaceRequests,
  type WlSurfaceResource,
} from '@switchyard/wayland';
import type { ClientState } from '../ClientState.js';
import type { BufferMapping } from '../geometry/BufferMapping.js';
import { isTransform } from '../geometry/Transform.js';
import type { Output } from '../output/Output.js';
import type { View } from '../output/View.js';
import { ClientBuffer } from './ClientBuffer.js';
import { regionOf } from './ClientRegion.js';
import type { Subsurface } from './Subsurface.js';
import { SurfaceContent } from './SurfaceContent.js';
import type { SurfaceHost } from './SurfaceHost.js';
import type { SurfacePixels } from './SurfacePixels.js';
import type { SurfaceRole, SurfaceRoleName } from './SurfaceRole.js';
import { type FrameListener, SurfaceState } from './SurfaceState.js';
import type { Viewport } from './Viewport.js';

/**
 * A wl_surface: double-buffered state, a copy of its content, its frame callbacks, and its sub-surfaces.
 *
 *   requests ──▶ pending ──commit──▶ current            a surface of its own, or a desynchronized sub-surface
 *                pending ──commit──▶ cached ──parent's state is applied──▶ current      a synchronized one
 *
 * The content is copied when it becomes current, and the wl_buffer is released in the same moment.
 */
export class Surface implements WlSurfaceRequests {
  readonly resource: WlSurfaceResource;
  readonly state: ClientState;
  readonly host: SurfaceHost;
  readonly pending = new SurfaceState();
  readonly cached = new SurfaceState();

  /** Given once and for ever; the role object may come and go. */
  roleName: SurfaceRoleName | undefined;
  role: SurfaceRole | undefined;
  viewport: Viewport | undefined;

  readonly content = new SurfaceContent();
  /** In surface units. */
  readonly opaque = new Region();
  /** undefined: everything. */
  input: Region | undefined;
  /** Where the last commit moved the content, for cursors and drag icons. */
  offsetX = 0;
  offsetY = 0;

  /** Sub-surfaces and the surface itself, from the bottom to the top. */
  order: readonly Surface[] = [this];
  pendingOrder: Surface[] = [this];

  /** Where it is on its session's scene, while it is. */
  view: View | undefined;
  readonly frames: WlCallbackResource[] = [];
  readonly listeners: FrameListener[] = [];
  readonly #damage = new Region();
  /** What it has entered. */
  outputs: readonly Output[] = none;
  /** What clients assume until they are told. */
  #preferredScale = 1;
  #commitListeners: (() => void)[] = [];

  constructor(resource: WlSurfaceResource, state: ClientState, host: SurfaceHost) {
    this.resource = resource;
    this.state = state;
    this.host = host;
    resource.onDestroy(() => this.#destroyed());
  }

  get alive(): boolean {
    return this.resource.alive;
  }
  /** The content; undefined when there is none. */
  get pixels(): SurfacePixels | undefined {
    return this.content.pixels;
  }
  get mapping(): BufferMapping | undefined {
    return this.content.mapping;
  }
  /** The content's size in surface units. */
  get width(): number {
    return this.content.mapping?.width ?? 0;
  }
  get height(): number {
    return this.content.mapping?.height ?? 0;
  }
  get mapped(): boolean {
    return this.pixels !== undefined && this.role?.mapped === true;
  }
  /** The surface whose window this one is part of. */
  get root(): Surface {
    return this.role?.parentSurface?.root ?? this;
  }

  /** Called after each commit that was applied. For protocols that extend surfaces. */
  onApplied(listener: () => void): () => void {
    this.#commitListeners.push(listener);
    return () => {
      this.#commitListeners = this.#commitListeners.filter((other) => other !== listener);
    };
  }

  /** Gives the role; false when the surface has another one (the caller posts its own protocol's error). */
  setRole(role: SurfaceRole): boolean {
    if (this.roleName !== undefined && this.roleName !== role.name) return false;
    this.roleName = role.name;
    this.role = role;
    return true;
  }

  // ---- requests

  attach(surface: WlSurfaceResource, buffer: WlBufferResource | null, x: number, y: number): void {
    if (x !== 0 || y !== 0) {
      if (surface.version >= 5) {
        surface.postError(WlSurfaceError.invalid_offset, 'attach with an offset; use wl_surface.offset');
        return;
      }
      this.pending.offsetX = x;
      this.pending.offsetY = y;
    }
    const content = buffer === null ? null : buffer.handler;
    if (content !== null && !(content instanceof ClientBuffer)) return;
    if (content && this.role?.checkAttach && !this.role.checkAttach()) return;
    this.pending.attach(content);
  }

  offset(_: WlSurfaceResource, x: number, y: number): void {
    this.pending.offsetX = x;
    this.pending.offsetY = y;
  }

  damage(_: WlSurfaceResource, x: number, y: number, width: number, height: number): void {
    addDamage(this.pending.damage, x, y, width, height);
  }

  damageBuffer(_: WlSurfaceResource, x: number, y: number, width: number, height: number): void {
    addDamage(this.pending.bufferDamage, x, y, width, height);
  }

  frame(_: WlSurfaceResource, callback: WlCallbackResource): void {
    this.pending.frames.push(callback);
  }

  setOpaqueRegion(_: WlSurfaceResource, region: WlRegionResource | null): void {
    this.pending.opaque = region ? regionOf(region) : new Region();
  }

  setInputRegion(_: WlSurfaceResource, region: WlRegionResource | null): void {
    this.pending.input = region ? regionOf(region) : null;
  }

  setBufferTransform(surface: WlSurfaceResource, transform: number): void {
    if (!isTransform(transform)) {
      surface.postError(WlSurfaceError.invalid_transform, `${transform} is no wl_output.transform`);
      return;
    }
    this.pending.transform = transform;
  }

  setBufferScale(surface: WlSurfaceResource, scale: number): void {
    if (scale < 1) {
      surface.postError(WlSurfaceError.invalid_scale, `a buffer scale is positive, not ${scale}`);
      return;
    }
    this.pending.scale = scale;
  }

  commit(): void {
    if (this.role?.checkCommit && !this.role.checkCommit(this.pending)) return;
    const subsurface = this.#synchronizedRole();
    if (subsurface || this.cached.committed) this.cached.merge(this.pending);
    if (subsurface) return;
    this.#apply(this.cached.committed ? this.cached : this.pending);
  }

  destroy(): void {}

  // ---- state

  /** Where it is to be seen from now on; the list is not changed any more. */
  showOn(outputs: readonly Output[]): void {
    const before = this.outputs;
    if (outputs === before) return;
    this.outputs = outputs;
    if (!this.alive) return;
    for (const output of outputs) {
      if (before.includes(output)) continue;
      for (const resource of this.state.outputsOf(output)) this.resource.sendEnter(resource);
    }
    for (const output of before) {
      if (outputs.includes(output)) continue;
      for (const resource of this.state.outputsOf(output)) this.resource.sendLeave(resource);
    }
    this.host.outputsChanged(this);
  }

  /** The whole scale at which a buffer looks best, as wl_output.scale has it. */
  prefer(scale: number): void {
    if (scale === this.#preferredScale) return;
    this.#preferredScale = scale;
    this.resource.sendPreferredBufferScale(scale);
  }

  /** Applies what a synchronized sub-surface committed: its parent's state was applied, or it became desynchronized. */
  applyCached(): void {
    if (this.cached.committed) this.#apply(this.cached);
  }

  /** Forgets its content, as if a null buffer had been committed. */
  unmapContent(): void {
    this.#dropContent();
    this.host.treeChanged(this);
  }

  /** Sends the frame callbacks, after a frame with the current content was shown. `time` in ms. */
  sendFrames(time: number): void {
    for (const frame of this.frames) frame.sendDone(time);
    this.frames.length = 0;
  }

  #synchronizedRole(): Subsurface | undefined {
    const role = this.role;
    return role?.synchronized ? (role as Subsurface) : undefined;
  }

  #apply(state: SurfaceState): void {
    this.offsetX = state.offsetX;
    this.offsetY = state.offsetY;
    if (state.buffer === null) this.#dropContent();
    const change = this.content.apply(state, this.#damage, this);
    if (change === 'refused') {
      state.clear();
      return;
    }
    let tree = change === 'shape' || state.buffer === null;
    // Many say the same one with each commit.
    if (state.opaque !== undefined && !this.opaque.equals(state.opaque)) {
      this.opaque.copyFrom(state.opaque);
      tree = true;
    }
    if (state.input !== undefined) {
      this.input = state.input ?? undefined;
      tree = true;
    }
    this.frames.push(...state.frames);
    state.frames.length = 0;
    if (state.listeners.length > 0 || this.#damage.isEmpty === false) {
      for (const listener of this.listeners.splice(0)) listener.discarded();
      this.listeners.push(...state.listeners);
      state.listeners.length = 0;
    }
    state.clear();

    tree = this.#applyChildren() || tree;
    this.role?.applied?.();
    for (const listener of this.#commitListeners) listener();
    if (tree) this.host.treeChanged(this);
    if (!this.#damage.isEmpty) {
      this.host.surfaceDamaged(this, this.#damage);
      this.#damage.clear();
    }
    if (this.frames.length > 0 || this.listeners.length > 0) this.host.frameRequested(this);
  }

  #dropContent(): void {
    this.showOn(none);
    this.content.drop();
    this.#damage.clear();
  }

  /** Order and places of the sub-surfaces, then what they have cached. True when something moved. */
  #applyChildren(): boolean {
    let changed = false;
    if (
      this.pendingOrder.length !== this.order.length ||
      this.pendingOrder.some((s, i) => s !== this.order[i])
    ) {
      this.order = [...this.pendingOrder];
      changed = true;
    }
    for (const child of this.order) {
      if (child === this) continue;
      const subsurface = child.role as Subsurface | undefined;
      if (!subsurface) continue;
      if (subsurface.applyPosition()) changed = true;
      if (subsurface.synchronized) child.applyCached();
    }
    return changed;
  }

  #destroyed(): void {
    this.role?.surfaceDestroyed?.();
    this.role = undefined;
    for (const child of this.order) if (child !== this) child.role?.parentDestroyed?.();
    this.host.surfaceDestroyed(this);
    this.#dropContent();
    this.pending.clear();
    this.cached.clear();
    for (const frame of this.frames.splice(0)) frame.destroy();
    for (const listener of this.listeners.splice(0)) listener.discarded();
    this.state.removeSurface(this);
  }
}

const none: readonly Output[] = [];

/** Clients say "all" with numbers as large as int32; anything beyond this is outside of every surface. */
const farAway = 1 << 20;

function addDamage(region: Region, x: number, y: number, width: number, height: number): void {
  if (width <= 0 || height <= 0) return;
  const left = Math.max(-farAway, Math.min(farAway, x));
  const top = Math.max(-farAway, Math.min(farAway, y));
  const right = Math.max(-farAway, Math.min(farAway, x + width));
  const bottom = Math.max(-farAway, Math.min(farAway, y + height));
  if (right > left && bottom > top) region.add(left, top, right - left, bottom - top);
}
