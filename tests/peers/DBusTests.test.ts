import { join } from 'node:path';
import { it } from 'vitest';
import { expectSameSuccess } from './PeerProgram.js';

/** Debian's package dbus-tests: the reference implementation's own tests. */
const folder = '/usr/lib/dbus-1.0/installed-tests/dbus';

/** Those that start a bus; the others are about libdbus alone. */
const programs = [
  'test-dbus-daemon',
  'test-dbus-daemon-eavesdrop',
  'test-dbus-daemon-fork.sh',
  'test-containers',
  'test-header-fields',
  'test-monitor',
  'test-sd-activation',
  'test-uid-permissions',
];

it.each(programs)(
  '%s: what passes on dbus-daemon passes on yard-busd',
  { timeout: 400_000 },
  async (name) => {
    await expectSameSuccess({
      name,
      command: [join(folder, name), '--tap'],
      otherUsers: name === 'test-uid-permissions',
      environment: (daemon) => ({
        DBUS_TEST_EXEC: folder,
        DBUS_TEST_DATA: join(folder, 'data'),
        DBUS_TEST_DAEMON: daemon,
      }),
    });
  },
);

it('transient services of the runtime directory (integration/transient-services.sh)', async () => {
  await expectSameSuccess({
    name: 'transient-services.sh',
    // It wants the bus where systemd's user sessions have it.
    command: [
      'sh',
      '-c',
      `dbus-daemon --session --nofork --address="unix:path=$XDG_RUNTIME_DIR/bus" --print-address=3 3>address &
      while ! [ -s address ]; do sleep 0.05; done
      export DBUS_SESSION_BUS_ADDRESS="unix:path=$XDG_RUNTIME_DIR/bus"
      "$@"; status=$?
      kill $!; wait; exit $status`,
      'sh',
      join(folder, 'integration/transient-services.sh'),
    ],
  });
});
