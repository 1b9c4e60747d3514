import { copyRectangle, fillRectangle, Region, scaleBlend } from '@switchyard/pixels';
import {
  type AttachedBuffer,
  type CursorImage,
  type CursorName,
  type Mode,
  MonitorBuffer,
  MonitorSession,
} from '@switchyard/seat';
import type { Fd } from '@switchyard/sys';
import { Letterbox } from './Letterbox.js';

export interface MirrorScreenEvents {
  mode(mode: Mode): void;
  /** What was drawn is seen: there may be a next frame. */
  flipped(): void;
  closed(): void;
}

interface Buffer {
  readonly pixels: MonitorBuffer;
  readonly id: number;
  /** Where it is older than the newest frame. */
  readonly stale: Region;
}

const black = 0xff000000;
/** A monitor takes this many rectangles of damage. */
const maxDamage = 32;
/** wl_output.transform: normal. */
const upright = 0;

/**
 * A real seat's monitor, on which the shared picture is drawn: pixel by pixel where the sizes are the same, else
 * scaled between black bars.
 *
 *   waiting ──mode──▶ idle ──frame──▶ presenting ──flip──▶ idle
 *                                         └ frames meanwhile: what they changed is drawn with the next
 */
export class MirrorScreen {
  readonly #channel: MonitorSession;
  readonly #damage = new Region();
  #buffers: Buffer[] = [];
  #front = 0;
  #letterbox: Letterbox | undefined;

  /** Takes the channel. */
  constructor(channel: Fd, on: MirrorScreenEvents) {
    this.#channel = new MonitorSession(channel, {
      mode: (mode) => {
        this.#forget();
        on.mode(mode);
      },
      flipDone: () => on.flipped(),
      closed: () => on.closed(),
    });
  }

  get mode(): Mode | undefined {
    return this.#channel.mode;
  }
  get letterbox(): Letterbox | undefined {
    return this.#letterbox;
  }

  setCursor(cursor: CursorImage | CursorName): void {
    this.#channel.setCursor(cursor);
  }

  /** A frame that changed these rectangles of the picture; count 0: all of it. */
  changed(frame: AttachedBuffer, damage: Int32Array, count: number): void {
    if (!this.#fit(frame)) return;
    const box = this.#letterbox!;
    if (count === 0) this.#damage.add(box.x, box.y, box.width, box.height);
    for (let i = 0; i < count * 4; i += 4)
      this.#damage.add(...box.toScreen(damage[i]!, damage[i + 1]!, damage[i + 2]!, damage[i + 3]!));
  }

  /** Draws what has changed, unless a frame is on its way. */
  draw(frame: AttachedBuffer): void {
    if (!this.#fit(frame) || this.#channel.presenting || this.#channel.closed || this.#damage.isEmpty) return;
    const damage = this.#damage;
    if (damage.count > maxDamage) damage.simplify(maxDamage);
    for (const buffer of this.#buffers) buffer.stale.addRegion(damage);
    this.#front = (this.#front + 1) % this.#buffers.length;
    const buffer = this.#buffers[this.#front]!;
    this.#copy(frame, buffer);
    buffer.stale.clear();
    this.#channel.present(buffer.id, damage.rectangles, damage.count);
    damage.clear();
  }

  close(): void {
    this.#channel.close();
    this.#forget();
  }

  #copy(frame: AttachedBuffer, { pixels, stale }: Buffer): void {
    const box = this.#letterbox!;
    const { bytes, stride } = pixels;
    stale.intersect(box.x, box.y, box.width, box.height);
    if (!box.exact) {
      const [sw, sh] = [frame.width * 256, frame.height * 256];
      // biome-ignore format: two images, one line each
      scaleBlend(bytes, stride, box.x, box.y, box.width, box.height, stale,
        frame.bytes, frame.stride, 0, 0, sw, sh, upright, true);
      return;
    }
    const { rectangles } = stale;
    for (let i = 0; i < stale.count * 4; i += 4) {
      const [x, y, width, height] = [
        rectangles[i]!,
        rectangles[i + 1]!,
        rectangles[i + 2]!,
        rectangles[i + 3]!,
      ];
      copyRectangle(bytes, stride, x, y, frame.bytes, frame.stride, x - box.x, y - box.y, width, height);
    }
  }

  /** Makes buffers and bars for a frame of this size. False while there is no mode, or no frame. */
  #fit(frame: AttachedBuffer): boolean {
    const { mode } = this;
    if (!mode || this.#channel.closed || frame.bytes.length === 0) return false;
    if (this.#buffers.length === 0) {
      this.#buffers = [0, 1].map(() => {
        const pixels = MonitorBuffer.create(mode.width, mode.height);
        return { pixels, id: this.#channel.attach(pixels), stale: new Region() };
      });
      this.#letterbox = undefined;
    }
    const before = this.#letterbox?.picture;
    if (before?.width === frame.width && before.height === frame.height) return true;
    this.#letterbox = new Letterbox({ width: frame.width, height: frame.height }, mode);
    for (const { pixels } of this.#buffers)
      fillRectangle(pixels.bytes, pixels.stride, 0, 0, mode.width, mode.height, black);
    const box = this.#letterbox;
    for (const { stale } of this.#buffers) stale.set(box.x, box.y, box.width, box.height);
    this.#damage.set(0, 0, mode.width, mode.height);
    return true;
  }

  #forget(): void {
    for (const { pixels, id } of this.#buffers) {
      this.#channel.detach(id);
      pixels[Symbol.dispose]();
    }
    this.#buffers = [];
    this.#letterbox = undefined;
    this.#damage.clear();
  }
}
