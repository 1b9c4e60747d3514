import type { InterfaceDescription } from '../Interface.js';
import { parseSignature } from '../Signature.js';

const doctype = `<!DOCTYPE node PUBLIC "-//freedesktop//DTD D-BUS Object Introspection 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/introspect.dtd">
`;

/** An object as introspection XML: its interfaces and the names of its children. */
export function introspectionXml(
  interfaces: Iterable<InterfaceDescription>,
  children: Iterable<string>,
): string {
  const lines = ['<node>'];
  for (const one of interfaces) describeInterface(one, lines);
  for (const child of children) lines.push(` <node name="${child}"/>`);
  lines.push('</node>');
  return `${doctype}${lines.join('\n')}\n`;
}

function describeInterface(one: InterfaceDescription, lines: string[]): void {
  lines.push(` <interface name="${one.name}">`);
  for (const [name, method] of Object.entries(one.methods ?? {})) {
    lines.push(`  <method name="${name}">`);
    describeArguments(method.in ?? '', method.inNames, ' direction="in"', lines);
    describeArguments(method.out ?? '', method.outNames, ' direction="out"', lines);
    if (method.noReply) annotate('org.freedesktop.DBus.Method.NoReply', 'true', lines);
    if (method.deprecated) annotate('org.freedesktop.DBus.Deprecated', 'true', lines);
    lines.push('  </method>');
  }
  for (const [name, signal] of Object.entries(one.signals ?? {})) {
    lines.push(`  <signal name="${name}">`);
    describeArguments(signal.args, signal.names, '', lines);
    lines.push('  </signal>');
  }
  for (const [name, property] of Object.entries(one.properties ?? {})) {
    const access = property.set ? 'readwrite' : 'read';
    lines.push(`  <property name="${name}" type="${property.type}" access="${access}">`);
    annotate('org.freedesktop.DBus.Property.EmitsChangedSignal', property.emits ?? 'true', lines);
    lines.push('  </property>');
  }
  lines.push(' </interface>');
}

function describeArguments(
  signature: string,
  names: string[] | undefined,
  direction: string,
  lines: string[],
): void {
  parseSignature(signature).forEach((type, i) => {
    const name = names?.[i];
    lines.push(`   <arg${name ? ` name="${name}"` : ''} type="${type.text}"${direction}/>`);
  });
}

function annotate(name: string, value: string, lines: string[]): void {
  lines.push(`   <annotation name="${name}" value="${value}"/>`);
}
