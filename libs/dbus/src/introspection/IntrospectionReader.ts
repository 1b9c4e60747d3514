import { ProtocolError } from '../DBusError.js';
import type { InterfaceDescription } from '../Interface.js';
import { isInterfaceName, isMemberName, isObjectPath } from '../Names.js';
import { parseSignature, parseSingleType } from '../Signature.js';
import { parseXmlTags, type XmlElement } from './XmlTags.js';

/** An object as introspection tells of it. */
export type IntrospectedNode = {
  /** '' for the node that was asked for; a child's is relative to its parent's path, unless it begins with `/`. */
  name: string;
  interfaces: InterfaceDescription[];
  children: IntrospectedNode[];
};

type Methods = NonNullable<InterfaceDescription['methods']>;
type Properties = NonNullable<InterfaceDescription['properties']>;
type Signals = NonNullable<InterfaceDescription['signals']>;
const emissions = ['true', 'false', 'const', 'invalidates'] as const;

/** The path of an object's child. */
export function childPath(path: string, child: IntrospectedNode): string {
  if (child.name.startsWith('/')) return child.name;
  return `${path === '/' ? '' : path}/${child.name}`;
}

/** Reads introspection XML, whosever it is: names and signatures in it are valid afterwards. Throws ProtocolError. */
export function parseIntrospection(xml: string): IntrospectedNode {
  const root = parseXmlTags(xml);
  if (root.name !== 'node')
    throw new ProtocolError(`introspection data begins with <${root.name}>, not <node>`);
  return readNode(root, '');
}

function readNode(element: XmlElement, name: string): IntrospectedNode {
  const node: IntrospectedNode = { name, interfaces: [], children: [] };
  for (const child of element.children) {
    if (child.name === 'interface') node.interfaces.push(readInterface(child));
    else if (child.name === 'node') node.children.push(readNode(child, childName(child)));
  }
  return node;
}

/** An element; some skip those in between (`org/freedesktop/DBus`), and some name the whole path. */
function childName(element: XmlElement): string {
  const name = attribute(element, 'name');
  if (!isObjectPath(name.startsWith('/') ? name : `/${name}`))
    throw new ProtocolError(`a child node is named ${JSON.stringify(name)}`);
  return name;
}

function readInterface(element: XmlElement): InterfaceDescription {
  const name = attribute(element, 'name');
  if (!isInterfaceName(name)) throw new ProtocolError(`not an interface's name: ${JSON.stringify(name)}`);
  // Members may have any name, `__proto__` as well.
  const methods: Methods = Object.create(null);
  const properties: Properties = Object.create(null);
  const signals: Signals = Object.create(null);
  for (const member of element.children) {
    if (member.name === 'method') methods[memberName(member, name)] = readMethod(member);
    else if (member.name === 'property') properties[memberName(member, name)] = readProperty(member);
    else if (member.name === 'signal') signals[memberName(member, name)] = readSignal(member);
  }
  return { name, methods, properties, signals };
}

function memberName(element: XmlElement, owner: string): string {
  const name = attribute(element, 'name');
  if (!isMemberName(name)) throw new ProtocolError(`${owner}: not a member's name: ${JSON.stringify(name)}`);
  return name;
}

function readMethod(element: XmlElement): Methods[string] {
  const into = readArguments(element, (direction) => direction !== 'out');
  const out = readArguments(element, (direction) => direction === 'out');
  const annotations = readAnnotations(element);
  return {
    in: into.signature,
    out: out.signature,
    inNames: into.names,
    outNames: out.names,
    ...(annotations.get('org.freedesktop.DBus.Method.NoReply') === 'true' ? { noReply: true } : {}),
    ...(annotations.get('org.freedesktop.DBus.Deprecated') === 'true' ? { deprecated: true } : {}),
  };
}

function readSignal(element: XmlElement): Signals[string] {
  const { signature, names } = readArguments(element, () => true);
  return { args: signature, names };
}

function readProperty(element: XmlElement): Properties[string] {
  const type = attribute(element, 'type');
  parseSingleType(type);
  const told = readAnnotations(element).get('org.freedesktop.DBus.Property.EmitsChangedSignal');
  const emits = emissions.find((one) => one === told);
  return {
    type,
    ...(emits ? { emits } : {}),
    ...(element.attributes.get('access')?.includes('write') ? { set: true } : {}),
  };
}

function readArguments(
  element: XmlElement,
  wanted: (direction: string | undefined) => boolean,
): { signature: string; names: string[] } {
  let signature = '';
  const names: string[] = [];
  for (const child of element.children) {
    if (child.name !== 'arg' || !wanted(child.attributes.get('direction'))) continue;
    const type = attribute(child, 'type');
    parseSingleType(type);
    signature += type;
    names.push(child.attributes.get('name') ?? '');
  }
  parseSignature(signature);
  return { signature, names };
}

function readAnnotations(element: XmlElement): Map<string, string> {
  return new Map(
    element.children
      .filter((child) => child.name === 'annotation')
      .map((child) => [attribute(child, 'name'), child.attributes.get('value') ?? '']),
  );
}

function attribute(element: XmlElement, name: string): string {
  const value = element.attributes.get(name);
  if (value === undefined) throw new ProtocolError(`introspection data: <${element.name}> without ${name}`);
  return value;
}
