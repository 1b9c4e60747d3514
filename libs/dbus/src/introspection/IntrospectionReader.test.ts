import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProtocolError } from '../DBusError.js';
import { introspectionXml } from './Introspection.js';
import { childPath, parseIntrospection } from './IntrospectionReader.js';

describe('introspection data', () => {
  it('is read as it was written', () => {
    const one = {
      name: 'org.example.I',
      methods: {
        Do: {
          in: 'sa{sv}',
          out: 'u',
          inNames: ['text', 'map'],
          outNames: [''],
          deprecated: true,
          noReply: true,
        },
      },
      properties: { P: { type: 'i', set: true, emits: 'true' }, C: { type: 's', emits: 'const' } },
      signals: { S: { args: '(ii)', names: ['pair'] } },
    } as const;
    const node = parseIntrospection(introspectionXml([one as never], ['child']));
    expect(JSON.parse(JSON.stringify(node))).toEqual({
      name: '',
      interfaces: [JSON.parse(JSON.stringify(one))],
      children: [{ name: 'child', interfaces: [], children: [] }],
    });
  });

  it('may have comments, processing instructions, entities, nested nodes and absolute names', () => {
    const node = parseIntrospection(`<?xml version="1.0"?><!DOCTYPE node [<!ENTITY x "y">]>
      <!-- <node> --><node name="/"><node name='/a/b'><interface name="a&#46;B"><doc>text &gt; more</doc></interface></node></node>`);
    expect(node.children).toMatchObject([{ name: '/a/b', interfaces: [{ name: 'a.B' }] }]);
    const { children } = parseIntrospection(
      '<node><node name="org/freedesktop/DBus"/><node name="/"/></node>',
    );
    expect(children.map((child) => childPath('/', child))).toEqual(['/org/freedesktop/DBus', '/']);
  });

  it.each([
    ['<node>', 'line 1: <node> does not end'],
    ['<node>\n</nod>', 'line 2: </nod> ends nothing'],
    ['<node name=x/>', 'no tag begins like this'],
    ['<nodes/>', 'begins with <nodes>'],
    ['', 'one root element'],
    ['<node><interface/></node>', '<interface> without name'],
    ['<node><interface name="a b"/></node>', 'not an interface’s name'.replace('’', "'")],
    ['<node><interface name="a.B"><method name="c.d"/></interface></node>', "not a member's name"],
    ['<node><interface name="a.B"><method name="c"><arg type="z"/></method></interface></node>', 'signature'],
    ['<node><interface name="a.B"><property name="c" type="ii"/></interface></node>', 'one complete type'],
    ['<node><node name="../x y"/></node>', 'child node'],
    [`${'<node>'.repeat(100)}`, 'too deep'],
  ])('%j is refused', (xml, why) => {
    expect(() => parseIntrospection(xml)).toThrow(ProtocolError);
    expect(() => parseIntrospection(xml)).toThrow(why);
  });

  it('that is damaged anywhere is read or refused, and nothing else', () => {
    const xml = introspectionXml(
      [{ name: 'a.B', methods: { C: { in: 'a{sv}', inNames: ['x'] } }, properties: { D: { type: 'u' } } }],
      ['e'],
    );
    fc.assert(
      fc.property(fc.nat(xml.length - 1), fc.string({ maxLength: 3 }), fc.nat(5), (at, text, cut) => {
        try {
          parseIntrospection(xml.slice(0, at) + text + xml.slice(at + cut));
        } catch (error) {
          expect(error).toBeInstanceOf(ProtocolError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
