/**
 * Runs in a VM: what libs/drm does to real cards, step by step. A line on stdin names what to play, the next ones each go a step
 * on; each step answers with a line of JSON that says what was seen.
 */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import {
  Card,
  type CardEvent,
  type Connector,
  type Crtc,
  Framebuffer,
  type Mode,
  type PixelBuffer,
  VirtioGpuBuffer,
} from '@switchyard/drm';
import { Fd, SystemError } from '@switchyard/sys';
import { DRM_FORMAT } from '@switchyard/uapi/tables';

const red = 0xff3030;
const green = 0x30ff30;
const blue = 0x3030ff;
const alice = 1000;

function openCard(driver: string): Card {
  const names = readdirSync('/dev/dri').filter((name) => name.startsWith('card'));
  for (const name of names) {
    const card = Card.open(`/dev/dri/${name}`);
    if (card.driver.name === driver) return card;
    card.close();
  }
  throw new Error(`no card of ${driver} among ${names}`);
}

/** The errno of what fails; "" of what does not. */
function errorOf(work: () => unknown): string {
  try {
    work();
    return '';
  } catch (error) {
    if (error instanceof SystemError) return error.code;
    throw error;
  }
}

interface Head {
  connector: Connector;
  crtc: Crtc;
  mode: Mode;
}

function headOf(card: Card, which: string | number = 0): Head {
  const resources = card.resources({ probe: true });
  const connector = typeof which === 'number' ? resources.connectors[which]! : resources.connector(which)!;
  const mode = connector.preferredMode;
  if (!mode) throw new Error(`${connector.name} has no mode`);
  return { connector, crtc: resources.assignCrtcs([connector])!.get(connector)!, mode };
}

/** A picture of one colour, of the mode's size. */
function picture(card: Card, { mode }: Head, colour: number): Framebuffer {
  using buffer = card.createDumbBuffer(mode.width, mode.height);
  buffer.fill(colour);
  return Framebuffer.create(buffer);
}

type Steps = AsyncGenerator<unknown, void>;

async function* modes(): Steps {
  using card = openCard('virtio_gpu');
  const { driver, capabilities, isMaster, renderNode } = card;
  const head = headOf(card);
  const { connector, crtc, mode } = head;
  using first = picture(card, head, red);
  using second = picture(card, head, blue);
  crtc.show(first, mode, [connector]);
  const { framebuffer, mode: shown } = crtc.state;
  yield {
    driver: driver.name,
    prime: capabilities.prime,
    isMaster,
    renderNode,
    name: connector.name,
    monitor: connector.edid?.name,
    mode: String(mode),
    inPlace: framebuffer === first.id && shown?.equals(mode),
  };
  // A picture's own change: the driver keeps a copy, which it has to be told.
  using buffer = card.createDumbBuffer(mode.width, mode.height);
  using third = Framebuffer.create(buffer);
  crtc.show(third, mode, [connector]);
  buffer.fill(green);
  third.dirty([{ x1: 0, y1: 0, x2: mode.width / 2, y2: mode.height }]);
  yield {};
  using other = Card.open(card.fd.what);
  const stranger = headOf(other);
  using foreign = picture(other, stranger, red);
  yield {
    strangerIsMaster: other.isMaster,
    strangersShow: errorOf(() => stranger.crtc.show(foreign, mode, [connector])),
    strangersMaster: errorOf(() => other.setMaster()),
  };
  card.dropMaster();
  other.setMaster();
  stranger.crtc.show(foreign, mode, [connector]);
  yield { flipOfOld: errorOf(() => crtc.flip(second)) };
  other.dropMaster();
  card.setMaster();
  crtc.off();
  yield { off: crtc.state.mode === undefined };
}

async function* flips(): Steps {
  using card = openCard('virtio_gpu');
  const head = headOf(card);
  using first = picture(card, head, red);
  using second = picture(card, head, blue);
  head.crtc.show(first, head.mode, [head.connector]);
  const seen: CardEvent[] = [];
  const count = 100;
  await new Promise<void>((resolve) => {
    const watch = card.watch({
      flipped(event) {
        seen.push({ ...event });
        if (seen.length < count) return head.crtc.flip(seen.length % 2 ? first : second, seen.length + 1);
        watch.close();
        resolve();
      },
    });
    head.crtc.flip(second, 1);
  });
  yield {
    count: seen.length,
    inOrder: seen.every(({ userData }, at) => userData === at + 1),
    ofCrtc: seen.every(({ crtc }) => crtc === head.crtc.id),
    timesRise: seen.every(({ time }, at) => at === 0 || time >= seen[at - 1]!.time),
    soon: Math.abs(seen.at(-1)!.time / 1e6 - monotonicSeconds()) < 60,
  };
}

/** CLOCK_MONOTONIC's. */
const monotonicSeconds = (): number => Number(process.hrtime.bigint()) / 1e9;

async function* atomic(): Steps {
  using card = openCard('virtio_gpu');
  card.enable('atomic');
  const head = headOf(card);
  const resources = card.resources();
  const [primary] = resources.planesFor(head.crtc, 'primary');
  const [cursor] = resources.planesFor(head.crtc, 'cursor');
  using framebuffer = picture(card, head, green);
  using blob = head.mode.blob(card);
  const commit = card.atomic().turnOn(head.crtc, blob, head.connector).show(primary!, head.crtc, framebuffer);
  head.crtc.off();
  const withoutModeset = errorOf(() => commit.test());
  commit.test({ modeset: true });
  const event = new Promise<number>((resolve) => {
    const watch = card.watch({
      flipped: ({ userData }) => {
        watch.close();
        resolve(userData);
      },
    });
  });
  commit.commit({ modeset: true, nonblocking: true, event: true, userData: 77 });
  yield {
    withoutModeset,
    event: await event,
    formats: primary!.formats.includes(DRM_FORMAT.XRGB8888),
    type: primary!.properties.enumValue('type'),
    active: head.crtc.properties.value('ACTIVE') === 1n,
    noSuchProperty: throws(() => commit.set(head.crtc, 'BRIGHTNESS', 1)),
    tooLarge: errorOf(() =>
      card
        .atomic()
        .show(primary!, head.crtc, framebuffer, { x: 0, y: 0, width: head.mode.width * 2, height: 1 })
        .commit(),
    ),
  };
  // The cursor is a plane like any other here.
  using pointer = card.createDumbBuffer(64, 64);
  pointer.fill(0xff000000 | red);
  using picture64 = Framebuffer.create(pointer, DRM_FORMAT.ARGB8888);
  card.atomic().show(cursor!, head.crtc, picture64, { x: 100, y: 100, width: 64, height: 64 }).commit();
  yield {};
  card.atomic().turnOff(head.crtc, [head.connector], [primary!, cursor!]).commit({ modeset: true });
  yield { off: head.crtc.state.mode === undefined };
}

function throws(work: () => unknown): string {
  try {
    work();
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

async function* leases(): Steps {
  using card = openCard('virtio_gpu');
  const heads = [headOf(card, 0), headOf(card, 1)];
  using first = card.lease([heads[0]!.crtc.id, heads[0]!.connector.id]);
  using second = card.lease([heads[1]!.crtc.id, heads[1]!.connector.id]);
  // A process of a user without any right to the card.
  using end = first.open();
  const lessee = spawn(
    process.execPath,
    [fileURLToPath(import.meta.url), 'lessee', String(heads[1]!.crtc.id)],
    {
      stdio: ['pipe', 'pipe', 'inherit', end.number],
    },
  );
  const answers = createInterface(lessee.stdout!)[Symbol.asyncIterator]();
  const ask = async (what: string): Promise<unknown> => {
    lessee.stdin!.write(`${what}\n`);
    return JSON.parse((await answers.next()).value);
  };
  using mine = new Card(second.open());
  const head = headOf(mine);
  using framebuffer = picture(mine, head, blue);
  head.crtc.show(framebuffer, head.mode, [head.connector]);
  const flips = (): string => errorOf(() => head.crtc.flip(framebuffer));
  yield {
    lessee: await ask('show'),
    lessees: card.lessees().length,
    numbers: [first.lessee, second.lessee],
    twice: errorOf(() => card.lease([heads[0]!.crtc.id, heads[0]!.connector.id])),
    leaseOfLease: errorOf(() => mine.lease([head.crtc.id])),
    nothingOfLease: errorOf(() => mine.lease([])),
    masterOfLease: [errorOf(() => mine.dropMaster()), errorOf(() => mine.setMaster())],
    names: mine.resources().connectors.map(({ name }) => name),
  };
  card.dropMaster();
  const paused = [await ask('flip'), flips(), mine.isMaster, errorOf(() => mine.setMaster())];
  card.setMaster();
  yield { paused, resumed: [await ask('flip'), flips(), mine.isMaster] };
  first.revoke();
  yield {
    revoked: await ask('flip'),
    objects: await ask('objects'),
    other: errorOf(() => head.crtc.show(framebuffer, head.mode, [head.connector])),
    lessees: card.lessees().length,
  };
  // Its process lives and has its buffers mapped, and yet its objects are free.
  using third = card.lease([heads[0]!.crtc.id, heads[0]!.connector.id]);
  using again = new Card(third.open());
  const newHead = headOf(again);
  using green64 = picture(again, newHead, green);
  newHead.crtc.show(green64, newHead.mode, [newHead.connector]);
  yield { still: await ask('flip'), new: newHead.connector.name };
  lessee.stdin!.end();
  await new Promise((resolve) => lessee.once('exit', resolve));
}

/** The other process: fd 3 is its lease. */
async function lessee(foreignCrtc: number): Promise<void> {
  // Not before, since others cannot read root's checkout.
  process.setgroups!([]);
  process.setgid!(alice);
  process.setuid!(alice);
  const card = new Card(Fd.adopt(3, 'lease'));
  const head = headOf(card);
  const framebuffer = picture(card, head, red);
  const foreign = card.calls.modes;
  const plays: Record<string, () => unknown> = {
    show: () => {
      head.crtc.show(framebuffer, head.mode, [head.connector]);
      return {
        uid: process.getuid!(),
        connectors: card.resources().connectors.map(({ name }) => name),
        foreign: errorOf(() => foreign.setCrtc(foreignCrtc)),
        master: errorOf(() => card.dropMaster()),
        isMaster: card.isMaster,
      };
    },
    flip: () => errorOf(() => head.crtc.flip(framebuffer)),
    objects: () => card.leasedObjects().length,
  };
  for await (const line of createInterface(process.stdin)) console.log(JSON.stringify(plays[line]!()));
}

async function* buffers(): Steps {
  using virtio = openCard('virtio_gpu');
  using cirrus = openCard('cirrus');
  using render = Card.open(virtio.renderNode!);
  const refused = {
    dumb: errorOf(() => render.createDumbBuffer(64, 64)),
    resources: errorOf(() => render.resources()),
    master: errorOf(() => render.setMaster()),
  };
  const target = headOf(cirrus);
  using scanOut = picture(cirrus, target, 0);
  target.crtc.show(scanOut, target.mode, [target.connector]);
  // From one card to the other.
  const show = (card: Card, head: Head, buffer: PixelBuffer): Framebuffer => {
    using dmaBuf = buffer.export();
    using imported = card.importBuffer(dmaBuf, buffer);
    const framebuffer = Framebuffer.create(imported);
    head.crtc.show(framebuffer, head.mode, [head.connector]);
    framebuffer.dirty();
    return framebuffer;
  };
  {
    using source = virtio.createDumbBuffer(target.mode.width, target.mode.height);
    source.fill(blue);
    using _shown = show(cirrus, target, source);
    yield { refused, mode: String(target.mode) };
    target.crtc.show(scanOut, target.mode, [target.connector]);
  }
  // A program that may show nothing draws; each card shows it.
  const head = headOf(virtio);
  using drawn = VirtioGpuBuffer.create(render, head.mode.width, head.mode.height);
  new Uint32Array(drawn.bytes.buffer).fill(green);
  drawn.flush();
  using _own = show(virtio, head, drawn);
  using smaller = VirtioGpuBuffer.create(render, target.mode.width, target.mode.height);
  new Uint32Array(smaller.bytes.buffer).fill(red);
  using _others = show(cirrus, target, smaller);
  // The same memory again is the same handle, which is closed once.
  using dmaBuf = drawn.export();
  const one = virtio.importBuffer(dmaBuf, drawn);
  const two = virtio.importBuffer(dmaBuf, drawn);
  const same = one.handle === two.handle;
  one[Symbol.dispose]();
  const stillThere = errorOf(() => Framebuffer.create(two)[Symbol.dispose]());
  two[Symbol.dispose]();
  using foreign = cirrus.createDumbBuffer(64, 64);
  using exported = foreign.export();
  yield {
    same,
    stillThere,
    intoVirtio: errorOf(() => virtio.importBuffer(exported, foreign)),
    wrongDriver: throws(() => VirtioGpuBuffer.create(cirrus, 64, 64)),
  };
}

async function* hotplug(): Steps {
  using card = openCard('virtio_gpu');
  let resources = card.resources({ probe: true });
  const look = (): unknown => {
    const { now, difference } = resources.refresh({ probe: true });
    resources = now;
    const names = (list: readonly Connector[]): string[] =>
      list.map(({ name, preferredMode: mode }) => (mode ? `${name} ${mode.width}x${mode.height}` : name));
    return {
      connected: names(difference.connected),
      disconnected: names(difference.disconnected),
      changed: names(difference.changed),
    };
  };
  for (;;) yield look();
}

async function* cursor(): Steps {
  using card = openCard('virtio_gpu');
  const head = headOf(card);
  using framebuffer = picture(card, head, blue);
  head.crtc.show(framebuffer, head.mode, [head.connector]);
  const { width, height } = card.capabilities.cursor;
  using arrow = card.createDumbBuffer(width, height);
  arrow.fill(0xff000000 | red);
  // QEMU's screenshots are without the cursor; the kernel knows where it is.
  const place = (): string | undefined => {
    const [cursorPlane] = planes.planesFor(head.crtc, 'cursor');
    const state = readFileSync('/sys/kernel/debug/dri/0/state', 'utf8');
    const plane = state.split(/^plane/m).find((one) => one.startsWith(`[${cursorPlane!.id}]`));
    const [, fb] = /fb=(\d+)/.exec(plane!)!;
    return fb === '0' ? undefined : /crtc-pos=(\S+)/.exec(plane!)?.[1];
  };
  using all = Card.open(card.fd.what);
  all.enable('universal-planes');
  const planes = all.resources();
  head.crtc.setCursor(arrow, { x: 1, y: 1 });
  head.crtc.moveCursor(200, 150);
  const first = place();
  head.crtc.moveCursor(600, 400);
  const second = place();
  head.crtc.hideCursor();
  yield { width, height, places: [first, second, place()] };
}

const plays: Record<string, () => Steps> = { modes, flips, atomic, leases, buffers, hotplug, cursor };

if (process.argv[2] === 'lessee') await lessee(Number(process.argv[3]));
else {
  let steps: Steps | undefined;
  console.log('"ready"');
  for await (const line of createInterface(process.stdin)) {
    if (line !== '') {
      await steps?.return();
      steps = plays[line]!();
    }
    try {
      const { value, done } = await steps!.next();
      console.log(JSON.stringify(done ? 'done' : value));
    } catch (error) {
      console.log(JSON.stringify({ failed: (error as Error).stack }));
    }
  }
}
