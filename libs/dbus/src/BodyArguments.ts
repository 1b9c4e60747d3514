import { ProtocolError } from './DBusError.js';
import { Reader } from './Reader.js';
import { parseSignature, TypeCode } from './Signature.js';

export type StringArgument = { value: string; isPath: boolean };

/**
 * The string arguments of a body, for match rules: decoded from the front, as far as somebody asks. In a body
 * that is malformed there are none from the mistake on.
 */
export class BodyArguments {
  readonly #signature: string;
  readonly #reader: Reader;
  readonly #known: (StringArgument | undefined)[] = [];

  constructor(bytes: Buffer, start: number, end: number, little: boolean, signature: string) {
    this.#signature = signature;
    this.#reader = new Reader(bytes, start, end, little);
  }

  get(n: number): StringArgument | undefined {
    const types = parseSignature(this.#signature);
    try {
      while (this.#known.length <= n && this.#known.length < types.length) {
        const type = types[this.#known.length]!;
        if (type.code === TypeCode.string) this.#known.push({ value: this.#reader.string(), isPath: false });
        else if (type.code === TypeCode.objectPath)
          this.#known.push({ value: this.#reader.objectPath(), isPath: true });
        else {
          this.#reader.skip(type, 0);
          this.#known.push(undefined);
        }
      }
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      while (this.#known.length < types.length) this.#known.push(undefined);
    }
    return this.#known[n];
  }
}

/** The same of values that were decoded already. */
export function stringArgument(
  signature: string,
  values: readonly unknown[],
  n: number,
): StringArgument | undefined {
  const type = parseSignature(signature)[n];
  const value = values[n];
  const isPath = type?.code === TypeCode.objectPath;
  return typeof value === 'string' && (isPath || type?.code === TypeCode.string)
    ? { value, isPath }
    : undefined;
}
