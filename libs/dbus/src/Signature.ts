import { ProtocolError } from './DBusError.js';

/** Specification, "Valid Signatures": lengths and depths of one signature. */
const maximumLength = 255;
const maximumArrayDepth = 32;
const maximumStructDepth = 32;

/** Parsed signatures are kept, since programs use a few dozen; a peer that invents new ones empties the cache and no more. */
const cacheSize = 1024;

/** One complete type. `children`: an array's element, a struct's fields, a dict entry's key and value. */
export type Type = {
  readonly code: number;
  readonly text: string;
  readonly alignment: 1 | 2 | 4 | 8;
  readonly children: readonly Type[];
};

export const TypeCode = {
  byte: 0x79,
  boolean: 0x62,
  int16: 0x6e,
  uint16: 0x71,
  int32: 0x69,
  uint32: 0x75,
  int64: 0x78,
  uint64: 0x74,
  double: 0x64,
  string: 0x73,
  objectPath: 0x6f,
  signature: 0x67,
  unixFd: 0x68,
  variant: 0x76,
  array: 0x61,
  struct: 0x28,
  dictEntry: 0x7b,
} as const;

const structEnd = 0x29;
const dictEntryEnd = 0x7d;

const basic = (text: string, alignment: Type['alignment']): [number, Type] => [
  text.charCodeAt(0),
  { code: text.charCodeAt(0), text, alignment, children: [] },
];
const basicTypes: ReadonlyMap<number, Type> = new Map([
  basic('y', 1),
  basic('b', 4),
  basic('n', 2),
  basic('q', 2),
  basic('i', 4),
  basic('u', 4),
  basic('x', 8),
  basic('t', 8),
  basic('d', 8),
  basic('s', 4),
  basic('o', 4),
  basic('g', 1),
  basic('h', 4),
]);
const variantType: Type = { code: TypeCode.variant, text: 'v', alignment: 1, children: [] };

const letters: (Type | undefined)[] = Array.from({ length: 256 });
for (const type of [...basicTypes.values(), variantType]) letters[type.code] = type;

/** The type whose signature is this one letter, if there is one. */
export function typeOfLetter(code: number): Type | undefined {
  return letters[code];
}

class Parser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  all(): Type[] {
    if (this.#text.length > maximumLength) throw this.#error(`is longer than ${maximumLength} bytes`);
    const types: Type[] = [];
    while (this.#at < this.#text.length) types.push(this.#one(0, 0));
    return types;
  }

  #one(arrays: number, structs: number): Type {
    const start = this.#at;
    const code = this.#next();
    const simple = basicTypes.get(code);
    if (simple) return simple;
    if (code === TypeCode.variant) return variantType;
    if (code === TypeCode.array) {
      if (arrays === maximumArrayDepth) throw this.#error(`nests arrays deeper than ${maximumArrayDepth}`);
      const element =
        this.#peek() === TypeCode.dictEntry
          ? this.#dictEntry(arrays + 1, structs)
          : this.#one(arrays + 1, structs);
      return { code, text: this.#text.slice(start, this.#at), alignment: 4, children: [element] };
    }
    if (code === TypeCode.struct) {
      if (structs === maximumStructDepth)
        throw this.#error(`nests structs deeper than ${maximumStructDepth}`);
      const children: Type[] = [];
      while (this.#peek() !== structEnd) children.push(this.#one(arrays, structs + 1));
      this.#at++;
      if (children.length === 0) throw this.#error('has an empty struct');
      return { code, text: this.#text.slice(start, this.#at), alignment: 8, children };
    }
    throw this.#error(`has no type where '${String.fromCharCode(code)}' stands`);
  }

  #dictEntry(arrays: number, structs: number): Type {
    const start = this.#at++;
    const key = basicTypes.get(this.#next());
    if (!key) throw this.#error('has a dict entry whose key is not a basic type');
    const value = this.#one(arrays, structs);
    if (this.#next() !== dictEntryEnd) throw this.#error('has a dict entry without exactly two types');
    return {
      code: TypeCode.dictEntry,
      text: this.#text.slice(start, this.#at),
      alignment: 8,
      children: [key, value],
    };
  }

  #peek(): number {
    if (this.#at >= this.#text.length) throw this.#error('ends too early');
    return this.#text.charCodeAt(this.#at);
  }

  #next(): number {
    const code = this.#peek();
    this.#at++;
    return code;
  }

  #error(what: string): ProtocolError {
    return new ProtocolError(`signature ${JSON.stringify(this.#text.slice(0, maximumLength))} ${what}`);
  }
}

const cache = new Map<string, readonly Type[]>();

/** The complete types of a signature. Throws ProtocolError when it is not valid. */
export function parseSignature(text: string): readonly Type[] {
  const known = cache.get(text);
  if (known) return known;
  const types = new Parser(text).all();
  if (cache.size >= cacheSize) cache.clear();
  cache.set(text, types);
  return types;
}

/** The one complete type of a variant or a property. Throws ProtocolError when there is none or more than one. */
export function parseSingleType(text: string): Type {
  const types = parseSignature(text);
  if (types.length !== 1)
    throw new ProtocolError(`signature ${JSON.stringify(text)} is not one complete type`);
  return types[0]!;
}

/** Whether `text` is zero or more complete types within the limits. */
export function isValidSignature(text: string): boolean {
  try {
    parseSignature(text);
    return true;
  } catch (error) {
    if (error instanceof ProtocolError) return false;
    throw error;
  }
}
