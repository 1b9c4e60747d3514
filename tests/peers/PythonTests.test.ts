import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { type Cases, expectSameSuccess } from './PeerProgram.js';

/** Debian's package python3-dbus-tests: a folder for each version of Python, with how to run each test. */
const folder = '/usr/share/installed-tests/dbus-python';
const [version] = readdirSync(folder);

describe('dbus-python', () => {
  it.each(['run-test.sh', 'test-client.py', 'test-p2p.py', 'test-signals.py', 'test-unusable-main-loop.py'])(
    '%s: what passes on dbus-daemon passes on yard-busd',
    { timeout: 400_000 },
    async (name) => {
      const description = readFileSync(join(folder, version!, `${name}.test`), 'utf8');
      const [, command] = /^Exec=(.*)$/m.exec(description)!;
      await expectSameSuccess({ name, command: ['sh', '-c', command!] });
    },
  );
});

describe('jeepney', () => {
  it('its own tests: what passes on dbus-daemon passes on yard-busd', { timeout: 400_000 }, async () => {
    await expectSameSuccess({
      name: 'jeepney',
      underBus: true,
      // Debian has no pytest-trio: those that need it fail on both.
      command: [
        'sh',
        '-c',
        '/usr/bin/python3 -m pytest -p no:cacheprovider -o asyncio_mode=auto --continue-on-collection-errors -rA /usr/lib/python3/dist-packages/jeepney; exit 0',
      ],
      cases: pytestCases,
    });
  });
});

function pytestCases(output: string): Cases {
  const cases: Cases = {};
  for (const [, verdict, name] of output.matchAll(/^(PASSED|FAILED|ERROR) \S*\/(\S+)/gm))
    cases[name!] = verdict === 'PASSED' ? 'ok' : 'not ok';
  return cases;
}
