import { ProtocolError } from '../DBusError.js';

/** An element with its attributes; text between elements means nothing in introspection data, and is not kept. */
export type XmlElement = {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: XmlElement[];
};

/** Of one object; systemd's largest has 150 KB. */
const maximumLength = 4 * 1024 * 1024;
const maximumDepth = 64;

const token =
  /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!\[CDATA\[[\s\S]*?\]\]>|<!DOCTYPE(?:[^[>"']|"[^"]*"|'[^']*'|\[[^\]]*\])*>|<\/([\w:.-]+)\s*>|<([\w:.-]+)((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|</g;
const attribute = /([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/**
 * The one root element of a document. As much of XML as introspection data has: elements, attributes, comments, a
 * DOCTYPE that is not looked into. Throws ProtocolError with the line of what is wrong: a peer wrote it.
 */
export function parseXmlTags(text: string): XmlElement {
  if (text.length > maximumLength) throw new ProtocolError(`XML of ${text.length} characters`);
  const root: XmlElement = { name: '', attributes: new Map(), children: [] };
  const open = [root];
  const wrong = (what: string, at: number) =>
    new ProtocolError(`XML, line ${text.slice(0, at).split('\n').length}: ${what}`);
  for (const match of text.matchAll(token)) {
    const [whole, closed, opened, attributes, alone] = match;
    if (closed !== undefined) {
      if (open.length === 1 || open.pop()!.name !== closed)
        throw wrong(`</${closed}> ends nothing`, match.index);
    } else if (opened !== undefined) {
      const element = { name: opened, attributes: attributesOf(attributes!), children: [] };
      open.at(-1)!.children.push(element);
      if (alone === '/') continue;
      if (open.push(element) > maximumDepth) throw wrong('elements nest too deep', match.index);
    } else if (whole === '<') throw wrong('no tag begins like this', match.index);
  }
  if (open.length > 1) throw wrong(`<${open.at(-1)!.name}> does not end`, text.length);
  if (root.children.length !== 1) throw new ProtocolError('XML without exactly one root element');
  return root.children[0]!;
}

function attributesOf(text: string): Map<string, string> {
  const attributes = new Map<string, string>();
  for (const [, name, quoted, apostrophed] of text.matchAll(attribute))
    attributes.set(name!, decodeEntities(quoted ?? apostrophed ?? ''));
  return attributes;
}

function decodeEntities(text: string): string {
  return text.replaceAll(/&(?:#(\d{1,7})|#x([\da-fA-F]{1,6})|(\w+));/g, (whole, decimal, hex, name) => {
    if (name !== undefined) return Object.hasOwn(entities, name) ? entities[name]! : whole;
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
