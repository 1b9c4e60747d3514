import type { CallContext, Property } from '@switchyard/dbus';

/**
 * Which session or seat an exported object is: always the same one, or, for "self" and "auto", by the caller (and
 * then only with a context).
 */
export type Resolve<T> = (context?: CallContext) => T | Promise<T>;

/** Properties of what `resolve` gives, answered without waiting where it does not wait. */
export function propertiesOf<T extends object>(resolve: Resolve<T>) {
  return (type: string, emits: 'true' | 'false' | 'const', value: (of: T) => unknown): Property => ({
    type,
    emits,
    get: (context?: CallContext) => {
      const of = resolve(context);
      return of instanceof Promise ? of.then(value) : value(of);
    },
  });
}
