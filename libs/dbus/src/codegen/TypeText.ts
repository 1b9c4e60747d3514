import { parseSignature, type Type, TypeCode } from '../Signature.js';

/** `given`: a value that the program hands to the library; `got`: one that the library hands to the program. */
export type Position = 'given' | 'got';

const plain: ReadonlyMap<number, string> = new Map([
  [TypeCode.byte, 'number'],
  [TypeCode.boolean, 'boolean'],
  [TypeCode.int16, 'number'],
  [TypeCode.uint16, 'number'],
  [TypeCode.int32, 'number'],
  [TypeCode.uint32, 'number'],
  [TypeCode.double, 'number'],
  [TypeCode.string, 'string'],
  [TypeCode.objectPath, 'string'],
  [TypeCode.signature, 'string'],
  [TypeCode.unixFd, 'Fd'],
  [TypeCode.variant, 'Variant'],
]);

/** A D-Bus type in TypeScript's words. */
export function typeText(type: Type, position: Position): string {
  const simple = plain.get(type.code);
  if (simple) return simple;
  const given = position === 'given';
  switch (type.code) {
    case TypeCode.int64:
    case TypeCode.uint64:
      return given ? 'bigint | number' : 'bigint';
    case TypeCode.struct:
      return `${given ? 'readonly ' : ''}[${type.children.map((child) => typeText(child, position)).join(', ')}]`;
    default:
      return arrayText(type.children[0]!, position);
  }
}

function arrayText(element: Type, position: Position): string {
  const given = position === 'given';
  if (element.code === TypeCode.byte) return 'Uint8Array';
  if (element.code === TypeCode.dictEntry) {
    const [key, value] = element.children.map((child) => typeText(child, position));
    return `${given ? 'ReadonlyMap' : 'Map'}<${key}, ${value}>`;
  }
  const text = typeText(element, position);
  const whole = /[ |]/.test(text) && !text.startsWith('[') && !text.startsWith('Map<') ? `(${text})` : text;
  return `${given ? 'readonly ' : ''}${whole}[]`;
}

/** Which of `Fd` and `Variant` values of a signature are made of. */
export function classesIn(signature: string): Set<string> {
  const found = new Set<string>();
  const look = (type: Type): void => {
    if (type.code === TypeCode.unixFd) found.add('Fd');
    if (type.code === TypeCode.variant) found.add('Variant');
    type.children.forEach(look);
  };
  parseSignature(signature).forEach(look);
  return found;
}
