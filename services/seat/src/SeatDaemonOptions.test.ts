import { expect, test } from 'vitest';
import { parseSeatDaemonOptions } from './SeatDaemonOptions.js';

const parse = (...argv: string[]) => parseSeatDaemonOptions(argv, 'tree', {});

test('a tree’s manager keeps everything in its runtime directory', () => {
  expect(parse('--runtime-dir', '/run/x')).toMatchObject({
    bus: 'unix:path=/run/x/bus',
    seatdSocket: '/run/x/seatd.sock',
    stateDir: '/run/x/state',
    systemdPrefix: '/run/x/systemd',
    grace: 100,
    vt: false,
    permanentSeats: [],
  });
});

test('a system’s manager is on the system’s bus, and seat0 is always there', () => {
  const system = parseSeatDaemonOptions(['--no-vt', '--grace', '0'], 'system', {
    DBUS_SYSTEM_BUS_ADDRESS: 'unix:path=/x',
    XDG_RUNTIME_DIR: '/run/user/7',
  });
  expect(system).toMatchObject({
    bus: 'unix:path=/x',
    seatdSocket: '/run/user/7/switchyard/seatd.sock',
    vt: false,
    grace: 0,
    permanentSeats: ['seat0'],
  });
});

test('what makes no sense is told with the usage’s status', () => {
  for (const wrong of [
    ['--grace', 'soon'],
    ['--grace', '10001'],
    ['--grace', '-1'],
    ['--seatd-mode', '888'],
    ['--seatd-dialect', '1.0'],
    ['--inhibit-delay-max', '1e9'],
    ['--thieves', 'pardon'],
    ['--what'],
    ['there'],
  ]) {
    expect(parse(...wrong)).toMatchObject({ status: 2 });
  }
  expect(parse('--help')).toMatchObject({ status: 0, message: expect.stringContaining('--seatd-socket') });
});
