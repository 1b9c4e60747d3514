import type { DrmProperty } from '@switchyard/uapi/calls';
import { DRM_MODE_PROP } from '@switchyard/uapi/tables';
import type { Card } from './Card.js';

export type PropertyKind = 'range' | 'signed-range' | 'enum' | 'bitmask' | 'blob' | 'object' | 'unknown';

export interface Property extends DrmProperty {
  readonly kind: PropertyKind;
  readonly immutable: boolean;
  /** Only clients that enabled 'atomic' see it. */
  readonly atomic: boolean;
}

/** An object's properties by name, with the values that they had when they were read. */
export class Properties implements Iterable<[string, bigint]> {
  readonly #card: Card;
  readonly #object: number;
  readonly #type: number;
  readonly #byName = new Map<string, { property: Property; value: bigint }>();

  private constructor(card: Card, object: number, type: number, values: ReadonlyMap<number, bigint>) {
    this.#card = card;
    this.#object = object;
    this.#type = type;
    for (const [id, value] of values) {
      const property = describe(card.property(id));
      this.#byName.set(property.name, { property, value });
    }
  }

  static read(card: Card, object: number, type: number): Properties {
    return new Properties(card, object, type, card.calls.modes.properties(object, type));
  }

  *[Symbol.iterator](): IterableIterator<[string, bigint]> {
    for (const [name, { value }] of this.#byName) yield [name, value];
  }

  has(name: string): boolean {
    return this.#byName.has(name);
  }

  /** Undefined when the object has none of that name. */
  value(name: string): bigint | undefined {
    return this.#byName.get(name)?.value;
  }

  /** Throws when the object has none of that name. */
  property(name: string): Property {
    return this.#require(name).property;
  }

  /** The name of an enumeration's value. */
  enumValue(name: string): string | undefined {
    const found = this.#byName.get(name);
    return found?.property.enums.find((one) => one.value === found.value)?.name;
  }

  /** The bytes of a blob; undefined when it has none at present. */
  blob(name: string): Uint8Array | undefined {
    const value = this.value(name);
    return value ? this.#card.calls.modes.blob(Number(value)) : undefined;
  }

  /** At once, for the master. Changes that belong together are an AtomicCommit. An enumeration takes its value's name. */
  set(name: string, value: bigint | number | string): void {
    const { property } = this.#require(name);
    this.#card.calls.modes.setProperty(this.#object, this.#type, property.id, this.encode(name, value));
  }

  /** What stands for `value` in the property. */
  encode(name: string, value: bigint | number | string): bigint {
    if (typeof value !== 'string') return BigInt(value);
    const { property } = this.#require(name);
    const found = property.enums.find((one) => one.name === value);
    if (!found) {
      const names = property.enums.map((one) => one.name).join(', ') || 'no names';
      throw new RangeError(`property ${name} of object ${this.#object} has ${names}, not ${value}`);
    }
    return found.value;
  }

  #require(name: string): { property: Property; value: bigint } {
    const found = this.#byName.get(name);
    if (!found) {
      throw new RangeError(`object ${this.#object} of ${this.#card.fd.what} has no property ${name}`);
    }
    return found;
  }
}

/** Two kinds are numbers under a mask, the others bits. */
const EXTENDED_TYPE = 0xffc0;

function describe(property: DrmProperty): Property {
  const { flags } = property;
  return {
    ...property,
    kind: kindOf(flags),
    immutable: (flags & DRM_MODE_PROP.IMMUTABLE) !== 0,
    atomic: (flags & DRM_MODE_PROP.ATOMIC) !== 0,
  };
}

function kindOf(flags: number): PropertyKind {
  const extended = flags & EXTENDED_TYPE;
  if (extended === DRM_MODE_PROP.OBJECT) return 'object';
  if (extended === DRM_MODE_PROP.SIGNED_RANGE) return 'signed-range';
  if (flags & DRM_MODE_PROP.RANGE) return 'range';
  if (flags & DRM_MODE_PROP.ENUM) return 'enum';
  if (flags & DRM_MODE_PROP.BITMASK) return 'bitmask';
  if (flags & DRM_MODE_PROP.BLOB) return 'blob';
  return 'unknown';
}
