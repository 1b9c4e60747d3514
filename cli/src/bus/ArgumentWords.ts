import { constants } from 'node:fs';
import {
  Fd,
  isObjectPath,
  isValidSignature,
  parseSignature,
  parseSingleType,
  type Type,
  TypeCode,
  Variant,
} from '@switchyard/dbus';
import { exitCode, Failure } from '../Failure.js';

const ranges: ReadonlyMap<number, [bigint, bigint]> = new Map([
  [TypeCode.byte, [0n, 0xffn]],
  [TypeCode.int16, [-0x8000n, 0x7fffn]],
  [TypeCode.uint16, [0n, 0xffffn]],
  [TypeCode.int32, [-0x80000000n, 0x7fffffffn]],
  [TypeCode.uint32, [0n, 0xffffffffn]],
  [TypeCode.int64, [-(2n ** 63n), 2n ** 63n - 1n]],
  [TypeCode.uint64, [0n, 2n ** 64n - 1n]],
]);

/**
 * Values of a signature out of a command's words. Either a word for each value, containers as JSON:
 *
 *   sa{sv}  text '{"On": true}'
 *
 * or as busctl(1) wants them, containers word by word, arrays with their length first:
 *
 *   sa{sv}  text 1 On b true
 *
 * Throws Failure 2 that says which word is wrong and what it has to be.
 */
export function valuesOfWords(
  signature: string,
  words: readonly string[],
  names: readonly string[] = [],
): unknown[] {
  const types = parseSignature(signature);
  if (types.length === words.length) {
    const values = inTurn(types, words, names);
    if (values) return values;
  }
  try {
    const reader = new WordReader(words);
    const values = types.map((type, i) => reader.value(type, labelOf(i, names)));
    reader.end(signature, names);
    return values;
  } catch (error) {
    // Containers were JSON, so busctl's way was not meant: only their number is wrong.
    const first = words.slice(0, types.length);
    if (words.length > types.length && types.some((type) => !isPlain(type)) && areJson(types, first))
      throw tooMany(signature, names, words[types.length]!);
    throw error;
  }
}

/** A word for each value; undefined when a container's word is no JSON that could be one. */
function inTurn(
  types: readonly Type[],
  words: readonly string[],
  names: readonly string[],
): unknown[] | undefined {
  if (!areJson(types, words)) return undefined;
  const parsed = types.map((type, i) => (isContainer(type) ? parseJson(words[i]!) : undefined));
  return types.map((type, i) => {
    const label = labelOf(i, names);
    if (!isContainer(type)) return plainValue(type, words[i]!, label);
    // A variant may be any JSON, or else a string.
    return type.code === TypeCode.variant
      ? jsonVariant(parsed[i] ?? words[i], label)
      : jsonValue(type, parsed[i], label);
  });
}

/** Whether each container's word is JSON that could be one. */
function areJson(types: readonly Type[], words: readonly string[]): boolean {
  return types.every((type, i) => isPlain(type) || fits(type, parseJson(words[i]!)));
}

function isPlain(type: Type): boolean {
  return !isContainer(type) || type.code === TypeCode.variant;
}

function fits(type: Type, json: unknown): boolean {
  if (typeof json === 'string') return type.children[0]!.code === TypeCode.byte;
  return typeof json === 'object' && json !== null;
}

function isContainer(type: Type): boolean {
  return type.children.length > 0 || type.code === TypeCode.variant;
}

function parseJson(word: string): unknown {
  try {
    return JSON.parse(word);
  } catch {
    return undefined;
  }
}

function labelOf(index: number, names: readonly string[]): string {
  return names[index] ? `argument ${index + 1} (${names[index]})` : `argument ${index + 1}`;
}

/** Takes values off a row of words, busctl's way. */
class WordReader {
  readonly #words: readonly string[];
  #at = 0;

  constructor(words: readonly string[]) {
    this.#words = words;
  }

  value(type: Type, label: string): unknown {
    if (!isContainer(type))
      return plainValue(type, this.#next(`a value of type '${type.text}'`, label), label);
    if (type.code === TypeCode.variant) {
      const signature = this.#next('the signature of a variant', label);
      if (!isValidSignature(signature) || parseSignature(signature).length !== 1)
        throw wrong(label, signature, 'the signature of a variant, such as s or u, before its value');
      return new Variant(signature, this.value(parseSingleType(signature), label));
    }
    if (type.code === TypeCode.struct) return type.children.map((child) => this.value(child, label));
    const element = type.children[0]!;
    const word = this.#next(
      `'${type.text}' as JSON, or the number of its elements and then each of them`,
      label,
    );
    if (!/^\d+$/.test(word))
      throw wrong(label, word, `'${type.text}': JSON, or the number of its elements and then each of them`);
    const count = Number(word);
    if (element.code === TypeCode.dictEntry) {
      const [key, item] = element.children as [Type, Type];
      const map = new Map<unknown, unknown>();
      for (let i = 0; i < count; i++) {
        const name = this.value(key, label);
        map.set(name, this.value(item, label));
      }
      return map;
    }
    const values = Array.from({ length: Math.min(count, this.#words.length) }, () =>
      this.value(element, label),
    );
    return element.code === TypeCode.byte ? Uint8Array.from(values as number[]) : values;
  }

  end(signature: string, names: readonly string[]): void {
    if (this.#at < this.#words.length) throw tooMany(signature, names, this.#words[this.#at]!);
  }

  #next(what: string, label: string): string {
    const word = this.#words[this.#at++];
    if (word === undefined) throw new Failure(`${label} is missing: ${what}`, exitCode.usage);
    return word;
  }
}

function tooMany(signature: string, names: readonly string[], left: string): Failure {
  return new Failure(
    `too many arguments: '${signature}'${named(names)} has been read when ${JSON.stringify(left)} is left`,
    exitCode.usage,
  );
}

function named(names: readonly string[]): string {
  return names.some((name) => name !== '') ? ` (${names.join(', ')})` : '';
}

/** A value of a basic type from what was typed for it. */
function plainValue(type: Type, word: string, label: string): unknown {
  const range = ranges.get(type.code);
  if (range) {
    const number = /^-?(\d+|0x[\da-fA-F]+|0o[0-7]+|0b[01]+)$/.test(word) ? bigOf(word) : undefined;
    if (number === undefined || number < range[0] || number > range[1])
      throw wrong(label, word, `a number from ${range[0]} to ${range[1]} (type '${type.text}')`);
    return type.code === TypeCode.int64 || type.code === TypeCode.uint64 ? number : Number(number);
  }
  switch (type.code) {
    case TypeCode.boolean:
      if (/^(true|yes|on|1)$/i.test(word)) return true;
      if (/^(false|no|off|0)$/i.test(word)) return false;
      throw wrong(label, word, 'true or false');
    case TypeCode.double:
      if (word.trim() === '' || (Number.isNaN(Number(word)) && word !== 'NaN'))
        throw wrong(label, word, 'a number');
      return Number(word);
    case TypeCode.objectPath:
      if (!isObjectPath(word)) throw wrong(label, word, 'an object path, such as /org/example/a');
      return word;
    case TypeCode.signature:
      if (!isValidSignature(word)) throw wrong(label, word, 'a signature, such as a{sv}');
      return word;
    case TypeCode.unixFd:
      return fdOf(word, label);
    default:
      return word;
  }
}

function bigOf(word: string): bigint {
  return word.startsWith('-') ? -BigInt(word.slice(1)) : BigInt(word);
}

/** A number is an fd that this process has inherited; anything else a file to open for reading. */
function fdOf(word: string, label: string): Fd {
  try {
    if (/^\d+$/.test(word)) {
      const inherited = Fd.adopt(Number(word), `fd ${word}`);
      const own = inherited.dup();
      inherited.take();
      return own;
    }
    return Fd.open(word, constants.O_RDONLY);
  } catch (error) {
    throw wrong(label, word, `an inherited fd or a file: ${(error as Error).message}`);
  }
}

/** A value from JSON. */
function jsonValue(type: Type, value: unknown, label: string): unknown {
  if (type.code === TypeCode.variant) return jsonVariant(value, label);
  if (!isContainer(type)) {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      return plainValue(type, String(value), label);
    throw wrong(label, value, `'${type.text}'`);
  }
  if (type.code === TypeCode.struct) {
    if (!Array.isArray(value) || value.length !== type.children.length)
      throw wrong(label, value, `an array of ${type.children.length} for '${type.text}'`);
    return type.children.map((child, i) => jsonValue(child, value[i], label));
  }
  const element = type.children[0]!;
  if (element.code === TypeCode.dictEntry) {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw wrong(label, value, `an object for '${type.text}'`);
    const [key, item] = element.children as [Type, Type];
    return new Map(
      Object.entries(value).map(([name, one]) => [plainValue(key, name, label), jsonValue(item, one, label)]),
    );
  }
  if (element.code === TypeCode.byte && typeof value === 'string') return Buffer.from(value, 'utf8');
  if (!Array.isArray(value)) throw wrong(label, value, `an array for '${type.text}'`);
  const values = value.map((one) => jsonValue(element, one, label));
  return element.code === TypeCode.byte ? Uint8Array.from(values as number[]) : values;
}

/** `{"type", "data"}` says its type; otherwise a number is i, x or d, a text s, a list of texts as, an object a{sv}, a list av. */
function jsonVariant(value: unknown, label: string): Variant {
  if (typeof value === 'string') return new Variant('s', value);
  if (typeof value === 'boolean') return new Variant('b', value);
  if (typeof value === 'number') {
    const type = !Number.isInteger(value) ? 'd' : (value | 0) === value ? 'i' : 'x';
    return new Variant(type, type === 'x' ? BigInt(value) : value);
  }
  if (typeof value !== 'object' || value === null) throw wrong(label, value, 'a variant');
  if (Array.isArray(value)) {
    if (value.every((one) => typeof one === 'string')) return new Variant('as', value);
    return new Variant(
      'av',
      value.map((one) => jsonVariant(one, label)),
    );
  }
  const { type, data, ...rest } = value as { type?: unknown; data?: unknown };
  if (typeof type === 'string' && data !== undefined && Object.keys(rest).length === 0) {
    if (!isValidSignature(type) || parseSignature(type).length !== 1)
      throw wrong(label, type, 'one type’s signature');
    return new Variant(type, jsonValue(parseSingleType(type), data, label));
  }
  return new Variant(
    'a{sv}',
    new Map(Object.entries(value).map(([key, one]) => [key, jsonVariant(one, label)])),
  );
}

function wrong(label: string, value: unknown, expected: string): Failure {
  const shown = typeof value === 'string' ? JSON.stringify(value) : (JSON.stringify(value) ?? String(value));
  return new Failure(`${label}: ${shown} is not ${expected}`, exitCode.usage);
}
