/** How protocol names look in TypeScript: `wl_surface` → `WlSurface`, `set_buffer_scale` → `setBufferScale`. */

export function pascalCase(name: string): string {
  return name
    .split('_')
    .filter((word) => word !== '')
    .map((word) => word[0]!.toUpperCase() + word.slice(1))
    .join('');
}

export function camelCase(name: string): string {
  const pascal = pascalCase(name);
  return pascal[0]!.toLowerCase() + pascal.slice(1);
}

/** What the runtime's base classes use: a request of that name would hide it. */
const proxyMembers = new Set([
  'id',
  'version',
  'display',
  'handler',
  'alive',
  'interface',
  'implement',
  'dispatch',
  'forget',
]);

/** Names that cannot stand as a parameter, or that generated bodies use themselves. */
const reserved = new Set([
  'arguments',
  'await',
  'break',
  'case',
  'catch',
  'class',
  'const',
  'continue',
  'default',
  'delete',
  'do',
  'else',
  'enum',
  'eval',
  'export',
  'extends',
  'false',
  'finally',
  'for',
  'function',
  'handler',
  'if',
  'implements',
  'import',
  'in',
  'instanceof',
  'interface',
  'let',
  'message',
  'new',
  'null',
  'opcode',
  'package',
  'private',
  'protected',
  'proxy',
  'public',
  'resource',
  'return',
  'static',
  'super',
  'switch',
  'this',
  'throw',
  'true',
  'try',
  'typeof',
  'var',
  'void',
  'while',
  'with',
  'yield',
]); // prettier-ignore

export function parameterName(name: string): string {
  const camel = camelCase(name);
  return reserved.has(camel) ? `${camel}Argument` : camel;
}

export function proxyMethodName(name: string): string {
  const camel = camelCase(name);
  return proxyMembers.has(camel) ? `${camel}Request` : camel;
}

export function enumName(interfaceName: string, enumName: string): string {
  return pascalCase(interfaceName) + pascalCase(enumName);
}

/** A property key, quoted where it must be (`wl_output.transform` has an entry called 90). */
export function propertyKey(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? name : `'${name}'`;
}

/** Text for a one-line doc comment. */
export function comment(text: string): string {
  return text.replace(/\s+/g, ' ').replaceAll('*/', '* /').trim();
}
