import type { CallContext } from '@switchyard/dbus';
import { expect, test } from 'vitest';
import { Caller } from './Caller.js';
import type { Seat } from './Seat.js';
import type { Session } from './Session.js';

// The broker of the tests lets only its own user and root in, so that other users come in here.
const own = process.getuid!();
const someone = own + 1000;
const from = (uid: number) => Caller.of({ credentials: async () => ({ uid, pid: 1 }) } as CallContext);
const session = (uid: number) => ({ id: 'c1', uid }) as Session;

test('root and the manager’s own user may everything', async () => {
  for (const uid of [0, own]) {
    const caller = await from(uid);
    expect(caller.privileged).toBe(true);
    caller.requireOwner(session(someone), 'Terminate');
  }
});

test('other users may what concerns their own sessions', async () => {
  const caller = await from(someone);
  caller.requireOwner(session(someone), 'Terminate');
  expect(() => caller.requireOwner(session(own), 'Terminate')).toThrow(
    /Terminate on session c1 is for its user/,
  );
  expect(() => caller.requirePrivileged('AttachDevice')).toThrow(/not for uid/);
});

test('who sits at the seat may leave it for any session; who does not may show only their own', async () => {
  const caller = await from(someone);
  const seat = (active?: Session) => ({ active }) as Seat;
  caller.requireMayActivate(seat(session(someone)), session(own));
  caller.requireMayActivate(seat(session(own)), session(someone));
  expect(() => caller.requireMayActivate(seat(session(own)), session(own))).toThrow(/Activate/);
  expect(() => caller.requireMayActivate(seat(), session(own))).toThrow(/Activate/);
});
