import { Region } from '@switchyard/pixels';
import {
  type WlBufferResource,
  type WlOutputResource,
  WlShmFormat,
  ZwlrScreencopyFrameV1Error,
  type ZwlrScreencopyFrameV1Requests,
  type ZwlrScreencopyFrameV1Resource,
  type ZwlrScreencopyManagerV1Requests,
  type ZwlrScreencopyManagerV1Resource,
} from '@switchyard/wayland';
import type { ClientState } from '../ClientState.js';
import type { Compositor } from '../Compositor.js';
import type { Rectangle } from '../geometry/Rectangle.js';
import type { Output } from '../output/Output.js';
import type { OutputGlobal } from '../output/OutputGlobal.js';
import { ShmBuffer } from '../shm/ShmBuffer.js';
import { captureTime } from './CaptureTime.js';
import { OutputPicture } from './OutputPicture.js';

/** Frames of one manager that wait for damage; a program that records has one or two. */
const maxWaiting = 32;
/** Parts of the screen whose damage is known apart; of others everything is new each time. */
const maxParts = 16;
/** A frame's damage is told in so many rectangles. */
const maxDamage = 16;

/** One client's zwlr_screencopy_manager_v1. */
export class Screencopy implements ZwlrScreencopyManagerV1Requests {
  readonly #compositor: Compositor;
  readonly #client: ClientState;
  /** Of each output, with and without the pointer. */
  readonly #views = new Map<Output, Map<boolean, ScreencopyView>>();

  constructor(resource: ZwlrScreencopyManagerV1Resource, compositor: Compositor, client: ClientState) {
    this.#compositor = compositor;
    this.#client = client;
    resource.onDestroy(() => {
      for (const views of this.#views.values()) for (const view of views.values()) view.drop();
    });
  }

  captureOutput(
    _: unknown,
    frame: ZwlrScreencopyFrameV1Resource,
    cursor: number,
    resource: WlOutputResource,
  ): void {
    const output = outputOf(resource);
    const { width, height } = output.mode;
    this.#capture(frame, cursor !== 0, output, { x: 0, y: 0, width, height });
  }

  captureOutputRegion(
    _: unknown,
    frame: ZwlrScreencopyFrameV1Resource,
    cursor: number,
    resource: WlOutputResource,
    x: number,
    y: number,
    width: number,
    height: number,
  ): void {
    const output = outputOf(resource);
    const { scale, mode } = output;
    const left = Math.max(0, Math.floor(x * scale));
    const top = Math.max(0, Math.floor(y * scale));
    const right = Math.min(mode.width, Math.ceil((x + width) * scale));
    const bottom = Math.min(mode.height, Math.ceil((y + height) * scale));
    this.#capture(frame, cursor !== 0, output, {
      x: left,
      y: top,
      width: right - left,
      height: bottom - top,
    });
  }

  /** Frames outlive their manager; what they look at goes with the last of them. */
  destroy(): void {}

  #capture(frame: ZwlrScreencopyFrameV1Resource, cursor: boolean, output: Output, part: Rectangle): void {
    const views = this.#views.get(output) ?? new Map<boolean, ScreencopyView>();
    this.#views.set(output, views);
    const known = views.get(cursor);
    const view =
      known ?? new ScreencopyView(new OutputPicture(this.#compositor, this.#client, cursor, output));
    if (!known) views.set(cursor, view);
    frame.implement(new ScreencopyFrame(frame, view, part));
  }
}

function outputOf({ handler }: WlOutputResource): Output {
  return (handler as OutputGlobal).output;
}

/** What the frames of one manager look at, and which of them wait for something new. */
class ScreencopyView {
  readonly picture: OutputPicture;
  readonly #waiting = new Set<ScreencopyFrame>();
  /** What is new in each part since it was copied last, in the screen's pixels; by the parts' places. */
  readonly #parts = new Map<string, { part: Rectangle; damage: Region }>();

  constructor(picture: OutputPicture) {
    this.picture = picture;
    picture.onNews = () => {
      if (this.#waiting.size === 0 || !this.update()) return;
      for (const frame of [...this.#waiting]) frame.tryCopy();
    };
  }

  /** For each frame; the manager has it from the start. */
  hold(): this {
    this.picture.hold();
    return this;
  }

  drop(): void {
    this.picture.drop();
  }

  wait(frame: ScreencopyFrame): boolean {
    if (this.#waiting.size >= maxWaiting) return false;
    this.#waiting.add(frame);
    return true;
  }

  forget(frame: ScreencopyFrame): void {
    this.#waiting.delete(frame);
  }

  update(): boolean {
    if (this.picture.stopped || !this.picture.update()) return false;
    const { damage } = this.picture;
    for (const entry of this.#parts.values()) entry.damage.addRegion(damage);
    damage.clear();
    return true;
  }

  /** What is new in that part; the caller clears it when it has copied it. */
  damageOf(part: Rectangle): Region {
    const key = `${part.x},${part.y} ${part.width}×${part.height}`;
    let entry = this.#parts.get(key);
    if (!entry) {
      if (this.#parts.size >= maxParts) this.#parts.delete(this.#parts.keys().next().value!);
      entry = { part, damage: new Region().set(part.x, part.y, part.width, part.height) };
      this.#parts.set(key, entry);
    }
    return entry.damage.intersect(part.x, part.y, part.width, part.height);
  }
}

/**
 * A zwlr_screencopy_frame_v1.
 *
 *   offered ──copy──▶ done (ready | failed)
 *      └──copy_with_damage──▶ waiting ──something new──▶ done
 */
class ScreencopyFrame implements ZwlrScreencopyFrameV1Requests {
  readonly #resource: ZwlrScreencopyFrameV1Resource;
  readonly #view: ScreencopyView;
  readonly #part: Rectangle;
  #used = false;
  #buffer: ShmBuffer | undefined;

  constructor(resource: ZwlrScreencopyFrameV1Resource, view: ScreencopyView, part: Rectangle) {
    this.#resource = resource;
    this.#view = view.hold();
    this.#part = part;
    resource.onDestroy(() => {
      this.#release();
      view.drop();
    });
    const { width, height } = part;
    if (width <= 0 || height <= 0) {
      this.#used = true;
      resource.sendFailed();
      return;
    }
    resource.sendBuffer(WlShmFormat.xrgb8888, width, height, width * 4);
    resource.sendBufferDone();
  }

  copy(_: unknown, buffer: WlBufferResource): void {
    if (!this.#take(buffer)) return;
    if (this.#view.update()) this.#finish(undefined);
    else this.#fail();
  }

  copyWithDamage(_: unknown, buffer: WlBufferResource): void {
    if (!this.#take(buffer)) return;
    if (!this.#view.update() || !this.#view.wait(this)) this.#fail();
    else this.tryCopy();
  }

  destroy(): void {}

  /** Copies it if there is something new. */
  tryCopy(): void {
    const damage = this.#view.damageOf(this.#part);
    if (!damage.isEmpty) this.#finish(damage);
  }

  #take(resource: WlBufferResource): boolean {
    const { already_used, invalid_buffer } = ZwlrScreencopyFrameV1Error;
    if (this.#used) {
      this.#resource.postError(already_used, 'a frame is copied once');
      return false;
    }
    this.#used = true;
    const buffer = resource.handler;
    const { width, height } = this.#part;
    const fits =
      buffer instanceof ShmBuffer &&
      buffer.width === width &&
      buffer.height === height &&
      buffer.stride === width * 4 &&
      buffer.opaque;
    if (!fits) {
      this.#resource.postError(invalid_buffer, `a buffer of ${width}×${height} in xrgb8888 is needed`);
      return false;
    }
    this.#buffer = buffer.hold();
    return true;
  }

  #finish(damage: Region | undefined): void {
    const { picture } = this.#view;
    const { x, y, width, height } = this.#part;
    const resource = this.#resource;
    const inside = x + width <= picture.width && y + height <= picture.height;
    const from = picture.bytes.subarray((y * picture.width + x) * 4);
    // The screen has another size now, or the client's memory is not there.
    if (!inside || !this.#buffer?.write(from, picture.stride, 0, 0, width, height)) {
      this.#fail();
      return;
    }
    resource.sendFlags(0);
    if (damage) {
      if (damage.count > maxDamage) damage.simplify(maxDamage);
      const r = damage.rectangles;
      for (let i = 0; i < damage.count * 4; i += 4)
        resource.sendDamage(r[i]! - x, r[i + 1]! - y, r[i + 2]!, r[i + 3]!);
    }
    this.#view.damageOf(this.#part).clear();
    resource.sendReady(...captureTime());
    this.#release();
  }

  #fail(): void {
    this.#resource.sendFailed();
    this.#release();
  }

  #release(): void {
    this.#view.forget(this);
    this.#buffer?.drop();
    this.#buffer = undefined;
  }
}
