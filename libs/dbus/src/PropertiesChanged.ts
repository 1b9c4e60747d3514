import type { Interface, Property } from './Interface.js';
import { Variant } from './Variant.js';

/**
 * The body of PropertiesChanged; undefined when nothing is to be told. Given names, the values are asked of the
 * implementation, and each property's `emits` decides whether its value goes, or only its name.
 */
export function changedProperties(
  implementation: Interface | undefined,
  name: string,
  changed: ReadonlyMap<string, Variant> | Iterable<string>,
): [string, ReadonlyMap<string, Variant>, string[]] | undefined {
  if (changed instanceof Map) return changed.size > 0 ? [name, changed, []] : undefined;
  const values = new Map<string, Variant>();
  const invalidated: string[] = [];
  for (const key of changed as Iterable<string>) {
    const property = implementation?.properties?.[key];
    if (!property) throw new TypeError(`no exported property ${key} in ${name}`);
    const emits = property.emits ?? 'true';
    if (emits === 'true') {
      const value = readNow(property);
      if (value === undefined) invalidated.push(key);
      else values.set(key, new Variant(property.type, value));
    } else if (emits === 'invalidates') invalidated.push(key);
  }
  return values.size > 0 || invalidated.length > 0 ? [name, values, invalidated] : undefined;
}

/** Undefined when it cannot be read, or not at once: whoever wants to know asks, and is told why. */
function readNow(property: Property): unknown {
  try {
    const value = property.get();
    return value instanceof Promise ? undefined : value;
  } catch {
    return undefined;
  }
}
