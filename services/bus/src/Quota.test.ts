import { describe, expect, it } from 'vitest';
import { builtInLimits } from './Limits.js';
import { Quotas, Shares } from './Quota.js';

const MiB = 1024 * 1024;

/** A queue of uid 7's with what these uids have in it. */
function queue(quotas: Quotas, waiting: Record<number, { bytes: number; fds?: number }>) {
  const account = quotas.connect(7)!;
  const shares = new Shares();
  for (const [uid, { bytes, fds = 0 }] of Object.entries(waiting))
    for (const all of [shares, account.queued]) {
      all.total.add(bytes, 1, fds);
      all.of(Number(uid)).add(bytes, 1, fds);
    }
  return { room: (uid: number, bytes: number, fds = 0) => account.room(shares, uid, bytes, fds) };
}

describe('a uid', () => {
  it('has a bounded number of connections, also of those that have not said Hello', () => {
    const { connectionsPerUser, incompleteConnections } = builtInLimits;
    const quotas = new Quotas();
    const account = quotas.connect(7)!;
    for (let i = 1; i < connectionsPerUser + incompleteConnections; i++)
      expect(quotas.connect(7)).toBe(account);
    expect(quotas.connect(7)).toBeUndefined();
    expect(quotas.connect(8)).toBeDefined();
    quotas.disconnect(account, 0);
    expect(quotas.connect(7)).toBe(account);
  });

  it('may have 256 MiB of unfinished messages on their way in', () => {
    const quotas = new Quotas();
    const [seven, eight] = [quotas.connect(7)!, quotas.connect(8)!];
    expect(quotas.mayHold(seven, 0, 200 * MiB)).toBe(true);
    expect(quotas.mayHold(seven, 0, 100 * MiB)).toBe(false);
    expect(quotas.mayHold(eight, 0, 100 * MiB)).toBe(true);
    expect(quotas.mayHold(seven, 200 * MiB, 0)).toBe(true);
    expect(quotas.mayHold(seven, 0, 100 * MiB)).toBe(true);
  });

  it('may have 256 MiB and 4096 fds wait for its connections that do not read', () => {
    const quotas = new Quotas();
    for (let i = 0; i < 3; i++) queue(quotas, { 7: { bytes: 64 * MiB, fds: 1000 } });
    const last = queue(quotas, { 7: { bytes: 60 * MiB, fds: 1000 } });
    expect(last.room(7, 4 * MiB)).toBe('room');
    expect(last.room(7, 4 * MiB + 1)).toBe('full');
    expect(queue(quotas, {}).room(7, 4 * MiB + 1)).toBe('full');
  });
});

describe('a connection', () => {
  it('may have 64 MiB and 1024 fds wait for it', () => {
    const { room } = queue(new Quotas(), { 7: { bytes: 63 * MiB, fds: 1000 } });
    expect(room(7, MiB)).toBe('room');
    expect(room(7, MiB + 1)).toBe('full');
    expect(room(7, 1, 24)).toBe('room');
    expect(room(7, 1, 25)).toBe('full');
  });

  it('gets a message of any length from its own uid while nothing waits for it', () => {
    expect(queue(new Quotas(), {}).room(7, 128 * MiB)).toBe('room');
  });
});

describe('another uid', () => {
  it('has a third of half the queue, and its messages are refused when that is used up', () => {
    const { room } = queue(new Quotas(), { 8: { bytes: 10 * MiB, fds: 170 } });
    expect(room(8, (2 / 3) * MiB - 1)).toBe('room');
    expect(room(8, (2 / 3) * MiB + 1)).toBe('share');
    expect(room(8, 0, 1)).toBe('share');
  });

  it('leaves others a share of what is left, and the owner all the rest', () => {
    const { room } = queue(new Quotas(), { 8: { bytes: 10 * MiB }, 9: { bytes: 7 * MiB } });
    expect(room(10, 5 * MiB - 1)).toBe('room');
    expect(room(10, 5 * MiB + 1)).toBe('share');
    expect(room(7, 47 * MiB)).toBe('room');
    expect(room(7, 47 * MiB + 1)).toBe('full');
  });

  it('has no larger share of all the queues of a uid together', () => {
    const quotas = new Quotas();
    for (let i = 0; i < 4; i++) queue(quotas, { 8: { bytes: 10 * MiB } });
    expect(queue(quotas, {}).room(8, 3 * MiB)).toBe('share');
    expect(queue(quotas, {}).room(9, 3 * MiB)).toBe('room');
  });

  it('may have 65536 messages wait for a connection, as the owner may', () => {
    const quotas = new Quotas();
    const account = quotas.connect(7)!;
    const shares = new Shares();
    shares.of(8).add(0, 65_535, 0);
    expect(account.room(shares, 8, 1, 0)).toBe('room');
    shares.of(8).add(0, 1, 0);
    expect(account.room(shares, 8, 1, 0)).toBe('share');
    expect(account.room(shares, 7, 1, 0)).toBe('room');
  });
});
