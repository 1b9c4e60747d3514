import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CallContext } from '@switchyard/dbus';
import { expect, test } from 'vitest';
import { Caller } from './Caller.js';
import { Policy, readPolicy } from './Policy.js';
import type { UserRegistry } from './UserRegistry.js';

const own = process.getuid!();
const stranger = own + 1000;
const from = (uid: number) => Caller.of({ credentials: async () => ({ uid, pid: 1 }) } as CallContext);
/** The stranger has one session. */
const users = (session: { active: boolean; remote: boolean }) => {
  const { active, remote } = session;
  const sessions = new Set([{ seat: {}, active, identity: { remote } }]);
  return { get: (uid: number) => (uid === stranger ? { sessions } : undefined) } as unknown as UserRegistry;
};

test('who sits in front of the machine may turn it off, others may not', async () => {
  const caller = await from(stranger);
  expect(new Policy(users({ active: true, remote: false })).allows('power-off', caller)).toBe(true);
  expect(new Policy(users({ active: false, remote: false })).allows('power-off', caller)).toBe(false);
  expect(new Policy(users({ active: true, remote: true })).allows('power-off', caller)).toBe(false);
  const policy = new Policy(users({ active: true, remote: false }));
  expect(policy.allows('power-off-multiple-sessions', caller)).toBe(false);
  expect(policy.allows('inhibit-delay-sleep', await from(stranger + 1))).toBe(true);
  expect(policy.allows('set-user-linger', await from(own))).toBe(true);
  expect(() => policy.require('set-user-linger', caller)).toThrow(/set-user-linger is for privileged/);
});

test('a file changes the rules, and one that cannot be understood is refused', async () => {
  const place = mkdtempSync(join(tmpdir(), 'yard-policy-'));
  const path = join(place, 'policy.json');
  const read = (text: string) => {
    writeFileSync(path, text);
    return readPolicy(path);
  };
  const policy = new Policy(
    users({ active: true, remote: false }),
    read('{"reboot":"anyone","halt":"nobody"}'),
  );
  expect(policy.allows('reboot', await from(stranger + 1))).toBe(true);
  expect(policy.allows('halt', await from(0))).toBe(false);
  expect(policy.allows('power-off', await from(stranger + 1))).toBe(false);
  expect(() => read('[')).toThrow();
  expect(() => read('null')).toThrow(/an object/);
  expect(() => read('{"dance":"anyone"}')).toThrow(/no action 'dance'/);
  expect(() => read('{"halt":"everybody"}')).toThrow(/not 'everybody'/);
  rmSync(place, { recursive: true, maxRetries: 10 });
});
