import { readFileSync } from 'node:fs';
import { type Mode, MonitorProvider, MonitorSession } from '@switchyard/seat';
import { addSeals, createMemfd, Fd, pwrite, type Seal, Socket } from '@switchyard/sys';
import {
  type WlRegionProxy,
  WlShmFormat,
  WlShmProxy,
  WlSubcompositorProxy,
  type WlSubsurfaceProxy,
  type WlSurfaceProxy,
  WpViewporterProxy,
} from '@switchyard/wayland';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DisplaySession } from '../session/DisplaySession.js';
import type { Surface } from '../surface/Surface.js';
import { Desk, type DeskClient } from '../testing/Desk.js';

const width = 96;
const height = 80;
/** Of the painter's buffers: not as the monitor's own have it. */
const stride = width * 4 + 32;
const mode: Mode = { width, height, refresh: 60_000, scale: 120 };

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A monitor that flips when the test says so, and finds out whether somebody writes what it still reads. */
class SlowMonitor implements Disposable {
  /** What a person sees. */
  readonly screen = new Uint32Array(width * height);
  frames = 0;
  /** Of the buffer that was presented last. */
  stride = 0;
  readonly #provider: MonitorProvider;
  readonly #desk: Desk;
  #channel: MonitorSession | undefined;
  #presented: { pixels: Uint8Array; copy: Uint8Array } | undefined;
  #shown: { pixels: Uint8Array; copy: Uint8Array } | undefined;

  constructor(desk: Desk) {
    this.#desk = desk;
    this.#provider = new MonitorProvider(mode, {
      present: (buffer, damage, count) => {
        this.frames++;
        this.stride = buffer.stride;
        this.#presented = { pixels: buffer.bytes, copy: buffer.bytes.slice() };
        const words = new Uint32Array(this.#presented.copy.buffer);
        for (let i = 0; i < count; i++) {
          const [x, y, w, h] = damage.subarray(4 * i, 4 * i + 4) as unknown as number[];
          for (let row = y!; row < y! + h!; row++)
            for (let column = x!; column < x! + w!; column++)
              if (row < height && column < width)
                this.screen[row * width + column] = words[(row * buffer.stride) / 4 + column]! & 0xffffff;
        }
      },
      cursor() {},
    });
  }

  show(session: DisplaySession): void {
    const output = this.#desk.compositor.outputs.first;
    if (this.#channel) {
      output.close(this.#channel);
      this.#channel.close();
    }
    this.#presented = undefined;
    this.#shown = undefined;
    const [ours, theirs] = Socket.pair('seqpacket');
    this.#provider.openChannel('session', Fd.adopt(theirs.fd.take()));
    const channel = new MonitorSession(Fd.adopt(ours.fd.take()), {
      mode: (changed) => output.modeChanged(channel, changed),
      flipDone: (sequence, time) => output.flipDone(channel, sequence, time),
      closed() {},
    });
    this.#channel = channel;
    this.#desk.activate(session);
    output.open(channel, session.windows);
  }

  setScale(scale: number): void {
    this.#provider.setMode({ ...mode, scale });
  }

  flip(): void {
    this.check();
    if (!this.#provider.presented) return;
    this.#shown = this.#presented;
    this.#presented = undefined;
    this.#provider.flipDone();
  }

  /** What was presented stays as it was until another frame is shown. */
  check(): void {
    for (const read of [this.#shown, this.#presented]) {
      if (read && read.pixels.length > 0) expect(Buffer.compare(read.pixels, read.copy)).toBe(0);
    }
  }

  async settle(): Promise<void> {
    for (let before = -1; before !== this.frames || this.#provider.presented; await turn()) {
      before = this.frames;
      this.flip();
      for (let i = 0; i < 4; i++) await turn();
      while (this.#desk.compositor.outputs.first.drawing) await turn();
    }
  }

  [Symbol.dispose](): void {
    this.#channel?.close();
    this.#provider[Symbol.dispose]();
  }
}

type Rectangle = readonly [number, number, number, number];

/** A fullscreen program that draws where it says so, and what should be seen of it. */
class Painter {
  readonly seen = new Uint32Array(width * height);
  readonly surface: WlSurfaceProxy;
  readonly client: DeskClient;
  /** wl_buffers that were committed and not released yet. */
  held = 0;
  readonly #shm: WlShmProxy;
  readonly #all: WlRegionProxy;
  #alpha = true;

  private constructor(client: DeskClient, surface: WlSurfaceProxy) {
    this.client = client;
    this.surface = surface;
    this.#shm = client.globals.bind(WlShmProxy, 1, { format() {} })!;
    this.#all = client.compositor.createRegion();
    this.#all.add(0, 0, width, height);
  }

  static async create(desk: Desk, session: DisplaySession, colour: number): Promise<Painter> {
    const client = await desk.connect(session);
    const { surface } = await client.window(width, height);
    const painter = new Painter(client, surface);
    painter.paint([[0, 0, width, height]], colour, false, true);
    return painter;
  }

  get content(): Surface {
    return this.client.client.resource(this.surface.id)!.handler as Surface;
  }

  paint(
    rectangles: readonly Rectangle[],
    colour: number,
    bufferDamage: boolean,
    other = false,
    seals: readonly Seal[] = ['shrink'],
  ): void {
    if (other) this.#alpha = !this.#alpha;
    for (const [x, y, w, h] of rectangles) {
      for (let row = y; row < Math.min(height, y + h); row++)
        this.seen.fill(colour, row * width + x, row * width + Math.min(width, x + w));
      if (bufferDamage) this.surface.damageBuffer(x, y, w, h);
      else this.surface.damage(x, y, w, h);
    }
    // With another format everything is new, and where there is no damage it must be as before.
    const pixels = this.seen.slice();
    // A frame that is shown itself is shown whole.
    if (!other && !seals.includes('write')) hideUndamaged(pixels, rectangles);
    this.#attach(pixels, this.#alpha, seals);
    this.surface.setOpaqueRegion(this.#alpha ? this.#all : null);
    this.surface.commit();
  }

  #attach(pixels: Uint32Array, alpha: boolean, seals: readonly Seal[]): void {
    const size = stride * height;
    using memory = createMemfd('painter', { size });
    pwrite(memory, new Uint8Array(size), 0);
    for (let y = 0; y < height; y++)
      pwrite(memory, new Uint8Array(pixels.buffer, y * width * 4, width * 4), y * stride);
    addSeals(memory, seals);
    const pool = this.#shm.createPool(memory.dup(), size);
    const format = alpha ? WlShmFormat.argb8888 : WlShmFormat.xrgb8888;
    const buffer = pool.createBuffer(0, width, height, stride, format, {
      release: () => {
        this.held--;
        buffer.destroy();
      },
    });
    pool.destroy();
    this.held++;
    this.surface.attach(buffer, 0, 0);
  }
}

/** Whoever reads more than what is damaged gets something else. */
function hideUndamaged(pixels: Uint32Array, rectangles: readonly Rectangle[]): void {
  const inside = new Uint8Array(pixels.length);
  for (const [x, y, w, h] of rectangles)
    for (let row = y; row < Math.min(height, y + h); row++)
      inside.fill(1, row * width + x, row * width + Math.min(width, x + w));
  for (let i = 0; i < pixels.length; i++) if (inside[i] === 0) pixels[i] = 0x123456;
}

/** A sub-surface of one colour over the painter. */
class Patch {
  place: Rectangle = [0, 0, 0, 0];
  #shown: { surface: WlSurfaceProxy; part: WlSubsurfaceProxy } | undefined;
  readonly #subcompositor: WlSubcompositorProxy;

  constructor(
    readonly painter: Painter,
    readonly colour: number,
  ) {
    this.#subcompositor = painter.client.globals.bind(WlSubcompositorProxy, 1)!;
  }

  get shown(): boolean {
    return this.#shown !== undefined;
  }

  show(place: Rectangle): void {
    const { client } = this.painter;
    if (!this.#shown) {
      const surface = client.surface();
      this.#shown = { surface, part: this.#subcompositor.getSubsurface(surface, this.painter.surface) };
      this.#shown.part.setDesync();
    }
    this.#shown.part.setPosition(place[0], place[1]);
    client.attach(this.#shown.surface, place[2], place[3], this.colour);
    this.#shown.surface.commit();
    this.painter.surface.commit();
    this.place = place;
  }

  hide(): void {
    this.#shown?.part.destroy();
    this.#shown?.surface.destroy();
    this.#shown = undefined;
    this.painter.surface.commit();
  }
}

function expected(painter: Painter, patch: Patch): Uint32Array {
  const picture = painter.seen.slice();
  if (patch.shown) {
    const [x, y, w, h] = patch.place;
    for (let row = y; row < Math.min(height, y + h); row++)
      picture.fill(patch.colour, row * width + x, row * width + Math.min(width, x + w));
  }
  return picture;
}

/** The first pixel that is another one than expected, in words. */
function difference(picture: Uint32Array, wanted: Uint32Array): string | undefined {
  const at = picture.findIndex((colour, i) => (colour & 0xffffff) !== (wanted[i]! & 0xffffff));
  if (at < 0) return undefined;
  const [is, should] = [picture, wanted].map((of) => (of[at]! & 0xffffff).toString(16));
  return `(${at % width}, ${Math.floor(at / width)}) is ${is} and not ${should}`;
}

const side = (length: number) => fc.integer({ min: 0, max: length - 1 });
const rectangle: fc.Arbitrary<Rectangle> = fc
  .tuple(side(width), side(height), side(width), side(height))
  .map(([x, y, w, h]) => [x, y, w + 1, h + 1] as const);
/** A window that is larger than the screen would be scaled. */
const inside = rectangle.map(
  ([x, y, w, h]) => [x, y, Math.min(w, width - x), Math.min(h, height - y)] as const,
);
const steps = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        what: fc.constant('paint' as const),
        rectangles: fc.array(rectangle, { minLength: 0, maxLength: 4 }),
        colour: fc.integer({ min: 0, max: 0xffffff }),
        bufferDamage: fc.boolean(),
        /** In the other format; the next ones again. */
        other: fc.integer({ min: 0, max: 9 }).map((of) => of === 0),
        seals: fc.constantFrom<Seal[]>(['shrink'], ['shrink'], ['shrink', 'write']),
      }),
    },
    { weight: 5, arbitrary: fc.record({ what: fc.constant('flip' as const) }) },
    { weight: 4, arbitrary: fc.record({ what: fc.constant('turn' as const) }) },
    { weight: 2, arbitrary: fc.record({ what: fc.constant('patch' as const), place: inside }) },
    { weight: 2, arbitrary: fc.record({ what: fc.constant('unpatch' as const) }) },
    { weight: 1, arbitrary: fc.record({ what: fc.constant('switch' as const) }) },
    { weight: 1, arbitrary: fc.record({ what: fc.constant('rescale' as const) }) },
    { weight: 2, arbitrary: fc.record({ what: fc.constant('capture' as const) }) },
  ),
  { minLength: 8, maxLength: 40 },
);

test.each([
  ['in this thread', undefined],
  ['in another one', 0],
] as const)(
  'what is copied straight to the screen looks as what is composed %s, whatever comes between',
  async (_, drawApartFrom) => {
    let direct = 0;
    let kept = 0;
    let lent = 0;
    await fc.assert(
      fc.asyncProperty(steps, async (list) => {
        using desk = new Desk([], drawApartFrom === undefined ? {} : { drawApartFrom });
        const session = desk.session();
        const other = desk.session('other');
        desk.compositor.outputs.first.expect(mode);
        using monitor = new SlowMonitor(desk);
        monitor.show(session);
        const painter = await Painter.create(desk, session, 0xff0000);
        const bystander = await Painter.create(desk, other, 0x00ff00);
        const patch = new Patch(painter, 0xff0000ff);
        for (const step of list) {
          if (step.what === 'paint') {
            painter.paint(
              step.rectangles,
              0xff000000 | step.colour,
              step.bufferDamage,
              step.other,
              step.seals,
            );
            await painter.client.roundtrip();
            if (painter.content.pixels!.lent) lent++;
            else if (painter.content.pixels!.direct) direct++;
            else kept++;
          } else if (step.what === 'flip') monitor.flip();
          else if (step.what === 'turn') await turn();
          else if (step.what === 'patch') patch.show(step.place);
          else if (step.what === 'unpatch') patch.hide();
          else if (step.what === 'switch') {
            monitor.show(other);
            await monitor.settle();
            expect(difference(monitor.screen, bystander.seen)).toBeUndefined();
            monitor.show(session);
          } else if (step.what === 'rescale') {
            monitor.setScale(240);
            await monitor.settle();
            monitor.setScale(120);
          } else {
            await painter.client.roundtrip();
            const picture = new Uint32Array(width * height);
            const output = desk.compositor.outputs.first;
            if (output.scale === 1) {
              output.compose(new Uint8Array(picture.buffer), width * 4, session.windows);
              expect(difference(picture, expected(painter, patch))).toBeUndefined();
            }
          }
          monitor.check();
        }
        await painter.client.roundtrip();
        await monitor.settle();
        expect(difference(monitor.screen, expected(painter, patch))).toBeUndefined();
        await painter.client.roundtrip();
        expect(painter.held).toBe(painter.content.pixels!.lent ? 1 : 0);
      }),
      { numRuns: 40 },
    );
    // All ways were gone, in some number.
    expect(direct).toBeGreaterThan(0);
    expect(kept).toBeGreaterThan(0);
    expect(lent).toBeGreaterThan(0);
  },
);

test('what was committed while something lay over it is in the frame that the next commit is copied to', async () => {
  using desk = new Desk();
  const session = desk.session();
  desk.compositor.outputs.first.expect(mode);
  using monitor = new SlowMonitor(desk);
  monitor.show(session);
  const painter = await Painter.create(desk, session, 0xff0000);
  const patch = new Patch(painter, 0xff0000ff);
  await monitor.settle();
  // The second while the first is on its way: from then on there are three buffers.
  for (const colour of [0x00ff00, 0x00ffff]) {
    painter.paint([[0, 0, 4, 4]], colour, true);
    await painter.client.roundtrip();
    for (let i = 0; i < 4; i++) await turn();
  }
  monitor.flip();
  for (let i = 0; i < 4; i++) await turn();
  patch.show([8, 8, 4, 4]);
  painter.paint([[40, 40, 20, 20]], 0x0000ff, true);
  await painter.client.roundtrip();
  expect(painter.content.pixels!.direct).toBe(false);
  patch.hide();
  await painter.client.roundtrip();
  painter.paint([[70, 70, 4, 4]], 0xffff00, true);
  await painter.client.roundtrip();
  expect(painter.content.pixels!.direct).toBe(true);
  await monitor.settle();
  expect(difference(monitor.screen, painter.seen)).toBeUndefined();
});

test('a surface that is shown directly has no copy of its own, and takes it back when its screen is lost', async () => {
  using desk = new Desk();
  const [session, other] = [desk.session(), desk.session('other')];
  desk.compositor.outputs.first.expect(mode);
  using monitor = new SlowMonitor(desk);
  monitor.show(session);
  const painter = await Painter.create(desk, session, 0xff0000);
  await monitor.settle();
  painter.paint([[0, 0, 4, 4]], 0x00ff00, true);
  await painter.client.roundtrip();
  const pixels = painter.content.pixels!;
  expect(pixels.direct).toBe(true);
  const { bytes } = pixels;
  monitor.show(other);
  await monitor.settle();
  expect(pixels.direct).toBe(false);
  expect(pixels.bytes).not.toBe(bytes);
  expect(difference(new Uint32Array(pixels.bytes.buffer), painter.seen)).toBeUndefined();
  painter.client.connection.disconnect();
  while (desk.compositor.display.clients.size > 0) await turn();
  expect(pixels.bytes.length).toBe(0);
});

test.each([
  { scale: 240, units: [48, 40] },
  { scale: 150, units: [77, 64] },
] as const)(
  'a surface that draws at the screen’s scale, $scale 120ths, is copied once, pixel by pixel',
  async ({ scale, units }) => {
    using desk = new Desk();
    const session = desk.session();
    desk.compositor.outputs.first.expect({ ...mode, scale });
    using monitor = new SlowMonitor(desk);
    monitor.setScale(scale);
    monitor.show(session);
    const painter = await Painter.create(desk, session, 0xff0000);
    painter.client.globals
      .bind(WpViewporterProxy, 1)!
      .getViewport(painter.surface)
      .setDestination(units[0], units[1]);
    painter.paint([[0, 0, width, height]], 0x123456, true, true);
    await painter.client.roundtrip();
    await monitor.settle();
    for (const [x, y] of [
      [0, 0],
      [31, 17],
      [width - 5, height - 3],
    ] as const) {
      painter.paint([[x, y, 5, 3]], 0x00ff00 + x, true);
      await painter.client.roundtrip();
      expect(painter.content.pixels!.direct).toBe(true);
      await monitor.settle();
      expect(difference(monitor.screen, painter.seen)).toBeUndefined();
    }
  },
);

const all: Rectangle = [0, 0, width, height];

/** A painter in front, direct already. */
async function inFront(): Promise<{ desk: Desk; monitor: SlowMonitor; painter: Painter } & Disposable> {
  const desk = new Desk();
  const session = desk.session();
  desk.compositor.outputs.first.expect(mode);
  const monitor = new SlowMonitor(desk);
  monitor.show(session);
  const painter = await Painter.create(desk, session, 0xff0000);
  await monitor.settle();
  painter.paint([[0, 0, 4, 4]], 0x00ff00, true);
  await painter.client.roundtrip();
  await monitor.settle();
  const dispose = (): void => {
    monitor[Symbol.dispose]();
    desk[Symbol.dispose]();
  };
  return { desk, monitor, painter, [Symbol.dispose]: dispose };
}

test('a buffer that nobody can write any more is shown itself, and released when the monitor shows another', async () => {
  using front = await inFront();
  const { monitor, painter } = front;
  expect(painter.held).toBe(0);
  painter.paint([all], 0x0000ff, true, false, ['shrink', 'write']);
  await painter.client.roundtrip();
  await monitor.settle();
  expect(monitor.stride).toBe(stride);
  expect(difference(monitor.screen, painter.seen)).toBeUndefined();
  expect(painter.held).toBe(1);
  painter.paint([[10, 10, 20, 20]], 0xffff00, true, false, ['shrink', 'write']);
  await painter.client.roundtrip();
  for (let i = 0; i < 4; i++) await turn();
  // The one is shown, the other is on its way.
  expect(painter.held).toBe(2);
  await monitor.settle();
  await painter.client.roundtrip();
  expect(painter.held).toBe(1);
  painter.paint([[30, 30, 4, 4]], 0xffffff, true);
  await painter.client.roundtrip();
  await monitor.settle();
  await painter.client.roundtrip();
  expect(monitor.stride).toBe(width * 4);
  expect(painter.held).toBe(0);
  expect(difference(monitor.screen, painter.seen)).toBeUndefined();
});

test('a buffer that somebody may still write is copied', async () => {
  using front = await inFront();
  const { monitor, painter } = front;
  for (const seals of [['shrink', 'future-write'], ['write'], ['shrink', 'grow']] as Seal[][]) {
    painter.paint([all], 0x0000ff, true, false, seals);
    await painter.client.roundtrip();
    await monitor.settle();
    await painter.client.roundtrip();
    // We add the seal against shrinking where it can be added.
    const shown = seals.includes('write');
    expect([seals, painter.held]).toEqual([seals, shown ? 1 : 0]);
  }
});

test('lent buffers are given back when the client ends, though they are shown', async () => {
  using front = await inFront();
  const { desk, monitor, painter } = front;
  painter.paint([all], 0x0000ff, true, false, ['shrink', 'write']);
  await painter.client.roundtrip();
  await monitor.settle();
  const mappings = (): number => readFileSync('/proc/self/maps', 'utf8').split('memfd:painter').length - 1;
  expect(mappings()).toBeGreaterThan(0);
  painter.client.connection.disconnect();
  while (desk.compositor.display.clients.size > 0) await turn();
  await monitor.settle();
  await monitor.settle();
  expect(mappings()).toBe(0);
});
