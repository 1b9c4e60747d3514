import { describe, expect, it } from 'vitest';
import { NameRegistry } from './NameRegistry.js';

const allow = 1;
const replace = 2;
const noQueue = 4;
const [owner, queued, exists, already] = [1, 2, 3, 4];

function registry() {
  const changes: string[] = [];
  const names = new NameRegistry<string>((name, old, now) =>
    changes.push(`${name}: ${old ?? '-'} > ${now ?? '-'}`),
  );
  return { names, changes };
}

describe('a name', () => {
  it('goes to the first who asks, and stays', () => {
    const { names, changes } = registry();
    expect(names.request('a', 'n', 0)).toBe(owner);
    expect(names.request('a', 'n', 0)).toBe(already);
    expect(names.request('b', 'n', noQueue)).toBe(exists);
    expect(names.request('b', 'n', replace)).toBe(queued);
    expect(names.queue('n')).toEqual(['a', 'b']);
    expect(changes).toEqual(['n: - > a']);
  });

  it('goes to the next of the queue when its owner releases it', () => {
    const { names, changes } = registry();
    for (const peer of ['a', 'b', 'c']) names.request(peer, 'n', 0);
    expect(names.release('b', 'n')).toBe(1);
    expect(names.release('b', 'n')).toBe(3);
    expect(names.release('a', 'n')).toBe(1);
    expect(names.owner('n')).toBe('c');
    expect(names.release('c', 'n')).toBe(1);
    expect(names.release('c', 'n')).toBe(2);
    expect(changes).toEqual(['n: - > a', 'n: a > c', 'n: c > -']);
  });

  it('is taken from an owner that allows it, who then is next unless it does not queue', () => {
    const { names } = registry();
    names.request('a', 'n', allow);
    names.request('b', 'n', 0);
    expect(names.request('c', 'n', replace)).toBe(owner);
    expect(names.queue('n')).toEqual(['c', 'a', 'b']);
    names.request('c', 'n', allow | noQueue);
    expect(names.request('b', 'n', replace)).toBe(owner);
    expect(names.queue('n')).toEqual(['b', 'a']);
  });

  it('is not taken from an owner that does not allow it any more', () => {
    const { names } = registry();
    names.request('a', 'n', allow);
    names.request('a', 'n', 0);
    expect(names.request('b', 'n', replace | noQueue)).toBe(exists);
  });

  it('is not waited for by whom asks again without queueing', () => {
    const { names } = registry();
    names.request('a', 'n', 0);
    names.request('b', 'n', 0);
    expect(names.request('b', 'n', noQueue)).toBe(exists);
    expect(names.queue('n')).toEqual(['a']);
  });

  it('is free of a peer that goes, wherever it stood', () => {
    const { names, changes } = registry();
    names.request('a', 'n', 0);
    names.request('b', 'n', 0);
    names.request('b', 'm', 0);
    names.request('a', 'm', 0);
    names.releaseAll('a');
    expect([names.queue('n'), names.queue('m')]).toEqual([['b'], ['b']]);
    names.releaseAll('b');
    expect([...names.names()]).toEqual([]);
    expect(changes).toEqual(['n: - > a', 'm: - > b', 'n: a > b', 'm: b > -', 'n: b > -']);
  });
});

it('a peer has at most 1024 names, its unique one among them', () => {
  const { names } = registry();
  for (let i = 0; i < 1023; i++) names.request('a', `n${i}`, 0);
  expect(() => names.request('a', 'one more', 0)).toThrow('at most 1024 names');
  expect(names.owner('one more')).toBeUndefined();
  names.release('a', 'n5');
  expect(names.request('a', 'one more', 0)).toBe(owner);
});
