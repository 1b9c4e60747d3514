import { it } from 'vitest';
import { expectSameSuccess } from './PeerProgram.js';

it('xdg-dbus-proxy’s own tests pass with a proxy between them and yard-busd', {
  timeout: 400_000,
}, async () => {
  await expectSameSuccess({
    name: 'xdg-dbus-proxy',
    command: ['/usr/libexec/installed-tests/xdg-dbus-proxy/test-proxy', '--tap'],
  });
});
