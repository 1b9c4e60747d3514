import { readlinkSync } from 'node:fs';
import { Fd, parseSignature, parseSingleType, type Type, TypeCode, type Variant } from '@switchyard/dbus';

/** A value as JSON, as busctl(1) writes it: a variant is `{"type", "data"}`, a dictionary an object, bytes an array. */
export function jsonOf(type: Type, value: unknown): unknown {
  switch (type.code) {
    case TypeCode.variant: {
      const { signature, value: inner } = value as Variant;
      return { type: signature, data: jsonOf(parseSingleType(signature), inner) };
    }
    case TypeCode.int64:
    case TypeCode.uint64:
      return bigNumber(value as bigint);
    case TypeCode.unixFd:
      return (value as Fd).number;
    case TypeCode.struct:
      return type.children.map((child, i) => jsonOf(child, (value as unknown[])[i]));
    case TypeCode.array:
      return arrayOf(type.children[0]!, value, jsonOf);
    default:
      return value;
  }
}

/** As `jsonOf`, for people: what is in a variant without its type, bytes that are text as text. */
export function plainOf(type: Type, value: unknown): unknown {
  switch (type.code) {
    case TypeCode.variant: {
      const { signature, value: inner } = value as Variant;
      return plainOf(parseSingleType(signature), inner);
    }
    case TypeCode.struct:
      return type.children.map((child, i) => plainOf(child, (value as unknown[])[i]));
    case TypeCode.array:
      if (type.children[0]!.code === TypeCode.byte) return bytesText(value as Uint8Array);
      return arrayOf(type.children[0]!, value, plainOf);
    case TypeCode.unixFd:
      return value instanceof Fd ? `fd: ${fileOf(value)}` : 'fd';
    default:
      return jsonOf(type, value);
  }
}

/** What an fd is open for, as the kernel names it: `/etc/passwd`, `/memfd:text (deleted)`, `socket:[123]`. */
function fileOf(fd: Fd): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd.number}`);
  } catch {
    return 'closed';
  }
}

/** A body as busctl's `--json=short` shows it. */
export function jsonBody(signature: string, body: readonly unknown[]): { type: string; data: unknown[] } {
  return { type: signature, data: parseSignature(signature).map((type, i) => jsonOf(type, body[i])) };
}

/** Values in one line, as JavaScript would write them. */
export function lineOf(signature: string, body: readonly unknown[]): string {
  return parseSignature(signature)
    .map((type, i) => harmlessJson(plainOf(type, body[i])))
    .join(', ');
}

/** Values on as many lines as they need, a string as it is. */
export function blockOf(signature: string, body: readonly unknown[]): string {
  return parseSignature(signature)
    .map((type, i) => {
      const value = plainOf(type, body[i]);
      return typeof value === 'string' ? printable(value) : compact(value, '');
    })
    .map((text) => `${text}\n`)
    .join('');
}

/** JSON over several lines, but what fits into a line stays on it. */
function compact(value: unknown, indent: string): string {
  const line = harmlessJson(value);
  if (typeof value !== 'object' || value === null || indent.length + line.length <= 100) return line;
  const deeper = `${indent}  `;
  const lines = Array.isArray(value)
    ? value.map((item) => `${deeper}${compact(item, deeper)}`)
    : Object.entries(value).map(([key, item]) => `${deeper}${harmlessJson(key)}: ${compact(item, deeper)}`);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  return `${open}\n${lines.join(',\n')}\n${indent}${close}`;
}

/** JSON without the characters that it may hold and a terminal would obey. */
function harmlessJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(
    /[\u007f-\u009f]/g,
    (character) => `\\u00${character.charCodeAt(0).toString(16)}`,
  );
}

/** What a terminal would obey is shown as a replacement; line ends and tabs are the text's own. */
function printable(text: string): string {
  return text.replaceAll(/[^\P{Cc}\n\t]/gu, '�');
}

function arrayOf(element: Type, value: unknown, of: (type: Type, value: unknown) => unknown): unknown {
  if (element.code !== TypeCode.dictEntry)
    return Array.from(value as Iterable<unknown>, (item) => of(element, item));
  const [key, item] = element.children as [Type, Type];
  const entries = [...(value as Map<unknown, unknown>)];
  return Object.fromEntries(entries.map(([name, one]) => [String(of(key, name)), of(item, one)]));
}

/** Numbers that JSON's readers keep exactly are numbers. */
function bigNumber(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}

function bytesText(bytes: Uint8Array): unknown {
  const text = Buffer.from(bytes).toString('utf8').replace(/\0$/, '');
  const isText = bytes.length > 0 && !/[\p{Cc}\uFFFD]/u.test(text);
  return isText ? text : [...bytes];
}
