import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PendingReplies } from './PendingReplies.js';
import { ReplyRegistry } from './ReplyRegistry.js';

class Party {
  readonly pending: PendingReplies<Party> = new PendingReplies();
}
const parties = () => Array.from({ length: 4 }, () => new Party()) as [Party, Party, Party, Party];

describe('a reply', () => {
  it('is owed once, by the callee, to the caller, for that serial', () => {
    const replies = new ReplyRegistry<Party>();
    const [caller, callee, stranger] = parties();
    replies.expect(caller, 5, callee);
    expect(replies.settle(caller, 6, callee)).toBe(false);
    expect(replies.settle(caller, 5, stranger)).toBe(false);
    expect(replies.settle(stranger, 5, callee)).toBe(false);
    expect(replies.settle(caller, 5, callee)).toBe(true);
    expect(replies.settle(caller, 5, callee)).toBe(false);
  });

  it('cannot be waited for twice under one serial', () => {
    const replies = new ReplyRegistry<Party>();
    const [caller, callee, other] = parties();
    replies.expect(caller, 5, callee);
    expect(() => replies.expect(caller, 5, other)).toThrow('waits for its reply already');
    replies.settle(caller, 5, callee);
    replies.expect(caller, 5, other);
  });

  it('is not coming from a callee that goes, and not wanted by a caller that goes', () => {
    const replies = new ReplyRegistry<Party>();
    const [a, b, c] = parties();
    replies.expect(a, 1, b);
    replies.expect(c, 2, b);
    replies.expect(b, 3, c);
    replies.expect(b, 4, b);
    expect(replies.drop(b).map(({ caller, serial }) => [caller, serial])).toEqual([
      [a, 1],
      [c, 2],
    ]);
    expect(replies.settle(b, 3, c)).toBe(false);
    expect(replies.drop(c)).toEqual([]);
  });

  it('is found among any number of others, in whatever order they come', () => {
    const replies = new ReplyRegistry<Party>();
    const [caller, one, other] = parties();
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 0xffffffff }), { maxLength: 200 }), (serials) => {
        for (const serial of serials) replies.expect(caller, serial, serial & 1 ? one : other);
        expect(caller.pending.waited).toBe(serials.length);
        const backwards = serials.toSorted((a, b) => b - a);
        const [settled, dropped] = [
          backwards.slice(0, 100),
          serials.filter((s) => !backwards.slice(0, 100).includes(s)),
        ];
        for (const serial of settled) {
          expect(replies.settle(caller, serial, serial & 1 ? other : one)).toBe(false);
          expect(replies.settle(caller, serial, serial & 1 ? one : other)).toBe(true);
        }
        const left = [...replies.drop(one), ...replies.drop(other)].map(({ serial }) => serial);
        expect(left).toEqual([...dropped.filter((s) => s & 1), ...dropped.filter((s) => !(s & 1))]);
        expect(caller.pending.waited).toBe(0);
      }),
    );
  });

  it('is waited for by at most 16384 calls of a connection', () => {
    const replies = new ReplyRegistry<Party>();
    const [a, b, c] = parties();
    for (let serial = 1; serial <= 16_384; serial++) replies.expect(a, serial, b);
    expect(() => replies.expect(a, 99_999, b)).toThrow('at most 16384 pending calls');
    replies.expect(c, 1, b);
  });
});
