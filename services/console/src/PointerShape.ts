import { addSeals, createMemfd, Mapping } from '@switchyard/sys';
import {
  type Globals,
  WlCompositorProxy,
  WlShmFormat,
  WlShmProxy,
  type WlSurfaceProxy,
} from '@switchyard/wayland';

const WIDTH = 9;
const HEIGHT = 19;
const INK = 0xffffffff;
const RIM = 0xff000000;

/** The pointer over text: an I-beam, white with a black rim, so that it can be seen on anything. Drawn once for all. */
export class PointerShape {
  readonly surface: WlSurfaceProxy;
  readonly hotSpot = { x: WIDTH >> 1, y: HEIGHT >> 1 };

  constructor(globals: Globals, scale: number) {
    const [width, height] = [WIDTH * scale, HEIGHT * scale];
    const size = width * height * 4;
    using file = createMemfd('pointer', { size });
    {
      using mapping = Mapping.map(file, size, { write: true });
      draw(new Uint32Array(mapping.buffer), width, scale);
    }
    // Not against writing: libwayland's servers map every pool for writing.
    addSeals(file, ['shrink', 'grow', 'seal']);
    const shm = globals.require(WlShmProxy, { minimum: 1, maximum: 1 }, { format() {} });
    const compositor = globals.require(WlCompositorProxy, { minimum: 4, maximum: 4 });
    const pool = shm.createPool(file.dup(), size);
    const buffer = pool.createBuffer(0, width, height, width * 4, WlShmFormat.argb8888, { release() {} });
    pool.destroy();
    this.surface = compositor.createSurface({
      enter() {},
      leave() {},
      preferredBufferScale() {},
      preferredBufferTransform() {},
    });
    this.surface.setBufferScale(scale);
    this.surface.attach(buffer, 0, 0);
    this.surface.damageBuffer(0, 0, width, height);
    this.surface.commit();
  }
}

function draw(words: Uint32Array, stride: number, scale: number): void {
  const fill = (x: number, y: number, width: number, height: number, colour: number) => {
    for (let row = y * scale; row < (y + height) * scale; row++) {
      words.fill(colour, row * stride + x * scale, row * stride + (x + width) * scale);
    }
  };
  const middle = WIDTH >> 1;
  fill(0, 0, WIDTH, 3, RIM);
  fill(0, HEIGHT - 3, WIDTH, 3, RIM);
  fill(middle - 1, 0, 3, HEIGHT, RIM);
  fill(1, 1, WIDTH - 2, 1, INK);
  fill(1, HEIGHT - 2, WIDTH - 2, 1, INK);
  fill(middle, 1, 1, HEIGHT - 2, INK);
}
