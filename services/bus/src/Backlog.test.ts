import { expect, it } from 'vitest';
import { Backlog, type Sender } from './Backlog.js';
import { Pace } from './Pace.js';
import { Quotas } from './Quota.js';

const MiB = 1024 * 1024;

function sender(quotas: Quotas, uid: number) {
  const reads: boolean[] = [];
  const pace = new Pace({ reads: (on) => reads.push(on), impatient() {} });
  return { account: quotas.connect(uid)!, pace, reads } satisfies Sender & { reads: boolean[] };
}

it('what has left is charged to nobody any more', () => {
  const quotas = new Quotas();
  const [a, b] = [sender(quotas, 7), sender(quotas, 8)];
  const backlog = new Backlog(a.account);
  backlog.add(a, 100, 2, true);
  backlog.add(b, 1000, 1, true);
  backlog.add(b, 1000, 0, true);
  expect(backlog).toMatchObject({ bytes: 2100, messages: 3, fds: 3 });
  expect(a.account.queued.of(8)).toMatchObject({ bytes: 2000, messages: 2, fds: 1 });
  backlog.settle(1500);
  expect(backlog).toMatchObject({ bytes: 1500, messages: 2, fds: 1 });
  expect(a.account.queued.of(7)).toMatchObject({ bytes: 0, messages: 0, fds: 0 });
  backlog.settle(0);
  expect(backlog).toMatchObject({ bytes: 0, messages: 0, fds: 0 });
  expect(a.account.queued.total).toMatchObject({ bytes: 0, messages: 0, fds: 0 });
});

it('a stranger that is over its share has no room where others have', () => {
  const quotas = new Quotas();
  const [a, b, c] = [sender(quotas, 7), sender(quotas, 8), sender(quotas, 9)];
  const backlog = new Backlog(a.account);
  for (let i = 0; i < 10; i++) {
    expect(backlog.room(b, MiB, 0)).toBe('room');
    backlog.add(b, MiB, 0, false);
  }
  expect(backlog.room(b, MiB, 0)).toBe('share');
  expect(backlog.room(c, MiB, 0)).toBe('room');
  backlog.settle(8 * MiB);
  expect(backlog.room(b, MiB, 0)).toBe('room');
});

it('a sender is not read while much waits for one who reads, and again when it has left', () => {
  const quotas = new Quotas();
  const a = sender(quotas, 7);
  const backlog = new Backlog(a.account);
  backlog.add(a, 1_200_000, 0, true);
  expect(a.pace.mayRead()).toBe(false);
  backlog.settle(800_000);
  expect(a.reads).toEqual([false]);
  backlog.settle(500_000);
  expect(a.reads).toEqual([false, true]);
  expect(a.pace.mayRead()).toBe(true);
});

it('who takes nothing paces nobody, until it has taken all', () => {
  const quotas = new Quotas();
  const a = sender(quotas, 7);
  const backlog = new Backlog(a.account);
  backlog.add(a, 1_200_000, 0, true);
  expect(a.pace.mayRead()).toBe(false);
  expect(backlog.idleSince(Date.now() + 1)).toBe(true);
  backlog.stall();
  expect(a.reads).toEqual([false, true]);
  backlog.add(a, 1_200_000, 0, true);
  expect(a.pace.mayRead()).toBe(true);
  backlog.settle(0);
  backlog.add(a, 1_200_000, 0, true);
  expect(a.pace.mayRead()).toBe(false);
  backlog.settle(0);
  expect(a.pace.mayRead()).toBe(true);
});
