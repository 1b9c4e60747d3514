import { execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';
import { Connection } from '@switchyard/dbus';
import { login1, switchyard } from '@switchyard/seat';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Journal } from './testing/Journal.js';
import { PublicTree, STRANGER } from './testing/PublicTree.js';
import { RawController } from './testing/RawController.js';

const run = promisify(execFile);
const DENIED = 'Call failed: Access denied';

let tree: PublicTree;
let connection: Connection;
let victim: RawController;
const leader = spawn('sleep', ['600'], { stdio: 'ignore' });
let device: number;

// Another user is needed, and Debian's bus to let him in.
const possible = process.getuid?.() === 0;

beforeAll(async () => {
  if (!possible) return;
  tree = await PublicTree.start(50);
  connection = await Connection.connect(tree.address);
  const attach = { destination: login1.name, path: login1.path, interface: switchyard.deviceManager };
  const body = ['seat0', 'keyboard', 'keys', new Map()];
  const numbers = await connection.call({ ...attach, member: 'AttachDevice', signature: 'sssa{sv}', body });
  device = numbers[1] as number;
  victim = new RawController('victim', connection, new Journal());
  await victim.create(leader.pid!);
  await victim.call('TakeControl', 'b', false);
  await victim.take(4095, device);
});
afterAll(async () => {
  leader.kill('SIGKILL');
  if (!possible) return;
  victim.close();
  connection.close();
  await tree.stop();
});

/** busctl by another user. What it says, or the error's text. */
async function stranger(path: string, interfaceName: string, ...call: string[]): Promise<string> {
  const command = ['call', login1.name, `${login1.path}${path}`, interfaceName, ...call];
  const options = { uid: STRANGER, gid: STRANGER, cwd: '/' };
  return run('busctl', [`--address=${tree.address}`, ...command], options).then(
    ({ stdout }) => stdout.trim(),
    ({ stderr }: { stderr: string }) => stderr.trim(),
  );
}

describe.skipIf(!possible)('another user', () => {
  const manager = login1.manager;
  const properties = 'org.freedesktop.DBus.Properties';
  test.each<[string, string, ...string[]]>([
    ['', manager, 'ActivateSession', 's', 'c1'],
    ['', manager, 'ActivateSessionOnSeat', 'ss', 'c1', 'seat0'],
    ['', manager, 'LockSession', 's', 'c1'],
    ['', manager, 'UnlockSession', 's', 'c1'],
    ['', manager, 'ReleaseSession', 's', 'c1'],
    ['', manager, 'KillSession', 'ssi', 'c1', 'leader', '9'],
    ['', manager, 'KillUser', 'ui', '0', '9'],
    ['', manager, 'TerminateSession', 's', 'c1'],
    ['', manager, 'TerminateUser', 'u', '0'],
    ['', manager, 'TerminateSeat', 's', 'seat0'],
    ['', manager, 'SetUserLinger', 'ubb', '0', 'true', 'false'],
    ['', manager, 'SetUserLinger', 'ubb', `${STRANGER}`, 'true', 'false'],
    ['', manager, 'AttachDevice', 'ssb', 'seat0', '/sys/devices/x', 'false'],
    ['', manager, 'FlushDevices', 'b', 'false'],
    ['', manager, 'PowerOff', 'b', 'false'],
    ['', manager, 'RebootWithFlags', 't', '16'],
    ['', manager, 'ScheduleShutdown', 'st', 'reboot', '1'],
    ['', manager, 'SetWallMessage', 'sb', 'x', 'true'],
    ['', manager, 'SetRebootParameter', 's', 'x'],
    ['', manager, 'Inhibit', 'ssss', 'shutdown', 'x', 'x', 'block'],
    ['', manager, 'Inhibit', 'ssss', 'handle-power-key', 'x', 'x', 'block'],
    // biome-ignore format: in the order of the signature
    ['', manager, 'CreateSession', 'uusssssussbssa(sv)', '0', '0', '', 'tty', '', '', 'seat0', '0', '', '', 'false', '', '', '0'],
    // biome-ignore format: in the order of the signature
    ['', manager, 'CreateSession', 'uusssssussbssa(sv)', `${STRANGER}`, '1', '', 'tty', '', '', 'seat0', '0', '', '', 'false', '', '', '0'],
    ['', switchyard.deviceManager, 'AttachDevice', 'sssa{sv}', 'seat0', 'keyboard', 'x', '0'],
    ['', properties, 'Set', 'ssv', manager, 'WallMessage', 's', 'x'],
    ['/seat/seat0', login1.seat, 'ActivateSession', 's', 'c1'],
    ['/seat/seat0', login1.seat, 'SwitchTo', 'u', '1'],
    ['/seat/seat0', login1.seat, 'SwitchToNext'],
    ['/seat/seat0', login1.seat, 'Terminate'],
    ['/session/c1', login1.session, 'Activate'],
    ['/session/c1', login1.session, 'Lock'],
    ['/session/c1', login1.session, 'Kill', 'si', 'all', '9'],
    ['/session/c1', login1.session, 'Terminate'],
    ['/session/c1', login1.session, 'SetIdleHint', 'b', 'true'],
    ['/session/c1', login1.session, 'SetLockedHint', 'b', 'true'],
    ['/session/c1', login1.session, 'SetClass', 's', 'user'],
    ['/session/c1', login1.session, 'SetBrightness', 'ssu', 'leds', 'x', '1'],
    ['/session/c1', login1.session, 'TakeControl', 'b', 'true'],
    ['/session/c1', login1.session, 'TakeControl', 'b', 'false'],
    ['/session/c1', switchyard.session, 'SetTitle', 's', 'x'],
    ['/user/_0', login1.user, 'Terminate'],
    ['/user/_0', login1.user, 'Kill', 'i', '9'],
  ])('may not %s %s %s', async (path, interfaceName, ...call) => {
    // busctl's words for AccessDenied; the bus itself refuses nothing.
    expect(await stranger(path, interfaceName, ...call)).toBe(DENIED);
  });

  test.each<[string, ...string[]]>([
    ['TakeDevice', 'uu', '4095', '1'],
    ['ReleaseDevice', 'uu', '4095', '1'],
    ['PauseDeviceComplete', 'uu', '4095', '1'],
    ['SetType', 's', 'x11'],
    ['SetDisplay', 's', ':0'],
    ['ReleaseControl'],
  ])('is in control of nothing: %s', async (...call) => {
    expect(await stranger('/session/c1', login1.session, ...call)).toContain('You are not in control');
  });

  test('sees what there is, may delay, and knows that it may not turn off', async () => {
    expect(await stranger('', manager, 'ListSessions')).toContain('"c1"');
    expect(await stranger('', manager, 'GetSession', 's', 'c1')).toContain('session/c1');
    expect(await stranger('', manager, 'CanPowerOff')).toBe('s "no"');
    expect(await stranger('', manager, 'Inhibit', 'ssss', 'sleep', 'x', 'x', 'delay')).toMatch(/^h \d/);
    const detach = ['DetachDevice', 'uu', '4095', `${device}`];
    expect(await stranger('', switchyard.deviceManager, ...detach)).toBe(DENIED);
  });

  test('has changed nothing', async () => {
    const { name, path } = login1;
    const session = connection.proxy(name, `${path}/session/c1`);
    const all = (await session.getAll(login1.session)) as Map<string, { value: unknown }>;
    for (const [key, value] of Object.entries({
      Active: true,
      State: 'active',
      IdleHint: false,
      LockedHint: false,
      Type: 'wayland',
    })) {
      expect([key, all.get(key)?.value]).toEqual([key, value]);
    }
    expect(leader.exitCode).toBeNull();
    // The victim still controls its session.
    await victim.call('ReleaseDevice', 'uu', 4095, device);
    await victim.call('PauseDeviceComplete', 'uu', 4095, device).catch(({ name: error }: Error) => {
      expect(error).toBe('org.freedesktop.login1.DeviceNotTaken');
    });
  });
});
