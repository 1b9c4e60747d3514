import { copyRectangle, Region } from '@switchyard/pixels';
import type { ClientState } from '../ClientState.js';
import type { BufferMapping } from '../geometry/BufferMapping.js';
import type { Frame, Swapchain } from '../output/Swapchain.js';
import type { ClientBuffer } from './ClientBuffer.js';
import { PixelMemory } from './PixelMemory.js';

const nothing = new Uint8Array(0);

/**
 * Our copy of a surface's content, in the size and format of the client's buffer. Only what is damaged is copied, so a
 * client's buffer is read once and free again at once.
 *
 *   none ──first buffer──▶ kept ──a commit while nothing else is shown──▶ direct
 *                            ◀── keep: another size, something over it, its screen is lost ──┘
 *
 * While it is kept, it is in memory of its own. While it is direct, it is in the newest frame of the swapchain, so that a
 * commit is copied once, or not at all where the client's own buffer can be the frame; reading it is the same.
 */
export class SurfacePixels {
  width = 0;
  height = 0;
  opaque = false;
  #memory: PixelMemory | undefined;
  /** Where they are while they are direct. */
  #frame: Frame | undefined;
  #swapchain: Swapchain | undefined;
  /** Other threads that read them, and where. */
  #readers = 0;
  #read: PixelMemory | undefined;
  /** What the client's quota has been charged with, wherever the pixels are. */
  #charged = 0;
  readonly #owner: ClientState;
  readonly #changed = new Region();

  constructor(owner: ClientState) {
    this.#owner = owner;
  }

  get bytes(): Uint8Array {
    return this.#frame?.pixels.bytes ?? this.#memory?.bytes ?? nothing;
  }
  /** Bytes from row to row. */
  get stride(): number {
    return this.#frame?.pixels.stride ?? this.width * 4;
  }
  /** They are where they are shown, and nowhere else. */
  get direct(): boolean {
    return this.#swapchain !== undefined;
  }

  /** The client's buffer that they are in, which is not released before they are elsewhere and no monitor shows it. */
  get lent(): ClientBuffer | undefined {
    return this.#frame?.lender;
  }

  /**
   * Copies what the damage (in surface units and in buffer pixels) says has changed, into `swapchain` where there is one. Returns
   * the changed part in buffer pixels, valid until the next call; undefined when the buffer could not be read or there is
   * no memory for it: the client has been ended.
   */
  take(
    buffer: ClientBuffer,
    mapping: BufferMapping,
    surfaceDamage: Region,
    bufferDamage: Region,
    swapchain: Swapchain | undefined,
  ): Region | undefined {
    const changed = this.#changed;
    changed.clear();
    if (buffer.width !== this.width || buffer.height !== this.height || buffer.opaque !== this.opaque) {
      if (!this.#resize(buffer)) return undefined;
      changed.add(0, 0, this.width, this.height);
    } else {
      changed.addRegion(bufferDamage);
      mapping.addToBuffer(surfaceDamage, changed);
      changed.intersect(0, 0, this.width, this.height);
      if (changed.isEmpty) return changed;
      const frame = swapchain?.lend(this, buffer) ?? swapchain?.begin(this, changed);
      if (frame) {
        if (!frame.lender && !copyChanged(buffer, changed, frame.pixels.bytes, frame.pixels.stride)) {
          swapchain!.spoilt(frame);
          return undefined;
        }
        this.#memory?.free();
        this.#memory = undefined;
        // Another output's, which has not drawn yet what it shows instead.
        if (this.#swapchain !== swapchain) this.#swapchain?.moveOut(this);
        this.#swapchain = swapchain;
        this.#frame = frame;
        swapchain!.moveIn(this, frame);
        return changed;
      }
      if (!this.keep() || !this.#separate()) return undefined;
    }
    return copyChanged(buffer, changed, this.bytes, this.stride) ? changed : undefined;
  }

  /** Has them in memory of their own from now on. False when there is none: the client has been ended. */
  keep(): boolean {
    const swapchain = this.#swapchain;
    if (!swapchain) return true;
    const { bytes, stride, width, height } = this;
    const memory = this.#allocate();
    if (!memory) return false;
    copyRectangle(memory.bytes, width * 4, 0, 0, bytes, stride, 0, 0, width, height);
    this.#settle(memory);
    return true;
  }

  /** Another thread reads them until `endReading`: commits go to a copy meanwhile. */
  beginReading(): void {
    this.#readers++;
    this.#read = this.#memory;
  }

  endReading(): void {
    if (--this.#readers === 0) this.#read = undefined;
  }

  free(): void {
    this.#leave();
    this.#owner.quota.copy(-this.#charged);
    this.#charged = 0;
    this.width = 0;
    this.height = 0;
  }

  #resize(buffer: ClientBuffer): boolean {
    const size = buffer.width * buffer.height * 4;
    if (!this.#owner.quota.copy(size - this.#charged)) {
      this.#refuse();
      return false;
    }
    this.#charged = size;
    this.width = buffer.width;
    this.height = buffer.height;
    this.opaque = buffer.opaque;
    if (this.#memory?.bytes.length === size && this.#memory !== this.#read) return true;
    const memory = this.#allocate();
    if (memory) this.#settle(memory);
    return memory !== undefined;
  }

  /** Moves to other memory when somebody reads this one. */
  #separate(): boolean {
    const before = this.#memory;
    if (!before || before !== this.#read) return true;
    const memory = this.#allocate();
    if (!memory) return false;
    memory.bytes.set(before.bytes);
    this.#settle(memory);
    return true;
  }

  #allocate(): PixelMemory | undefined {
    const memory = PixelMemory.allocate(this.#charged);
    if (!memory) {
      this.free();
      this.#refuse();
    }
    return memory;
  }

  #settle(memory: PixelMemory): void {
    this.#leave();
    this.#memory = memory;
  }

  /** Lets go of where they are. */
  #leave(): void {
    this.#memory?.free();
    this.#memory = undefined;
    this.#frame = undefined;
    this.#swapchain?.moveOut(this);
    this.#swapchain = undefined;
  }

  #refuse(): void {
    if (this.#owner.client.alive) this.#owner.client.postNoMemory();
  }
}

/** False when the buffer could not be read: its client has been ended. */
function copyChanged(buffer: ClientBuffer, changed: Region, target: Uint8Array, stride: number): boolean {
  const { rectangles, count } = changed;
  for (let i = 0; i < count; i++) {
    const x = rectangles[4 * i]!;
    const y = rectangles[4 * i + 1]!;
    const width = rectangles[4 * i + 2]!;
    const height = rectangles[4 * i + 3]!;
    if (!buffer.copy(target, stride, x, y, width, height)) return false;
  }
  return true;
}
