import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KEY } from '@switchyard/uapi';
import { ExtIdleNotifierV1Proxy, ZwpIdleInhibitManagerV1Proxy } from '@switchyard/wayland';
import { afterAll, expect, test } from 'vitest';
import { displayFixture } from '../support/DisplayFixture.js';
import { TestWindow } from '../support/TestClient.js';

const fixture = displayFixture();
const directory = mkdtempSync(join(tmpdir(), 'yard-idle-'));
afterAll(() => rmSync(directory, { recursive: true, maxRetries: 10 }));

test('swayidle hears when nobody does anything, and when somebody does again', async () => {
  const client = await fixture.connect();
  const window = await TestWindow.open(client, { colour: 0xff00ff00 });
  await client.heard(`keyboard.enter ${window.id}`);
  const [idle, resumed] = [join(directory, 'idle'), join(directory, 'resumed')];
  const swayidle = fixture.tree.run('swayidle', [
    ...['-C', '/dev/null', 'timeout', '1', `touch ${idle}`, 'resume', `touch ${resumed}`],
  ]);
  await expect.poll(() => existsSync(idle)).toBe(true);
  expect(existsSync(resumed)).toBe(false);
  fixture.seat.press(KEY.A);
  await expect.poll(() => existsSync(resumed)).toBe(true);
  swayidle.kill();
});

test('a film that inhibits idleness keeps the seat awake, except for who asks about input alone', async () => {
  const client = await fixture.connect();
  const window = await TestWindow.open(client, { colour: 0xff00ff00 });
  await client.heard(`keyboard.enter ${window.id}`);
  const globals = await client.display.globals();
  const inhibitor = globals
    .require(ZwpIdleInhibitManagerV1Proxy, { minimum: 1, maximum: 1 })
    .createInhibitor(window.proxy);
  const notifier = globals.require(ExtIdleNotifierV1Proxy, { minimum: 2, maximum: 2 });
  const events = (name: string) => ({
    idled: () => client.say(`${name} idled`),
    resumed: () => client.say(`${name} resumed`),
  });
  notifier.getIdleNotification(0, client.seat, events('seat'));
  notifier.getInputIdleNotification(0, client.seat, events('input'));
  await client.heard('input idled');
  await new Promise((resolve) => setTimeout(resolve, 1500));
  expect(client.happenings).not.toContain('seat idled');
  inhibitor.destroy();
  await client.heard('seat idled');
  const from = client.happenings.length;
  fixture.seat.press(KEY.A);
  await client.heard('seat resumed', from);
  await client.heard('input resumed', from);
});

test('services/seat knows which sessions are idle', async () => {
  const { tree } = fixture;
  await tree.kill('display');
  await tree.start('display', '--idle-time', '1');
  const session = await fixture.session();
  const client = await fixture.connect(session.waylandDisplay);
  const window = await TestWindow.open(client, { colour: 0xff00ff00 });
  await client.heard(`keyboard.enter ${window.id}`);
  const bus = await tree.bus();
  const path = `/org/freedesktop/login1/session/${session.id}`;
  const login1 = bus.proxy('org.freedesktop.login1', path);
  // A second after a key it is idle again, which may be sooner than one can ask.
  const told: unknown[] = [];
  login1.onPropertiesChanged('org.freedesktop.login1.Session', (changed) => {
    if (changed.has('IdleHint')) told.push(changed.get('IdleHint')!.value);
  });
  await expect.poll(() => login1.get('org.freedesktop.login1.Session', 'IdleHint')).toBe(true);
  const from = told.length;
  fixture.seat.press(KEY.A);
  await expect.poll(() => told.slice(from)).toContain(false);
});
