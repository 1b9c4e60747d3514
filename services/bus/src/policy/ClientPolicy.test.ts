import { describe, expect, it } from 'vitest';
import { ClientPolicy } from './ClientPolicy.js';
import type { PolicyRule, ReceiveRule, SendRule } from './PolicyRule.js';
import type { PolicySubject } from './PolicySubject.js';

const [call, reply, error, signal] = [1, 2, 3, 4] as const;

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

function send(allow: boolean, conditions: Partial<SendRule> = {}): SendRule {
  const own = { destination: undefined, destinationIsPrefix: false, broadcast: undefined, log: false };
  return { kind: 'send', allow, requestedReply: allow, ...anything, ...own, ...conditions };
}

function receive(allow: boolean, conditions: Partial<ReceiveRule> = {}): ReceiveRule {
  return { kind: 'receive', allow, requestedReply: allow, ...anything, sender: undefined, ...conditions };
}

function message(fields: Partial<PolicySubject> = {}): PolicySubject {
  return {
    type: call,
    interface: 'org.x.I',
    member: 'M',
    path: '/x',
    errorName: undefined,
    destination: 'org.x',
    isReply: false,
    unixFds: 0,
    ...fields,
  };
}

const maySend = (rules: PolicyRule[], fields?: Partial<PolicySubject>, owed = false, names: string[] = []) =>
  new ClientPolicy(rules).maySend(message(fields), claimsOf(names), owed).allowed;
const mayReceive = (
  rules: PolicyRule[],
  fields?: Partial<PolicySubject>,
  owed = false,
  names: string[] = [],
) => new ClientPolicy(rules).mayReceive(message(fields), claimsOf(names), owed, false).allowed;

function claimsOf(names: string[]) {
  return (name: string, orBelow: boolean) =>
    names.some((one) => one === name || (orBelow && one.startsWith(`${name}.`)));
}

describe('what may be sent', () => {
  it('is nothing without a rule, and what the last rule that fits says', () => {
    expect(maySend([])).toBe(false);
    expect(maySend([send(true), send(false, { interface: 'org.x.I' })])).toBe(false);
    expect(maySend([send(false, { interface: 'org.x.I' }), send(true)])).toBe(true);
    expect(maySend([send(true), send(false, { interface: 'org.x.J' })])).toBe(true);
  });

  it('is told with how many rules spoke of it', () => {
    const rules = [send(true), send(false, { member: 'M' }), send(true, { type: signal })];
    expect(new ClientPolicy(rules).maySend(message(), undefined, false)).toMatchObject({
      allowed: false,
      matched: 2,
    });
  });

  it('depends on the receiver: on all names that it has or waits for, not on the one that was written', () => {
    const rules = [send(true), send(false, { destination: 'org.secret' })];
    expect(maySend(rules, { destination: ':1.7' }, false, ['org.x', 'org.secret'])).toBe(false);
    expect(maySend(rules, { destination: ':1.7' }, false, ['org.x'])).toBe(true);
    const below = [send(false), send(true, { destination: 'org.a', destinationIsPrefix: true })];
    expect(maySend(below, {}, false, ['org.a.b.c'])).toBe(true);
    expect(maySend(below, {}, false, ['org.a'])).toBe(true);
    expect(maySend(below, {}, false, ['org.ab'])).toBe(false);
  });

  it('depends on the destination that was written where there is no receiver yet', () => {
    const rules = [send(true, { destination: 'org.a', destinationIsPrefix: true })];
    const to = (destination: string) =>
      new ClientPolicy(rules).maySend(message({ destination }), undefined, false).allowed;
    expect(['org.a', 'org.a.b', 'org.ab'].map(to)).toEqual([true, true, false]);
  });

  it('may have no interface: an allow for one does not fit then, a deny does', () => {
    const without = { interface: undefined };
    expect(maySend([send(true, { interface: 'org.x.I' })], without)).toBe(false);
    expect(maySend([send(true), send(false, { interface: 'org.x.I' })], without)).toBe(false);
  });

  it('is a broadcast only as a signal without destination', () => {
    const rules = [send(true), send(false, { type: signal, broadcast: true })];
    expect(maySend(rules, { type: signal, destination: undefined })).toBe(false);
    expect(maySend(rules, { type: signal })).toBe(true);
    expect(
      maySend([send(false, { broadcast: false }), send(true, { broadcast: true })], { type: signal }),
    ).toBe(false);
  });

  it('as a reply must be owed for an allow that does not say otherwise', () => {
    const stray = { type: reply, isReply: true };
    expect(maySend([send(true)], stray, true)).toBe(true);
    expect(maySend([send(true)], stray, false)).toBe(false);
    expect(maySend([send(true, { eavesdrop: true })], stray, false)).toBe(true);
    expect(maySend([send(true, { requestedReply: false })], stray, false)).toBe(true);
    // A deny is for those that are not owed, unless it says otherwise.
    const all = send(true, { requestedReply: false });
    expect(maySend([all, send(false, { type: reply })], stray, true)).toBe(true);
    expect(maySend([all, send(false, { type: reply })], stray, false)).toBe(false);
    expect(maySend([all, send(false, { type: reply, requestedReply: true })], stray, true)).toBe(false);
  });

  it('may be told apart by its error, its path, and how many fds it has', () => {
    expect(
      maySend([send(true), send(false, { error: 'org.x.E' })], { type: error, errorName: 'org.x.E' }),
    ).toBe(false);
    expect(maySend([send(true), send(false, { path: '/x' })])).toBe(false);
    expect(maySend([send(true), send(false, { path: '/x/y' })])).toBe(true);
    const fds = (unixFds: number) =>
      maySend([send(true), send(false, { type: call, minFds: 2, maxFds: 3 })], { unixFds });
    expect([1, 2, 3, 4].map(fds)).toEqual([true, false, false, true]);
  });
});

it('a rule that names nothing makes dbus-daemon forget those before it, whatever else it asks', () => {
  for (const condition of [{ broadcast: true }, { minFds: 1 }, { requestedReply: true }]) {
    expect(maySend([send(true), send(false, condition)])).toBe(false);
    expect(maySend([send(true), send(false, condition), send(true)])).toBe(true);
  }
  expect(mayReceive([receive(true), receive(false, { eavesdrop: true })])).toBe(false);
  expect(maySend([send(true), receive(false, { minFds: 1 })])).toBe(true);
});

describe('what may be received', () => {
  it('depends on the names of the sender; the bus has one', () => {
    const rules = [receive(true), receive(false, { sender: 'org.secret' })];
    expect(mayReceive(rules, {}, false, ['org.secret'])).toBe(false);
    expect(mayReceive(rules, {}, false, ['org.x'])).toBe(true);
    const fromBus = [receive(true, { sender: 'org.freedesktop.DBus' })];
    expect(new ClientPolicy(fromBus).mayReceive(message(), undefined, true, false).allowed).toBe(true);
    expect(mayReceive(fromBus)).toBe(false);
  });

  it('is not for others unless eavesdrop says so, which for a deny means only those', () => {
    const asEavesdropper = (...rules: PolicyRule[]) =>
      new ClientPolicy(rules).mayReceive(message(), claimsOf([]), false, true).allowed;
    expect(asEavesdropper(receive(true))).toBe(false);
    expect(asEavesdropper(receive(true, { eavesdrop: true }))).toBe(true);
    const rules = [receive(true, { eavesdrop: true }), receive(false, { type: call, eavesdrop: true })];
    expect(asEavesdropper(...rules)).toBe(false);
    expect(mayReceive(rules)).toBe(true);
  });
});

describe('what may be owned', () => {
  const own = (allow: boolean, name: string | undefined, isPrefix = false): PolicyRule => ({
    kind: 'own',
    allow,
    name,
    isPrefix,
  });
  it('is what the last rule on the name says: a name, a name and all below it, or any', () => {
    const policy = new ClientPolicy([own(false, undefined), own(true, 'org.a', true), own(false, 'org.a.b')]);
    const names = ['org.x', 'org.a', 'org.a.c', 'org.a.b', 'org.a.b.c', 'org.ab'];
    expect(names.map((name) => policy.mayOwn(name))).toEqual([false, true, true, false, true, false]);
    expect(new ClientPolicy([]).mayOwn('org.x')).toBe(false);
  });
});

it('a policy that allows everything is known as such, and no other', () => {
  const all = [send(true, { eavesdrop: true }), receive(true, { eavesdrop: true })];
  const known = (...rules: PolicyRule[]) => {
    const policy = new ClientPolicy(rules);
    return [policy.sendsAll, policy.receivesAll];
  };
  expect(known(...all)).toEqual([true, true]);
  expect(known(send(false), ...all)).toEqual([true, true]);
  expect(known(...all, send(false, { member: 'M' }))).toEqual([false, true]);
  expect(known(send(true), receive(true))).toEqual([false, false]);
  expect(known(...all, receive(false))).toEqual([true, false]);
  expect(known(send(true, { requestedReply: false, maxFds: 3 }))).toEqual([false, false]);
});
