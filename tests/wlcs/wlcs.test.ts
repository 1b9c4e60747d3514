import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { ConformanceServer } from './ConformanceServer.js';
import { exclusions } from './exclusions.js';
import { parseExpected, type Results } from './Results.js';
import { Wlcs } from './Wlcs.js';

/**
 * For developers, through `npm run test:wlcs -- FILTER`. $WLCS is another version's command, $WLCS_STRICT=1 takes no
 * buffers before the first ack_configure.
 */
const filter = process.env['WLCS_FILTER'];
const command = process.env['WLCS'];
/** Up to 1.8.1 half of the suite's tests commit buffers that early themselves. */
const lenient = process.env['WLCS_STRICT'] !== '1';

/** The machine has two cores, and the suite waits more than it works. */
const shards = 2;
const tries = 3;
/** So many may have had bad luck; more of them are broken. */
const unlucky = 30;
/** Descriptors that a world may still hold a moment after its test. */
const closing = 16;

const directory = mkdtempSync(join(tmpdir(), 'wlcs-'));

const suiteOf = (name: string): string => name.slice(0, name.indexOf('.'));

afterAll(() => rmSync(directory, { recursive: true, maxRetries: 10 }));

async function conformance(run: (path: string) => Promise<Results>): Promise<Results> {
  const server = await ConformanceServer.start(join(directory, 'control'), lenient);
  const before = server.openFiles;
  try {
    const results = await run(server.path);
    expect(server.alive, server.complaints).toBe(true);
    await expect.poll(() => server.openFiles).toBeLessThan(before + closing);
    expect(server.complaints).toBe('');
    return results;
  } finally {
    expect(await server.stop()).toBe(0);
  }
}

it.runIf(filter === undefined)(
  'what is expected of Debian’s wlcs passes, without one error in the display and without a leak',
  { timeout: 600_000 },
  async () => {
    const list = new URL(`passes-${Wlcs.version}.txt`, import.meta.url);
    const expected = parseExpected(readFileSync(list, 'utf8'));
    const wlcs = Wlcs.build(command);
    const excluded = `-${Object.keys(exclusions).join(':')}`;
    const results = await conformance(async (path) => {
      const all = await wlcs.run(`*${excluded}`, path, shards);
      // The suite waits in seconds: what a busy machine made fail has other tries, alone.
      for (let again = 0; again < tries; again++) {
        const failed = expected.filter((name) => all.verdicts.get(name) !== 'OK');
        if (failed.length === 0 || failed.length > unlucky) break;
        for (const output of (await wlcs.run(failed.join(':'), path)).outputs) all.add(output);
      }
      return all;
    });
    const missing = expected.filter((name) => results.verdicts.get(name) !== 'OK');
    expect(missing, missing.map((name) => results.outputOf(name)).join('\n')).toEqual([]);
    // What fails in a suite that the list knows belongs among the exclusions, with a reason.
    const suites = new Set(expected.map(suiteOf));
    expect(results.named('FAILED').filter((name) => suites.has(suiteOf(name)))).toEqual([]);
  },
);

it.runIf(filter !== undefined)('the chosen tests of wlcs', { timeout: 3_600_000 }, async () => {
  const results = await conformance((path) => Wlcs.build(command).run(filter!, path));
  // A filter that names no test, or a chroot that does not see this folder.
  expect(results.verdicts.size, `wlcs ran nothing:\n${results.outputs.join('\n')}`).toBeGreaterThan(0);
  const failed = results.named('FAILED');
  process.stdout.write(`${failed.map((name) => results.outputOf(name)).join('\n')}\n${results.table}\n`);
  expect(failed).toEqual([]);
});
