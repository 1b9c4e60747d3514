import { KEY } from '@switchyard/uapi';
import { expect, test } from 'vitest';
import { displayFixture } from '../support/DisplayFixture.js';
import { TestWindow } from '../support/TestClient.js';
import { listSessions, owned, screenshot } from '../support/TestSeat.js';

const fixture = displayFixture();

test('when services/seat is killed and comes back, windows and keys go on', async () => {
  const bus = await fixture.tree.bus();
  const { id, waylandDisplay } = await fixture.session();
  const client = await fixture.connect(waylandDisplay);
  const window = await TestWindow.open(client, { colour: 0xffff0000 });
  await fixture.seat.until(() => fixture.seat.at(1, 1) === 0xff0000);
  await fixture.tree.kill('seat');
  // What a client draws meanwhile is not lost.
  window.show(client.buffer(640, 480, 0xff0000ff));
  await client.roundtrip();
  await fixture.tree.start('seat');
  await fixture.seat.until(
    () => fixture.seat.monitor.session !== undefined && fixture.seat.at(1, 1) === 0x0000ff,
  );
  expect(await listSessions(bus)).toEqual([id]);
  const from = client.happenings.length;
  await client.heard(`keyboard.enter ${window.id}`);
  await client.until(() => fixture.seat.keyboard.session !== undefined);
  fixture.seat.press(KEY.A);
  await client.heard('keyboard.key 30 0', from);
});

test('when the bus is killed and comes back, sessions and Display1 are there again', async () => {
  const { waylandDisplay } = await fixture.session();
  const client = await fixture.connect(waylandDisplay);
  const window = await TestWindow.open(client, { colour: 0xff00ff00 });
  await fixture.seat.until(() => fixture.seat.at(1, 1) === 0x00ff00);
  await fixture.tree.kill('bus');
  await fixture.tree.start('bus');
  const bus = await fixture.tree.bus();
  fixture.seat.provider.connected(bus);
  await fixture.seat.until(() => fixture.seat.monitor.session === undefined);
  window.show(client.buffer(640, 480, 0xff0000ff));
  await fixture.seat.until(
    () => fixture.seat.monitor.session !== undefined && fixture.seat.at(1, 1) === 0x0000ff,
  );
  await owned(bus, 'org.switchyard.Display');
  const picture = await screenshot(bus, 'seat', 'seat0');
  expect([...picture.pixels.subarray(0, 3)]).toEqual([0xff, 0, 0]);
});

test('a monitor that goes and comes back is shown whole frames', async () => {
  const { waylandDisplay } = await fixture.session();
  const client = await fixture.connect(waylandDisplay);
  await TestWindow.open(client, { colour: 0xff00ff00 });
  await fixture.seat.until(() => fixture.seat.at(1, 1) === 0x00ff00);
  fixture.seat.pixels.fill(0);
  fixture.seat.monitor.closeChannels();
  await fixture.seat.until(
    () => fixture.seat.at(1, 1) === 0x00ff00 && fixture.seat.at(639, 479) === 0x00ff00,
  );
});

test('a viewer that takes no frames stalls no client', async () => {
  const { waylandDisplay } = await fixture.session();
  const client = await fixture.connect(waylandDisplay);
  const window = await TestWindow.open(client, { colour: 0xff00ff00 });
  fixture.seat.flips = false;
  try {
    const buffer = client.buffer(640, 480, 0xffff0000);
    for (let i = 0; i < 10; i++) window.show(buffer);
    await client.roundtrip();
    expect(buffer.releases).toBe(10);
  } finally {
    fixture.seat.flips = true;
    fixture.seat.monitor.flipDone();
  }
  await fixture.seat.until(() => fixture.seat.at(1, 1) === 0xff0000);
});

test('the layout that was chosen is the seat’s also when services/display was killed and comes back', async () => {
  const path = '/org/switchyard/Display1';
  const layout = async () =>
    (await fixture.tree.bus()).proxy('org.switchyard.Display', path).get('org.switchyard.Display1', 'Layout');
  const bus = await fixture.tree.bus();
  await bus
    .proxy('org.switchyard.Display', path)
    .call('org.switchyard.Display1', 'SetLayout', 's', 'de(nodeadkeys)');
  await fixture.tree.kill('display');
  await fixture.tree.start('display');
  await expect.poll(layout).toBe('de(nodeadkeys)');
});
