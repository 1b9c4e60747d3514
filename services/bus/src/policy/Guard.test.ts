import { describe, expect, it } from 'vitest';
import { ClientPolicy } from './ClientPolicy.js';
import { Guard, type GuardedPeer } from './Guard.js';
import type { PolicyRule } from './PolicyRule.js';
import type { PolicySubject } from './PolicySubject.js';

const anything = {
  type: undefined,
  interface: undefined,
  member: undefined,
  error: undefined,
  path: undefined,
  eavesdrop: false,
  minFds: 0,
  maxFds: 4096,
};
const send = (allow: boolean, more: object = {}): PolicyRule => ({
  kind: 'send',
  allow,
  requestedReply: allow,
  ...anything,
  destination: undefined,
  destinationIsPrefix: false,
  broadcast: undefined,
  log: false,
  ...more,
});
const receiveAll: PolicyRule = {
  kind: 'receive',
  allow: true,
  requestedReply: false,
  sender: undefined,
  ...anything,
  eavesdrop: true,
};

function peer(uniqueName: string, rules: PolicyRule[]): GuardedPeer {
  return { uniqueName, uid: 1000, pid: process.pid, policy: new ClientPolicy([...rules, receiveAll]) };
}

const call: PolicySubject = {
  type: 1,
  interface: 'org.x.I',
  member: 'M',
  path: '/x',
  errorName: undefined,
  destination: ':1.2',
  isReply: false,
  unixFds: 0,
};

function names() {
  const owned = new Map<GuardedPeer, string>();
  let version = 0;
  return {
    claims: (who: GuardedPeer, name: string) => owned.get(who) === name,
    version: () => version,
    give(who: GuardedPeer, name: string) {
      owned.set(who, name);
      version++;
    },
  };
}

describe('the guard', () => {
  it('keeps what a policy said until a name changes hands', () => {
    const registry = names();
    const guard = new Guard<GuardedPeer>(registry, () => {});
    const sender = peer(':1.1', [send(true), send(false, { destination: 'org.secret' })]);
    const receiver = peer(':1.2', []);
    expect(guard.refusal(call, sender, receiver, false)).toBeUndefined();
    registry.give(receiver, 'org.secret');
    expect(guard.refusal(call, sender, receiver, false)?.message).toMatch(
      /^Rejected send message, 2 matched rules; type="method_call", sender=":1\.1" \(uid=1000 pid=\d+ comm="/,
    );
    registry.give(receiver, 'org.open');
    expect(guard.refusal(call, sender, receiver, false)).toBeUndefined();
  });

  it('tells messages apart by what its policies ask, and senders and receivers too', () => {
    const guard = new Guard<GuardedPeer>(names(), () => {});
    const rules = [
      send(true),
      send(false, { path: '/no' }),
      send(false, { type: 1, minFds: 2 }),
      send(false, { member: 'No' }),
    ];
    const sender = peer(':1.1', rules);
    const receiver = peer(':1.2', []);
    const may = (fields: Partial<PolicySubject>) =>
      guard.refusal({ ...call, ...fields }, sender, receiver, false) === undefined;
    for (let again = 0; again < 2; again++) {
      expect([may({}), may({ path: '/no' }), may({ unixFds: 2 }), may({ member: 'No' })]).toEqual([
        true,
        false,
        false,
        false,
      ]);
      expect(guard.refusal(call, peer(':1.3', []), receiver, false)?.name).toContain('AccessDenied');
    }
  });

  it('lets everything pass where there is no policy, and forgets with a new configuration', () => {
    const guard = new Guard<GuardedPeer>(names(), () => {});
    const open: GuardedPeer = { uniqueName: ':1.1', uid: 0, pid: 1, policy: undefined };
    expect(guard.refusal(call, open, open, false)).toBeUndefined();
    const changing = { ...peer(':1.4', [send(true), send(false, { member: 'M' })]) };
    expect(guard.refusal(call, changing, open, false)).toBeDefined();
    Object.assign(changing, { policy: new ClientPolicy([send(true), receiveAll]) });
    guard.forget();
    expect(guard.refusal(call, changing, open, false)).toBeUndefined();
  });

  it('logs what is allowed with log="true"', () => {
    const said: string[] = [];
    const guard = new Guard<GuardedPeer>(names(), (text) => said.push(text));
    guard.refusal(call, peer(':1.1', [send(true, { log: true })]), undefined, false);
    expect(said).toEqual([expect.stringContaining('Would reject message, 1 matched rules')]);
  });
});
