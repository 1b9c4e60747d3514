import { Variant } from '@switchyard/dbus';
import { KEY } from '@switchyard/uapi';
import { expect, test } from 'vitest';
import { displayFixture } from '../support/DisplayFixture.js';
import { TestWindow } from '../support/TestClient.js';

const fixture = displayFixture();

async function lockedHint(session: string): Promise<boolean> {
  const bus = await fixture.tree.bus();
  const [path] = (await bus.call({
    destination: 'org.freedesktop.login1',
    path: '/org/freedesktop/login1',
    interface: 'org.freedesktop.login1.Manager',
    ...{ member: 'GetSession', signature: 's', body: [session] },
  })) as [string];
  const proxy = bus.proxy('org.freedesktop.login1', path);
  return (await proxy.get('org.freedesktop.login1.Session', 'LockedHint')) as boolean;
}

test('swaylock locks the seat, which stays locked when it dies; another one unlocks it', async () => {
  const shown = await fixture.session();
  const client = await fixture.connect(shown.waylandDisplay);
  await TestWindow.open(client, { colour: 0xff00ff00 });
  const { seat, tree } = fixture;
  await seat.until(() => seat.at(5, 5) === 0x00ff00);
  const start = async (colour: string) => {
    const { waylandDisplay } = await fixture.session({ privileges: new Variant('as', ['session-lock']) });
    return tree.run('swaylock', ['-c', colour, '-u'], {
      ...{ WAYLAND_DISPLAY: waylandDisplay, XDG_RUNTIME_DIR: tree.directory, HOME: tree.directory },
    });
  };

  let swaylock = await start('ff8000');
  await seat.until(() => seat.at(5, 5) === 0xff8000, 'the lock');
  await client.heard('keyboard.leave');
  await expect.poll(() => lockedHint(shown.id)).toBe(true);
  const from = client.happenings.length;
  seat.press(KEY.A);
  swaylock.kill('SIGKILL');
  await seat.until(() => seat.at(5, 5) === 0x1b1e23, 'the colour of a lock without a locker');
  await client.roundtrip();
  expect(client.happenings.slice(from).filter((text) => text.startsWith('keyboard'))).toEqual([]);
  expect(await lockedHint(shown.id)).toBe(true);

  // Nor does the end of the display open it.
  await tree.kill('display');
  await tree.start('display');
  const again = await fixture.session();
  const reader = await fixture.connect(again.waylandDisplay);
  // Its first frame is shown when the seat is open again.
  const opened = TestWindow.open(reader, { colour: 0xff00ffff });
  await seat.until(() => seat.monitor.session === again.id && seat.at(5, 5) === 0x1b1e23, 'still locked');

  swaylock = await start('0080ff');
  await seat.until(() => seat.at(5, 5) === 0x0080ff, 'another lock');
  await expect.poll(() => lockedHint(again.id)).toBe(true);
  swaylock.kill('SIGUSR1');
  await seat.until(() => seat.at(5, 5) === 0x00ffff, 'the unlocked window');
  await opened;
  await reader.heard('keyboard.enter');
  await expect.poll(() => lockedHint(again.id)).toBe(false);
});
