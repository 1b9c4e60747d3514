import { KEY } from '@switchyard/uapi';
import { expect, test } from 'vitest';
import { displayFixture } from '../support/DisplayFixture.js';
import { TestWindow } from '../support/TestClient.js';
import { activate, listSessions } from '../support/TestSeat.js';

const fixture = displayFixture();

test('a foot that is stopped is marked as hung, holds nobody up, comes back, and can be ended', async () => {
  const { seat, tree } = fixture;
  const bus = await tree.bus();
  const other = await fixture.session();
  const client = await fixture.connect(other.waylandDisplay);
  await TestWindow.open(client, { colour: 0xff00ff00 });
  await seat.until(() => seat.monitor.session === other.id);
  const foot = tree.run('foot', ['--config=/dev/null', 'sleep', '60']);
  await seat.until(() => seat.monitor.session !== undefined && seat.monitor.session !== other.id, 'foot');
  const id = seat.monitor.session!;
  const hung = () =>
    bus
      .proxy('org.freedesktop.login1', `/org/freedesktop/login1/session/${id}`)
      .get('org.switchyard.Session1', 'Hung');
  expect(await hung()).toBe(false);

  foot.kill('SIGSTOP');
  seat.press(KEY.A);
  await expect.poll(hung).toBe(true);
  // Others are switched to and typed in as ever.
  await activate(bus, other.id);
  await seat.until(() => seat.monitor.session === other.id && seat.at(1, 1) === 0x00ff00);
  const from = client.happenings.length;
  seat.press(KEY.B);
  await client.heard(`keyboard.key ${KEY.B} 0`, from);

  foot.kill('SIGCONT');
  await expect.poll(hung).toBe(false);

  foot.kill('SIGSTOP');
  await bus.call({
    destination: 'org.freedesktop.login1',
    path: '/org/freedesktop/login1',
    interface: 'org.freedesktop.login1.Manager',
    ...{ member: 'TerminateSession', signature: 's', body: [id] },
  });
  await expect.poll(() => listSessions(bus)).toEqual([other.id]);
  await expect.poll(() => foot.signalCode ?? foot.exitCode).not.toBeNull();
});
