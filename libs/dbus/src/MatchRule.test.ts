import { describe, expect, it } from 'vitest';
import { DBusError } from './DBusError.js';
import { formatMatchRule, type MatchSubject, parseMatchRule, ruleMatches } from './MatchRule.js';

function subject(fields: {
  type?: number;
  interface?: string;
  member?: string;
  path?: string;
  destination?: string;
  sender?: string;
  args?: (string | { path: string } | undefined)[];
}): MatchSubject {
  return {
    type: fields.type ?? 4,
    interface: fields.interface,
    member: fields.member,
    path: fields.path,
    isFor: (name) => name === fields.destination,
    isFrom: (name) => name === fields.sender,
    argument: (n) => {
      const value = fields.args?.[n];
      if (value === undefined) return undefined;
      return typeof value === 'string' ? { value, isPath: false } : { value: value.path, isPath: true };
    },
  };
}

const matches = (rule: string, fields: Parameters<typeof subject>[0]) =>
  ruleMatches(parseMatchRule(rule), subject(fields));

describe('a match rule', () => {
  it('without keys wants everything', () => {
    expect(matches('', {})).toBe(true);
    expect(matches('', { type: 1 })).toBe(true);
  });

  it.each([
    ["type='signal'", {}, { type: 1 }],
    ["type='method_call'", { type: 1 }, { type: 2 }],
    ["interface='a.b'", { interface: 'a.b' }, { interface: 'a.c' }],
    ["member='M'", { member: 'M' }, {}],
    ["path='/a'", { path: '/a' }, { path: '/a/b' }],
    ["path_namespace='/a'", { path: '/a/b' }, { path: '/ab' }],
    ["path_namespace='/a'", { path: '/a' }, {}],
    ["path_namespace='/'", { path: '/anything' }, {}],
    ["sender='org.x'", { sender: 'org.x' }, { sender: 'org.y' }],
    ["destination=':1.1'", { destination: ':1.1' }, {}],
    ["arg0='x'", { args: ['x'] }, { args: [{ path: 'x' }] }],
    ["arg0='x'", { args: ['x', 'y'] }, { args: [] }],
    ["arg63='z'", { args: [...Array(63).fill(undefined), 'z'] }, { args: ['z'] }],
    ["arg0path='/a/'", { args: ['/a/b'] }, { args: ['/a'] }],
    ["arg0path='/a/b'", { args: [{ path: '/a/' }] }, { args: ['/a/bc'] }],
    ["arg1path='/a'", { args: [undefined, { path: '/a' }] }, { args: [undefined, '/a/b'] }],
    ["arg0namespace='org.x'", { args: ['org.x.y'] }, { args: ['org.xy'] }],
    ["arg0namespace='org'", { args: ['org'] }, { args: [{ path: '/org' }] }],
  ])('%s takes the one and not the other', (rule, wanted, unwanted) => {
    expect(matches(rule, wanted)).toBe(true);
    expect(matches(rule, unwanted)).toBe(false);
  });

  it.each([
    ["type='signal' , member=Foo", { type: 'signal', member: 'Foo' }],
    ["  member='F',", { member: 'F' }],
    ["arg0='a,b'", { args: new Map([[0, 'a,b']]) }],
    ["arg0='it'\\''s'", { args: new Map([[0, "it's"]]) }],
    ['arg0=a\\b', { args: new Map([[0, 'a\\b']]) }],
    ["arg0='a\\b'", { args: new Map([[0, 'a\\b']]) }],
    ["arg0=''", { args: new Map([[0, '']]) }],
    ['arg0=a\\,b', { args: new Map([[0, 'a\\,b']]) }],
    ["eavesdrop='true',eavesdrop='false'", { eavesdrop: false }],
  ])('reads %s', (text, rule) => {
    expect(parseMatchRule(text.replace(' ,', ','))).toEqual(rule);
  });

  it.each([
    'nonsense',
    '=x',
    "type='other'",
    "type='signal',type='signal'",
    "path='/a',path_namespace='/a'",
    "arg0='a',arg0path='/a'",
    "arg64='a'",
    "arg00='a'",
    "arg1namespace='a'",
    "member='not.valid'",
    "interface='x'",
    "path='x'",
    "sender='x'",
    "arg0='unended",
    "foo='bar'",
    "eavesdrop='perhaps'",
  ])('refuses %s', (text) => {
    expect(() => parseMatchRule(text)).toThrow(DBusError);
    expect(() => parseMatchRule(text)).toThrow(
      expect.objectContaining({ name: 'org.freedesktop.DBus.Error.MatchRuleInvalid' }),
    );
  });

  it('refuses a rule of more than 1024 bytes', () => {
    const rule = (text: string) => `arg0='${text}'`;
    parseMatchRule(rule('x'.repeat(1017)));
    for (const text of ['x'.repeat(1018), 'é'.repeat(509)])
      expect(() => parseMatchRule(rule(text))).toThrow(
        expect.objectContaining({ name: 'org.freedesktop.DBus.Error.LimitsExceeded' }),
      );
  });

  it('has one spelling whatever order its keys came in', () => {
    const a = parseMatchRule("member='M',arg1='b',type='signal',arg0='a',eavesdrop='true'");
    const b = parseMatchRule("type='signal',arg0='a',arg1='b',eavesdrop='true',member='M'");
    expect(formatMatchRule(a)).toBe(formatMatchRule(b));
    expect(parseMatchRule(formatMatchRule(a))).toEqual(a);
    const quoted = parseMatchRule("arg0='it'\\''s, ok'");
    expect(parseMatchRule(formatMatchRule(quoted))).toEqual(quoted);
  });
});
