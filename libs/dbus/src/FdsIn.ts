import { Fd } from '@switchyard/sys';
import { Variant } from './Variant.js';

/** Closes every fd in values that will not be sent after all. */
export function closeFdsIn(value: unknown): void {
  if (value instanceof Fd) value.close();
  else if (value instanceof Variant) closeFdsIn(value.value);
  else if (Array.isArray(value)) for (const item of value) closeFdsIn(item);
  else if (value instanceof Map)
    for (const [key, item] of value) {
      closeFdsIn(key);
      closeFdsIn(item);
    }
}
