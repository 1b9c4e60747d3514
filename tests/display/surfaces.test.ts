import { createMemfd, truncate } from '@switchyard/sys';
import { WlShmFormat } from '@switchyard/wayland';
import { expect, test } from 'vitest';
import { displayFixture } from '../support/DisplayFixture.js';
import { TestWindow } from '../support/TestClient.js';

const red = 0xffff0000;
const green = 0xff00ff00;
const blue = 0xff0000ff;

const fixture = displayFixture();
const connect = () => fixture.connect();

test('the first window is told to fill the output, and is shown', async () => {
  const client = await connect();
  const window = await TestWindow.open(client, { colour: red });
  expect(window.configured).toEqual({ width: 640, height: 480, states: [1, 2, 4] });
  expect([fixture.seat.at(0, 0), fixture.seat.at(639, 479)]).toEqual([0xff0000, 0xff0000]);
  expect(client.happenings).toContain(`surface.enter ${window.id}`);
});

test('a buffer is released when it is committed, before the frame callback', async () => {
  const client = await connect();
  const window = await TestWindow.open(client);
  const buffer = client.buffer(640, 480, green);
  let releasesAtFrame = -1;
  window.proxy.attach(buffer.proxy, 0, 0);
  window.proxy.damageBuffer(0, 0, 640, 480);
  await window.frame().then(() => {
    releasesAtFrame = buffer.releases;
  });
  expect(releasesAtFrame).toBe(1);
});

test('only what is damaged is taken over, and only that is told to the monitor', async () => {
  const client = await connect();
  const window = await TestWindow.open(client, { colour: red });
  const buffer = client.buffer(640, 480, red);
  window.show(buffer);
  await window.frame();
  buffer.fill(0, 0, 640, 480, green);
  fixture.seat.frames = [];
  window.proxy.attach(buffer.proxy, 0, 0);
  window.proxy.damageBuffer(10, 20, 30, 5);
  await window.frame();
  expect(fixture.seat.frames[0]?.damage).toEqual([10, 20, 30, 5]);
  expect([
    fixture.seat.at(10, 20),
    fixture.seat.at(39, 24),
    fixture.seat.at(9, 20),
    fixture.seat.at(40, 24),
  ]).toEqual([0x00ff00, 0x00ff00, 0xff0000, 0xff0000]);
});

test('both buffers of the output are brought up to date', async () => {
  const client = await connect();
  const window = await TestWindow.open(client, { colour: red });
  const buffer = client.buffer(640, 480, red);
  window.show(buffer);
  await window.frame();
  for (let i = 0; i < 4; i++) {
    buffer.fill(i * 10, 0, 10, 10, blue);
    window.proxy.attach(buffer.proxy, 0, 0);
    window.proxy.damageBuffer(i * 10, 0, 10, 10);
    await window.frame();
    for (let before = 0; before <= i; before++) expect(fixture.seat.at(before * 10 + 5, 5)).toBe(0x0000ff);
  }
});

test('a frame callback comes even if nothing changed', async () => {
  const client = await connect();
  const window = await TestWindow.open(client);
  const [first, second] = [await window.frame(), await window.frame()];
  expect(second).toBeGreaterThanOrEqual(first);
});

test('a desynchronized sub-surface shows at once, a synchronized one with its parent', async () => {
  const client = await connect();
  const window = await TestWindow.open(client, { colour: red });
  const child = client.surface();
  const role = client.subcompositor.getSubsurface(child.proxy, window.proxy);
  role.setPosition(100, 50);
  child.show(client.buffer(20, 20, green));
  await client.roundtrip();
  expect(fixture.seat.at(105, 55)).toBe(0xff0000);
  await window.frame();
  expect([fixture.seat.at(100, 50), fixture.seat.at(119, 69), fixture.seat.at(120, 70)]).toEqual([
    0x00ff00, 0x00ff00, 0xff0000,
  ]);
  child.show(client.buffer(20, 20, blue));
  await window.client.roundtrip();
  role.setDesync();
  await fixture.seat.until(() => fixture.seat.at(105, 55) === 0x0000ff);
  child.show(client.buffer(20, 20, green));
  await fixture.seat.until(() => fixture.seat.at(105, 55) === 0x00ff00);
  role.setPosition(200, 50);
  await window.frame();
  expect([fixture.seat.at(105, 55), fixture.seat.at(205, 55)]).toEqual([0xff0000, 0x00ff00]);
  child.proxy.attach(null, 0, 0);
  child.proxy.commit();
  await fixture.seat.until(() => fixture.seat.at(205, 55) === 0xff0000);
});

test('sub-surfaces are restacked with their parent, above and below it', async () => {
  const client = await connect();
  const window = new TestWindow(client);
  window.proxy.commit();
  await client.heard('window.configure');
  const below = client.surface();
  const above = client.surface();
  const belowRole = client.subcompositor.getSubsurface(below.proxy, window.proxy);
  const aboveRole = client.subcompositor.getSubsurface(above.proxy, window.proxy);
  below.show(client.buffer(40, 40, green));
  above.show(client.buffer(40, 40, blue));
  window.show(client.buffer(640, 480, red));
  await window.frame();
  expect(fixture.seat.at(5, 5)).toBe(0x0000ff);
  aboveRole.placeBelow(below.proxy);
  await window.frame();
  expect(fixture.seat.at(5, 5)).toBe(0x00ff00);
  belowRole.placeBelow(window.proxy);
  await window.frame();
  expect(fixture.seat.at(5, 5)).toBe(0x0000ff);
  aboveRole.placeBelow(window.proxy);
  await window.frame();
  expect(fixture.seat.at(5, 5)).toBe(0xff0000);
});

test('translucent pixels are blended over what is below', async () => {
  const client = await connect();
  const window = await TestWindow.open(client, { colour: red });
  const child = client.surface();
  client.subcompositor.getSubsurface(child.proxy, window.proxy);
  child.show(client.buffer(10, 10, 0x80008000, WlShmFormat.argb8888));
  await window.frame();
  const pixel = fixture.seat.at(5, 5);
  expect(pixel >> 16).toBeGreaterThan(0x7c);
  expect(pixel >> 16).toBeLessThan(0x82);
  expect((pixel >> 8) & 0xff).toBe(0x80);
});

test('a viewport crops and scales, buffer scale divides', async () => {
  const client = await connect();
  const window = await TestWindow.open(client, { colour: red });
  const child = client.surface();
  client.subcompositor.getSubsurface(child.proxy, window.proxy);
  const viewport = client.viewporter.getViewport(child.proxy);
  const buffer = client.buffer(40, 40, green);
  buffer.fill(20, 20, 20, 20, blue);
  viewport.setSource(20, 20, 20, 20);
  viewport.setDestination(100, 60);
  child.show(buffer);
  await window.frame();
  expect([fixture.seat.at(0, 0), fixture.seat.at(99, 59), fixture.seat.at(100, 60)]).toEqual([
    0x0000ff, 0x0000ff, 0xff0000,
  ]);
  viewport.destroy();
  child.proxy.setBufferScale(2);
  child.show(buffer);
  await window.frame();
  expect([fixture.seat.at(0, 0), fixture.seat.at(15, 15), fixture.seat.at(20, 20)]).toEqual([
    0x00ff00, 0x0000ff, 0xff0000,
  ]);
});

test('a turned buffer is turned back', async () => {
  const client = await connect();
  const window = await TestWindow.open(client, { colour: red });
  const child = client.surface();
  client.subcompositor.getSubsurface(child.proxy, window.proxy);
  const buffer = client.buffer(20, 40, green);
  // Content turned by 90° counter-clockwise: the surface's top left corner is the buffer's bottom left one.
  buffer.fill(0, 30, 10, 10, blue);
  child.proxy.setBufferTransform(1);
  child.show(buffer);
  await window.frame();
  expect([
    fixture.seat.at(3, 3),
    fixture.seat.at(30, 3),
    fixture.seat.at(3, 15),
    fixture.seat.at(39, 19),
  ]).toEqual([0x0000ff, 0x00ff00, 0x00ff00, 0x00ff00]);
  expect(fixture.seat.at(3, 25)).toBe(0xff0000);
});

test('a pool that grows is mapped anew', async () => {
  const client = await connect();
  const window = await TestWindow.open(client, { colour: red });
  const buffer = client.buffer(640, 480, red);
  window.show(buffer);
  await window.frame();
  truncate(buffer.memory, 640 * 480 * 8);
  buffer.pool.resize(640 * 480 * 8);
  buffer.fill(0, 480, 640, 480, blue);
  const second = buffer.pool.createBuffer(640 * 480 * 4, 640, 480, 640 * 4, WlShmFormat.xrgb8888, {
    release() {},
  });
  window.proxy.attach(second, 0, 0);
  window.proxy.damageBuffer(0, 0, 640, 480);
  await window.frame();
  expect(fixture.seat.at(320, 240)).toBe(0x0000ff);
});

test.each([
  ['that can be sealed', true],
  ['that cannot be sealed', false],
])(
  'a pool %s and is shorter than it says ends its client only, when the buffer is used',
  async (_, sealable) => {
    const client = await connect();
    const other = await connect();
    const window = await TestWindow.open(client);
    const witness = await TestWindow.open(other, { colour: green });
    const memory = createMemfd('short', { size: 4096, sealable });
    const pool = client.pool(memory, 640 * 480 * 4);
    const buffer = pool.createBuffer(0, 640, 480, 640 * 4, WlShmFormat.xrgb8888, { release() {} });
    await client.roundtrip();
    window.proxy.attach(buffer, 0, 0);
    window.proxy.damage(0, 0, 640, 480);
    window.proxy.commit();
    expect(await client.ending()).toBe('wl_buffer 2');
    await witness.frame();
  },
);

test('a pool that is truncated while it is used ends its client only', async () => {
  const client = await connect();
  const window = await TestWindow.open(client);
  const memory = createMemfd('shrinking', { size: 640 * 480 * 4, sealable: false });
  const mine = memory.dup();
  const pool = client.pool(memory, 640 * 480 * 4);
  const buffer = pool.createBuffer(0, 640, 480, 640 * 4, WlShmFormat.xrgb8888, { release() {} });
  window.proxy.attach(buffer, 0, 0);
  window.proxy.damage(0, 0, 640, 480);
  await window.frame();
  truncate(mine, 0);
  mine.close();
  window.proxy.attach(buffer, 0, 0);
  window.proxy.damage(0, 0, 640, 480);
  window.proxy.commit();
  expect(await client.ending()).toBe('wl_buffer 2');
  await TestWindow.open(await connect());
});
