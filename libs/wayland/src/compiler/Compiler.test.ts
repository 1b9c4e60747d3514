import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { emitIndex, emitModules } from './Emitter.js';
import { parseProtocol } from './Parser.js';

const sample = `<?xml version="1.0" encoding="UTF-8"?>
<protocol name="sample">
  <copyright>Copyright somebody</copyright>
  <interface name="yard_gate" version="3">
    <description summary="a gate &amp; its keeper">Long text.</description>
    <request name="destroy" type="destructor"><description summary="away with it"/></request>
    <request name="open" since="2">
      <arg name="how" type="uint" enum="manner"/>
      <arg name="through" type="object" interface="yard_gate" allow-null="true" summary="another gate"/>
      <arg name="passage" type="new_id" interface="yard_passage"/>
      <arg name="ticket" type="fd"/>
    </request>
    <event name="arrived" since="3">
      <arg name="where" type="fixed"/>
      <arg name="load" type="array"/>
      <arg name="name" type="string" allow-null="true"/>
    </event>
    <enum name="manner">
      <entry name="slowly" value="0" summary="as ever"/>
      <entry name="90" value="0x5a" since="2"/>
    </enum>
    <enum name="error"><entry name="locked" value="7"/></enum>
    <enum name="sides" bitfield="true"><entry name="left" value="1"/></enum>
  </interface>
  <interface name="yard_passage" version="1">
    <event name="done" type="destructor"><arg name="serial" type="uint"/></event>
  </interface>
</protocol>`;

describe('the compiler', () => {
  const text = emitModules(new Map([['sample', parseProtocol(sample, 'sample.xml')]])).get('sample')!;

  it('describes each message with its since and its signature', () => {
    expect(text).toContain(`  requests: [
    { name: 'destroy', since: 1, signature: '', destructor: true },
    { name: 'open', since: 2, signature: 'u?onh', destructor: false },
  ],
  events: [
    { name: 'arrived', since: 3, signature: 'fa?s', destructor: false },
  ],`);
  });

  it('gives the server a handler with one typed method a request', () => {
    expect(text).toContain(`export interface YardGateRequests {
  /**
   * away with it
   * Destroys the object.
   */
  destroy(resource: YardGateResource): void;
  /**
   * Since version 2.
   * @param how see YardGateManner
   * @param through another gate
   */
  open(resource: YardGateResource, how: number, through: YardGateResource | null, passage: YardPassageResource, ticket: Fd): void;
}`);
  });

  it('gives the server a sender for each event, which destroys the resource after a destructor', () => {
    expect(text).toContain(`  sendDone(serial: number): void {
    const message = this.event(0, 1);
    if (message === undefined) return;
    message.uint(serial);
    message.end();
    this.destroy();
  }`);
    expect(text).toContain('sendArrived(where: number, load: Uint8Array, name: string | null): void');
  });

  it('types the errors that a server can post', () => {
    expect(text).toContain('export class YardGateResource extends Resource<YardGateRequests, YardGateError>');
  });

  it('gives the client a method for each request, which closes its fds when the connection has ended', () => {
    expect(
      text,
    ).toContain(`  open(how: YardGateManner, through: YardGateProxy | null, ticket: Fd, handler: YardPassageEvents): YardPassageProxy {
    const throughId = this.reference(through);
    const message = this.request(1, 2);
    const created = this.create(YardPassageProxy, this.version, handler);
    if (message !== undefined) {
      message.uint(how);
      message.uint(throughId);
      message.uint(created.id);
      message.fd(ticket);
      message.end();
    }
    else { ticket.close(); }
    return created;
  }`);
  });

  it('writes enums as constants, bit fields as numbers, and tells which entries came later', () => {
    expect(text).toContain(
      "  /** as ever */\n  slowly: 0,\n  /** (since version 2) */\n  '90': 90,\n} as const;",
    );
    expect(text).toContain(
      'export type YardGateManner = (typeof YardGateManner)[keyof typeof YardGateManner];',
    );
    expect(text).toContain("export const YardGateMannerSince = { '90': 2 } as const;");
    expect(text).toContain('export type YardGateSides = number;');
  });

  it('refuses an XML that is no protocol, and says what is wrong with one that is', () => {
    expect(() => parseProtocol('<html></html>', 'a.xml')).toThrow('a.xml: no <protocol> element');
    const broken = (from: string, to: string): string => sample.replace(from, to);
    expect(() => parseProtocol(broken('type="fixed"', 'type="float"'), 'b.xml')).toThrow(
      'b.xml: yard_gate.arrived: argument where has the unknown type "float"',
    );
    expect(() => parseProtocol(broken('since="3"', 'since="4"'), 'b.xml')).toThrow(
      "yard_gate.arrived: since 4 is above the interface's version 3",
    );
    expect(() => parseProtocol(broken('value="7"', 'value="seven"'), 'b.xml')).toThrow(
      'yard_gate.error.locked: value is not a number: seven',
    );
    const unknown = parseProtocol(broken('interface="yard_passage"', 'interface="yard_hall"'), 'b.xml');
    expect(() => emitModules(new Map([['b', unknown]]))).toThrow(
      'no protocol defines the interface yard_hall',
    );
  });

  it('makes of protocols/ exactly what is committed as generated', () => {
    const xmls = fileURLToPath(new URL('../../../../protocols/', import.meta.url));
    const generated = fileURLToPath(new URL('../generated/', import.meta.url));
    const names = readdirSync(xmls).filter((name) => name.endsWith('.xml'));
    const protocols = new Map(
      names.map((name) => [basename(name, '.xml'), parseProtocol(readFileSync(xmls + name, 'utf8'), name)]),
    );
    const modules = emitModules(protocols);
    modules.set('index', emitIndex(protocols.keys()));
    expect(readdirSync(generated).sort()).toEqual([...modules.keys()].map((name) => `${name}.ts`).sort());
    for (const [name, text] of modules) {
      expect(readFileSync(`${generated}${name}.ts`, 'utf8') === text, name).toBe(true);
    }
  });
});
