import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { login1, seatPath, sessionPath, userPath } from '@switchyard/seat';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Journal } from './testing/Journal.js';
import { RawController } from './testing/RawController.js';
import { SeatTree } from './testing/SeatTree.js';

const run = promisify(execFile);

/**
 * What is otherwise than in logind 252, and why. docs/seat.md tells it to people.
 *
 * `flags` are busctl's: const, emits-change, emits-invalidation, writable.
 */
const differences: Record<string, string[]> = {
  Manager: [
    // Later logind's (255, 257), which newer clients call first.
    '+ .CreateSessionWithPIDFD method uhsssssussbssta(sv) soshusub -',
    '+ .ListSessionsEx method - a(sussussbto) -',
    '+ .SecureAttentionKey signal so - -',
    '+ .BlockWeakInhibited property s emits-change',
  ],
  // There as well, but hidden.
  Seat: ['+ .CanMultiSession property b const'],
  Session: [
    // Later logind's.
    '+ .SetClass method s - -',
    '+ .SetTTY method h - -',
    '+ .CanIdle property b const',
    '+ .CanLock property b const',
    // With these they can change.
    '- .Class property s const',
    '+ .Class property s emits-change',
    '- .TTY property s const',
    '+ .TTY property s emits-change',
  ],
  User: [],
};

let tree: SeatTree;
let controller: RawController;
beforeAll(async () => {
  tree = await SeatTree.start();
  const connection = await tree.connect();
  const attach = { destination: login1.name, path: login1.path, interface: 'org.switchyard.DeviceManager1' };
  const body = ['seat0', 'keyboard', 'keys', new Map()];
  await connection.call({ ...attach, member: 'AttachDevice', signature: 'sssa{sv}', body });
  controller = new RawController('a', connection, new Journal());
  await controller.create(tree.leader().pid);
});
afterAll(async () => {
  controller.close();
  await tree.stop();
});

/** A line without the value of the property. */
function members(text: string, interfaceName: string): Set<string> {
  const lines = text.split('\n');
  const first = lines.findIndex((line) => line.startsWith(`${interfaceName} `)) + 1;
  const rest = lines.slice(first);
  const count = rest.findIndex((line) => !line.startsWith('.'));
  return new Set(
    rest.slice(0, count < 0 ? undefined : count).map((line) => {
      const words = line.trim().split(/\s+/);
      const [name, kind, signature] = words;
      // Values may hold spaces; flags do not begin like one.
      const flags = words
        .slice(3)
        .filter((word) => /^(const|emits-change|emits-invalidation|writable)$/.test(word));
      return kind === 'property'
        ? `${name} ${kind} ${signature} ${flags.join(' ') || '-'}`
        : `${name} ${kind} ${signature} ${words[3]} ${words[4]}`;
    }),
  );
}

describe('as logind describes itself', () => {
  test.each([
    ['Manager', () => login1.path],
    ['Seat', () => seatPath('seat0')],
    ['Session', () => sessionPath(controller.id)],
    ['User', () => userPath(process.getuid!())],
  ])('%s has the same members, signatures and flags, but for what is listed', async (name, path) => {
    const file = `./testing/logind252-${name.toLowerCase()}.txt`;
    const theirs = members(readFileSync(new URL(file, import.meta.url), 'utf8'), `${login1.name}.${name}`);
    const { stdout } = await run('busctl', [`--address=${tree.address}`, 'introspect', login1.name, path()]);
    const ours = members(stdout, `${login1.name}.${name}`);
    const found = [
      ...[...theirs].filter((member) => !ours.has(member)).map((member) => `- ${member}`),
      ...[...ours].filter((member) => !theirs.has(member)).map((member) => `+ ${member}`),
    ];
    expect(theirs.size).toBeGreaterThan(5);
    expect(found.sort()).toEqual(differences[name]!.sort());
  });
});
