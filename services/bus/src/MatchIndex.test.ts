import { parseMatchRule } from '@switchyard/dbus';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type IndexedSubject, MatchIndex } from './MatchIndex.js';

class Owner {
  matchStamp = 0;
  constructor(readonly name: string) {}
}

type Signal = {
  sender: string;
  interface: string;
  member: string;
  path: string;
  args: string[];
  names?: string[];
};

function subject(signal: Signal): IndexedSubject {
  return {
    type: 4,
    ...signal,
    isFor: () => false,
    isFrom: (name) => name === signal.sender || (signal.names ?? []).includes(name),
    argument: (n) => (signal.args[n] === undefined ? undefined : { value: signal.args[n], isPath: false }),
  };
}

function found(index: MatchIndex<Owner>, signal: Signal): string[] {
  const owners: string[] = [];
  index.find(subject(signal), (owner) => owners.push(owner.name));
  return owners.sort();
}

const signal: Signal = { sender: ':1.5', interface: 'a.I', member: 'M', path: '/p/q', args: ['x', 'y'] };

describe('the index', () => {
  it('finds each owner once, however many of its rules fit', () => {
    const index = new MatchIndex<Owner>();
    const owner = new Owner('o');
    for (const rule of [
      '',
      "member='M'",
      "interface='a.I'",
      "arg0='x'",
      "path_namespace='/p'",
      "sender=':1.5'",
    ])
      index.add(owner, parseMatchRule(rule));
    expect(found(index, signal)).toEqual(['o']);
    expect(found(index, signal)).toEqual(['o']);
  });

  it('counts equal rules and takes one away at a time', () => {
    const index = new MatchIndex<Owner>();
    const owner = new Owner('o');
    index.add(owner, parseMatchRule("member='M',path='/p/q'"));
    index.add(owner, parseMatchRule("path='/p/q',member='M'"));
    index.remove(owner, parseMatchRule("member='M',path='/p/q'"));
    expect(found(index, signal)).toEqual(['o']);
    index.remove(owner, parseMatchRule("member='M',path='/p/q'"));
    expect(found(index, signal)).toEqual([]);
    expect(() => index.remove(owner, parseMatchRule("member='M',path='/p/q'"))).toThrow('no match rule');
  });

  it('follows the owner of a well-known sender', () => {
    const index = new MatchIndex<Owner>();
    index.add(new Owner('o'), parseMatchRule("sender='org.x',member='M'"));
    expect(found(index, signal)).toEqual([]);
    expect(found(index, { ...signal, names: ['org.x'] })).toEqual(['o']);
  });

  it('forgets an owner that goes', () => {
    const index = new MatchIndex<Owner>();
    const [a, b] = [new Owner('a'), new Owner('b')];
    for (const owner of [a, b]) for (const rule of ['', "member='M'"]) index.add(owner, parseMatchRule(rule));
    index.removeAll(a);
    expect(found(index, signal)).toEqual(['b']);
    index.removeAll(b);
    expect(index.size).toBe(0);
  });

  it('agrees with trying every rule', () => {
    const part = (key: string, ...values: string[]) =>
      fc.option(fc.constantFrom(...values)).map((value) => (value === null ? [] : [`${key}='${value}'`]));
    const rule = fc
      .tuple(
        part('type', 'signal', 'method_call'),
        part('interface', 'a.I', 'a.J'),
        part('member', 'M', 'N'),
        part('path', '/p/q', '/p'),
        part('sender', ':1.5', ':1.6', 'org.x'),
        part('arg0', 'x', 'z'),
        part('arg1', 'y'),
      )
      .map((parts) => parts.flat().join(','));
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 30 }), fc.boolean(), (rules, named) => {
        const one = { ...signal, names: named ? ['org.x'] : [] };
        const index = new MatchIndex<Owner>();
        const alone: string[] = [];
        rules.forEach((text, i) => {
          index.add(new Owner(`${i}`), parseMatchRule(text));
          const single = new MatchIndex<Owner>();
          single.add(new Owner(`${i}`), parseMatchRule(text));
          alone.push(...found(single, one));
        });
        expect(found(index, one)).toEqual(alone.sort());
      }),
      { numRuns: 500 },
    );
  });

  it('costs by what fits, not by how many rules there are', () => {
    const index = new MatchIndex<Owner>();
    for (let i = 0; i < 10_000; i++)
      index.add(
        new Owner(`${i}`),
        parseMatchRule(`type='signal',interface='a.I',member='M',arg0='other${i}'`),
      );
    let looked = 0;
    const counting = {
      ...subject(signal),
      get type() {
        looked++;
        return 4;
      },
    };
    index.find(counting, () => {});
    expect(looked).toBe(0);
  });

  it('holds at most 16384 rules of one owner', () => {
    const index = new MatchIndex<Owner>();
    const owner = new Owner('o');
    for (let i = 0; i < 16_384; i++) index.add(owner, { member: 'M' });
    expect(() => index.add(owner, { member: 'N' })).toThrow('at most 16384 match rules');
    index.remove(owner, { member: 'M' });
    index.add(owner, { member: 'N' });
  });
});
