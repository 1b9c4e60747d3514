import { XMLParser } from 'fast-xml-parser';
import type {
  Argument,
  ArgumentType,
  Enum,
  EnumEntry,
  InterfaceModel,
  Message,
  Protocol,
} from './Protocol.js';

type Element = { [key: string]: unknown };

const argumentTypes: ReadonlySet<string> = new Set<ArgumentType>([
  'int',
  'uint',
  'fixed',
  'string',
  'object',
  'new_id',
  'array',
  'fd',
]);

/** The elements that may repeat; everything else is one element, whatever the file holds. */
const repeating = new Set(['interface', 'request', 'event', 'enum', 'entry', 'arg']);

const xml = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  textNodeName: '#text',
  parseAttributeValue: false,
  parseTagValue: false,
  isArray: (name, _path, _leaf, isAttribute) => !isAttribute && repeating.has(name),
});

/**
 * Reads a protocol XML as wayland-scanner(1) does.
 *
 * @param subject names the file in errors.
 * @throws Error that names the file, the element and what is wrong with it.
 */
export function parseProtocol(text: string, subject: string): Protocol {
  const fail = (what: string): never => {
    throw new Error(`${subject}: ${what}`);
  };
  const document = xml.parse(text, true) as Element;
  const root = document['protocol'];
  if (!isElement(root)) return fail('no <protocol> element: not a Wayland protocol');
  const name = attribute(root, 'name') ?? fail('<protocol> has no name');
  const copyright = typeof root['copyright'] === 'string' ? root['copyright'] : '';
  return { name, copyright, interfaces: children(root, 'interface').map(readInterface) };

  function readInterface(element: Element): InterfaceModel {
    const name = attribute(element, 'name') ?? fail('an <interface> has no name');
    const version = number(attribute(element, 'version'), `interface ${name}: version`);
    const messages = (tag: string): Message[] =>
      children(element, tag).map((child, opcode) => readMessage(child, opcode, name, version));
    return {
      name,
      version,
      summary: summaryOf(element),
      requests: messages('request'),
      events: messages('event'),
      enums: children(element, 'enum').map((child) => readEnum(child, name)),
    };
  }

  function readMessage(element: Element, opcode: number, owner: string, version: number): Message {
    const name = attribute(element, 'name') ?? fail(`${owner}: a message has no name`);
    const since = number(attribute(element, 'since') ?? '1', `${owner}.${name}: since`);
    if (since > version) fail(`${owner}.${name}: since ${since} is above the interface's version ${version}`);
    return {
      name,
      opcode,
      since,
      destructor: attribute(element, 'type') === 'destructor',
      summary: summaryOf(element),
      arguments: children(element, 'arg').map((child) => readArgument(child, `${owner}.${name}`)),
    };
  }

  function readArgument(element: Element, owner: string): Argument {
    const name = attribute(element, 'name') ?? fail(`${owner}: an <arg> has no name`);
    const type = attribute(element, 'type') ?? '';
    if (!isArgumentType(type)) return fail(`${owner}: argument ${name} has the unknown type "${type}"`);
    return {
      name,
      type,
      interface: attribute(element, 'interface'),
      enum: attribute(element, 'enum'),
      nullable: attribute(element, 'allow-null') === 'true',
      summary: attribute(element, 'summary') ?? '',
    };
  }

  function readEnum(element: Element, owner: string): Enum {
    const name = attribute(element, 'name') ?? fail(`${owner}: an <enum> has no name`);
    return {
      name,
      bitfield: attribute(element, 'bitfield') === 'true',
      summary: summaryOf(element),
      entries: children(element, 'entry').map((child) => readEntry(child, `${owner}.${name}`)),
    };
  }

  function readEntry(element: Element, owner: string): EnumEntry {
    const name = attribute(element, 'name') ?? fail(`${owner}: an <entry> has no name`);
    return {
      name,
      value: number(attribute(element, 'value'), `${owner}.${name}: value`),
      since: number(attribute(element, 'since') ?? '1', `${owner}.${name}: since`),
      summary: attribute(element, 'summary') ?? '',
    };
  }

  function number(text: string | undefined, what: string): number {
    const value = text === undefined || text.trim() === '' ? Number.NaN : Number(text);
    return Number.isInteger(value) ? value : fail(`${what} is not a number: ${text ?? 'missing'}`);
  }
}

function isElement(value: unknown): value is Element {
  return typeof value === 'object' && value !== null;
}

function isArgumentType(type: string): type is ArgumentType {
  return argumentTypes.has(type);
}

/** An element without attributes and children is parsed as an empty string, hence the filter. */
function children(element: Element, name: string): Element[] {
  const found = element[name];
  return Array.isArray(found) ? found.filter(isElement) : [];
}

function attribute(element: Element, name: string): string | undefined {
  const value = element[`@${name}`];
  return typeof value === 'string' ? value : undefined;
}

function summaryOf(element: Element): string {
  const description = element['description'];
  return (isElement(description) ? attribute(description, 'summary') : attribute(element, 'summary')) ?? '';
}
