import { it } from 'vitest';
import { expectSameSuccess } from './PeerProgram.js';

/** Debian's package libglib2.0-tests: those programs that start a bus, with GTestDBus. */
const programs = [
  'actions',
  'dbus-appinfo',
  'debugcontroller',
  'defaultvalue',
  'fdo-notification-backend',
  // Its timer of one second is not taken back: if the cases after it are not done by then, it meets one of them.
  'gapplication -s /gapplication/no-replace',
  'gapplication -p /gapplication/no-replace',
  'gdbus-bz627724',
  'gdbus-connection',
  'gdbus-connection-loss',
  'gdbus-connection-slow',
  'gdbus-exit-on-close',
  'gdbus-export',
  'gdbus-introspection',
  'gdbus-method-invocation',
  'gdbus-names',
  'gdbus-proxy',
  'gdbus-proxy-threads',
  'gdbus-proxy-unique-name',
  'gdbus-proxy-well-known-name',
  'gdbus-subscribe',
  'gdbus-test-codegen',
  'gdbus-test-codegen-min-required-2-64',
  'gdbus-test-codegen-old',
  'gmenumodel',
  'gnotification',
  'power-profile-monitor-dbus.py',
];

it.each(programs)(
  '%s: what passes on dbus-daemon passes on yard-busd',
  { timeout: 400_000 },
  async (name) => {
    await expectSameSuccess({ name, command: `/usr/libexec/installed-tests/glib/${name}`.split(' ') });
  },
);
