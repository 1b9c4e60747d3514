import { readdirSync } from 'node:fs';
import { addSeals, createMemfd, Fd, Socket, sealedMemfd, truncate } from '@switchyard/sys';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import type { CursorName } from './CursorShape.js';
import {
  attachMessage,
  cursorMessage,
  damageRectangle,
  detachMessage,
  FOURCC,
  MONITOR,
  MONITOR_BUFFERS_MAX,
  MONITOR_PACKET_MAX,
  presentMessage,
} from './Monitor.js';
import { MonitorBuffer } from './MonitorBuffer.js';
import type { AttachedBuffer } from './MonitorChannel.js';
import { MonitorProvider } from './MonitorProvider.js';
import { MonitorSession } from './MonitorSession.js';

const mode = { width: 64, height: 48, refresh: 60_000, scale: 120 };
const open: Disposable[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one[Symbol.dispose]();
});

/** A provider whose callbacks wait for the test to look at them. */
class Screen {
  readonly frames: { first: number; damage: number[] }[] = [];
  readonly cursors: (string | number[])[] = [];
  wrong: string | undefined;
  flips = true;
  #wake: (() => void)[] = [];
  readonly provider = new MonitorProvider(mode, {
    present: (buffer, damage, count) => {
      this.frames.push({ first: buffer.bytes[0]!, damage: [...damage.subarray(0, 4 * count)] });
      if (this.flips) this.provider.flipDone();
      this.#happened();
    },
    cursor: (image: AttachedBuffer | CursorName, hotX, hotY) => {
      this.cursors.push(typeof image === 'string' ? image : [image.width, image.bytes[0]!, hotX, hotY]);
      this.#happened();
    },
    session: () => this.#happened(),
    wrong: (_session, reason) => {
      this.wrong = reason;
    },
  });

  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>((resolve) => this.#wake.push(resolve));
  }
  #happened(): void {
    for (const wake of this.#wake.splice(0)) wake();
  }
}

function session(screen: Screen, id = 'c1') {
  const [ours, theirs] = Socket.pair('seqpacket');
  screen.provider.openChannel(id, theirs.fd);
  const modes: number[] = [];
  let closed = () => {};
  let flip = (_sequence: number) => {};
  let modeKnown = () => {};
  const monitor = new MonitorSession(ours.fd, {
    mode: ({ width }) => {
      modes.push(width);
      modeKnown();
    },
    flipDone: (sequence) => flip(sequence),
    closed: () => closed(),
  });
  open.push(monitor, screen.provider);
  return {
    monitor,
    modes,
    ready: () =>
      new Promise<void>((resolve) => {
        if (modes.length > 0) resolve();
        else modeKnown = resolve;
      }),
    nextMode: () => new Promise<void>((resolve) => (modeKnown = resolve)),
    nextFlip: () => new Promise<number>((resolve) => (flip = resolve)),
    end: () => new Promise<void>((resolve) => (closed = resolve)),
  };
}

describe('a monitor', () => {
  test('tells its mode first, shows frames with their damage, and says when they are shown', async () => {
    const screen = new Screen();
    const { monitor, modes, ready, nextFlip } = session(screen);
    await ready();
    expect(modes).toEqual([64]);
    using a = MonitorBuffer.create(64, 48);
    using b = MonitorBuffer.create(64, 48);
    const [idA, idB] = [monitor.attach(a), monitor.attach(b)];
    a.bytes.fill(7);
    b.bytes.fill(9);
    let flip = nextFlip();
    expect(monitor.present(idA, new Int32Array(0), 0)).toBe(1);
    expect(() => monitor.present(idB, new Int32Array(0), 0)).toThrow(/outstanding/);
    expect(await flip).toBe(1);
    flip = nextFlip();
    // Clipped to the buffer; what lies outside is left out.
    monitor.present(idB, Int32Array.of(-4, 2, 10, 10, 60, 40, 100, 100, 70, 0, 5, 5), 3);
    expect(await flip).toBe(2);
    expect(screen.frames).toEqual([
      { first: 7, damage: [0, 0, 64, 48] },
      { first: 9, damage: [0, 2, 6, 10, 60, 40, 4, 8] },
    ]);
  });

  test('gets more than 64 damage rectangles as their bounding box', async () => {
    const screen = new Screen();
    const { monitor, ready, nextFlip } = session(screen);
    await ready();
    using buffer = MonitorBuffer.create(64, 48);
    const damage = new Int32Array(4 * 100);
    for (let i = 0; i < 100; i++) damage.set([i % 50, (i * 7) % 40, 1, 2], 4 * i);
    const flip = nextFlip();
    monitor.present(monitor.attach(buffer), damage, 100);
    await flip;
    expect(screen.frames[0]!.damage).toEqual([0, 0, 50, 41]);
  });

  test('takes a cursor’s picture at once, so that its buffer can go', async () => {
    const screen = new Screen();
    const { monitor, ready } = session(screen);
    await ready();
    for (let i = 0; i < 20; i++) {
      monitor.setCursor({ width: 8, height: 8, pixels: new Uint8Array(256).fill(i), hotX: 1, hotY: 2 });
    }
    monitor.setCursor('hidden');
    monitor.setCursor('default');
    monitor.setCursor('zoom-out');
    await screen.until(() => screen.cursors.length === 23);
    expect(screen.cursors[19]).toEqual([8, 19, 1, 2]);
    expect(screen.cursors.slice(20)).toEqual(['hidden', 'default', 'zoom-out']);
    expect(screen.wrong).toBeUndefined();
  });

  test('tells a new mode', async () => {
    const screen = new Screen();
    const { modes, ready, nextMode } = session(screen);
    await ready();
    const changed = nextMode();
    screen.provider.setMode({ ...mode, width: 100 });
    await changed;
    expect(modes).toEqual([64, 100]);
    expect(() => screen.provider.setMode({ ...mode, width: 9000 })).toThrow(/1…8192/);
  });

  test('belongs to the newest session; a frame that the older had under way is void', async () => {
    const screen = new Screen();
    const older = session(screen, 'c1');
    await older.ready();
    const end = older.end();
    using buffer = MonitorBuffer.create(64, 48);
    older.monitor.present(older.monitor.attach(buffer), new Int32Array(0), 0);
    const newer = session(screen, 'c2');
    await end;
    await newer.ready();
    expect(screen.provider.session).toBe('c2');
    expect(screen.frames).toEqual([]);
    expect(older.monitor.present(1, new Int32Array(0), 0)).toBe(-1);
  });

  test('keeps only the newest of what a session does not read', async () => {
    const screen = new Screen();
    const [ours, theirs] = Socket.pair('seqpacket');
    open.push(ours, screen.provider);
    screen.provider.openChannel('c1', theirs.fd);
    for (let width = 1; width <= 5000; width++) screen.provider.setMode({ ...mode, width });
    const seen: number[] = [];
    await new Promise<void>((resolve) => {
      new MonitorSession(ours.fd, {
        mode: ({ width }) => {
          seen.push(width);
          if (width === 5000) resolve();
        },
        flipDone: () => {},
        closed: () => {},
      });
    });
    expect(seen.length).toBeLessThan(5000);
  });
});

type Packet = { bytes: Uint8Array; fds?: () => Fd[] };
const good = () => sealedMemfd('test', new Uint8Array(64 * 4 * 48));

function attach(
  values: Partial<Record<keyof typeof attachMessage.fields, number>>,
  fd: () => Fd = good,
): Packet {
  const bytes = new Uint8Array(attachMessage.size);
  attachMessage.write(new DataView(bytes.buffer), 0, {
    type: MONITOR.ATTACH,
    buffer: 1,
    width: 64,
    height: 48,
    stride: 256,
    fourcc: FOURCC.XR24,
    size: 256 * 48,
    ...values,
  });
  return { bytes, fds: () => [fd()] };
}
function present(buffer = 1, rectangles = 0, sent = rectangles): Packet {
  const bytes = new Uint8Array(presentMessage.size + sent * damageRectangle.size);
  presentMessage.write(new DataView(bytes.buffer), 0, {
    type: MONITOR.PRESENT,
    buffer,
    sequence: 1,
    rectangles,
  });
  return { bytes };
}
function detach(buffer: number): Packet {
  const bytes = new Uint8Array(detachMessage.size);
  detachMessage.write(new DataView(bytes.buffer), 0, { type: MONITOR.DETACH, buffer });
  return { bytes };
}
function cursor(buffer: number): Packet {
  const bytes = new Uint8Array(cursorMessage.size);
  cursorMessage.write(new DataView(bytes.buffer), 0, { type: MONITOR.CURSOR, buffer });
  return { bytes };
}
const unsealed = () => createMemfd('test', { size: 256 * 48 });
const short = () => {
  const fd = createMemfd('test', { size: 256 * 48 - 1 });
  addSeals(fd, ['shrink']);
  return fd;
};

const wrongs: [string, Packet[], RegExp][] = [
  ['a memfd that can shrink', [attach({}, unsealed)], /not sealed/],
  ['a memfd that is too small', [attach({}, short)], /smaller/],
  [
    'a file that is no memfd',
    [attach({ width: 1, height: 1, stride: 4, size: 4 }, () => Fd.open('/proc/self/exe', 0))],
    /SEAL/,
  ],
  ['a size of 0', [attach({ width: 0 })], /not within/],
  ['a size above 8192', [attach({ height: 8193 })], /not within/],
  ['a stride below the width', [attach({ stride: 252 })], /stride/],
  ['a stride that overflows', [attach({ stride: 0xfffffffc })], /stride/],
  ['a format of its own', [attach({ fourcc: 1 })], /format/],
  ['the id of "hidden"', [attach({ buffer: 0 })], /reserved/],
  ['an id twice', [attach({}), attach({})], /exists/],
  [
    'a ninth buffer',
    Array.from({ length: MONITOR_BUFFERS_MAX + 1 }, (_, i) => attach({ buffer: i + 1 })),
    /more than 8/,
  ],
  ['no fd with attach', [{ bytes: attach({}).bytes }], /one memfd/],
  ['two fds with attach', [{ bytes: attach({}).bytes, fds: () => [good(), good()] }], /one memfd/],
  ['an fd with detach', [attach({}), { ...detach(1), fds: () => [good()] }], /where none belong/],
  ['the detach of nothing', [detach(3)], /no buffer 3/],
  ['the present of nothing', [present(5)], /no such buffer/],
  ['the present of a cursor', [attach({ fourcc: FOURCC.AR24 }), present()], /XR24/],
  ['a second present', [attach({}), present(), present()], /outstanding/],
  ['fewer rectangles than said', [attach({}), present(1, 3, 2)], /do not hold/],
  ['65 rectangles', [attach({}), present(1, 65, 64)], /do not hold/],
  ['more rectangles than there can be', [attach({}), present(1, 0xffffffff, 0)], /do not hold/],
  ['the cursor of a frame', [attach({}), cursor(1)], /AR24/],
  [
    'a cursor of 257 pixels',
    [attach({ fourcc: FOURCC.AR24, width: 257, height: 1, stride: 1028, size: 1028 }), cursor(1)],
    /larger/,
  ],
  ['a provider’s message', [{ bytes: Uint8Array.of(MONITOR.MODE, 0, 0, 0) }], /unknown type 1/],
  ['an empty type', [{ bytes: Uint8Array.of(3) }], /unknown type 0/],
  ['a message with a tail', [{ bytes: new Uint8Array([...detach(1).bytes, 0]) }], /has 8/],
  ['a packet without end', [{ bytes: new Uint8Array(MONITOR_PACKET_MAX + 1) }], /longer/],
];

describe('a session is thrown off the monitor for', () => {
  test.each(wrongs)('%s', async (_what, packets, reason) => {
    const screen = new Screen();
    screen.flips = false;
    const [ours, theirs] = Socket.pair('seqpacket');
    open.push(ours, screen.provider);
    screen.provider.openChannel('c1', theirs.fd);
    for (const { bytes, fds } of packets) ours.send(bytes, fds?.());
    await screen.until(() => screen.provider.session === undefined);
    expect(screen.wrong).toMatch(reason);
    const packet = new Uint8Array(64);
    expect(ours.receive(packet)).toBeGreaterThan(0); // the mode
    expect(ours.receive(packet)).toBe(0);
    // And the next one is served.
    const next = session(screen, 'c2');
    await next.ready();
  });
});

test('a buffer that is attached cannot be truncated', () => {
  using buffer = MonitorBuffer.create(8, 8);
  expect(() => truncate(buffer.fd, 0)).toThrow(/EPERM/);
});

test('no stream of packets and fds breaks the provider or leaks an fd', async () => {
  const word = fc.oneof(
    fc.nat({ max: 9 }),
    fc.constantFrom(64, 256, 0xffffffff, ...Object.values(FOURCC)),
    fc.nat(),
  );
  const packet = fc.record({
    words: fc.array(word, { minLength: 1, maxLength: 24 }),
    fds: fc.array(
      fc.constantFrom(good, unsealed, short, () => Fd.open('/dev/null', 0)),
      { maxLength: 3 },
    ),
  });
  const valid = fc.constantFrom(attach({}), detach(1), present(), cursor(0));
  const before = readdirSync('/proc/self/fd').length;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(packet, valid), { maxLength: 12 }), async (packets) => {
      const screen = new Screen();
      const [ours, theirs] = Socket.pair('seqpacket');
      screen.provider.openChannel('c1', theirs.fd);
      for (const one of packets) {
        const bytes = 'bytes' in one ? one.bytes : new Uint8Array(Uint32Array.from(one.words).buffer);
        const fds = 'bytes' in one ? (one.fds?.() ?? []) : one.fds.map((make) => make());
        try {
          ours.send(bytes, fds);
        } catch {
          for (const fd of fds) fd.close();
          break;
        }
      }
      ours.close();
      await screen.until(() => screen.provider.session === undefined);
    }),
    { numRuns: 300 },
  );
  expect(readdirSync('/proc/self/fd').length).toBe(before);
});
