import { it } from 'vitest';
import { type Cases, expectSameSuccess } from './PeerProgram.js';

/** Debian's package systemd-tests: the programs of sd-bus that want a bus; each is one case, told by its exit status. */
const programs = [
  'test-bus-chat',
  'test-bus-cleanup',
  'test-bus-creds',
  'test-bus-queue-ref-cycle',
  'test-bus-track',
];

it.each(programs)('%s passes on yard-busd as on dbus-daemon', { timeout: 400_000 }, async (name) => {
  await expectSameSuccess({
    name,
    command: [`/usr/lib/systemd/tests/${name}`],
    underBus: true,
    cases: foundBus,
  });
});

/** They end well also where they find no bus, and say so. */
function foundBus(output: string): Cases {
  return { 'found a bus': /skipping tests|Failed to connect/.test(output) ? 'not ok' : 'ok' };
}
