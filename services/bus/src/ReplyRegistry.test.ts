import { describe, expect, it } from 'vitest';
import { ReplyRegistry } from './ReplyRegistry.js';

describe('a reply', () => {
  it('is owed once, by the callee, to the caller, for that serial', () => {
    const replies = new ReplyRegistry<string>();
    replies.expect('caller', 5, 'callee');
    expect(replies.settle('caller', 6, 'callee')).toBe(false);
    expect(replies.settle('caller', 5, 'stranger')).toBe(false);
    expect(replies.settle('stranger', 5, 'callee')).toBe(false);
    expect(replies.settle('caller', 5, 'callee')).toBe(true);
    expect(replies.settle('caller', 5, 'callee')).toBe(false);
  });

  it('cannot be waited for twice under one serial', () => {
    const replies = new ReplyRegistry<string>();
    replies.expect('caller', 5, 'callee');
    expect(() => replies.expect('caller', 5, 'other')).toThrow('waits for its reply already');
    replies.settle('caller', 5, 'callee');
    replies.expect('caller', 5, 'other');
  });

  it('is not coming from a callee that goes, and not wanted by a caller that goes', () => {
    const replies = new ReplyRegistry<string>();
    replies.expect('a', 1, 'b');
    replies.expect('c', 2, 'b');
    replies.expect('b', 3, 'c');
    replies.expect('b', 4, 'b');
    expect(replies.drop('b').map(({ caller, serial }) => [caller, serial])).toEqual([
      ['a', 1],
      ['c', 2],
    ]);
    expect(replies.settle('b', 3, 'c')).toBe(false);
    expect(replies.drop('c')).toEqual([]);
  });

  it('is waited for by at most 16384 calls of a connection', () => {
    const replies = new ReplyRegistry<string>();
    for (let serial = 1; serial <= 16_384; serial++) replies.expect('a', serial, 'b');
    expect(() => replies.expect('a', 99_999, 'b')).toThrow('at most 16384 pending calls');
    replies.expect('c', 1, 'b');
  });
});
