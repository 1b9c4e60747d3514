import type { Connection } from '../Connection.js';
import type { CallContext, Interface, Method, Property } from '../Interface.js';
import { parseSignature } from '../Signature.js';
import type { InterfaceTypes, Names, TypedInterface } from './InterfaceTypes.js';

/**
 * A plain object, made an interface: its methods are called with their arguments and then the CallContext, and return the
 * value (or, where the interface has several, an array of them), or a promise of it. Properties are its fields and accessors.
 * A peer's write is announced when it has happened. Throws TypeError when the object lacks something.
 */
export function implement<Types extends InterfaceTypes>(
  description: TypedInterface<Types>,
  object: Types['object'],
  changed: (property: string) => void = () => {},
): Interface {
  const members = object as Record<string, unknown>;
  const methods: Record<string, Method> = {};
  for (const [name, method] of Object.entries(description.methods ?? {})) {
    if (typeof members[name] !== 'function')
      throw new TypeError(`${description.name}: the object has no method ${name}`);
    const outs = parseSignature(method.out ?? '').length;
    const returned = (value: unknown): unknown[] =>
      outs === 0 ? [] : outs === 1 ? [value] : (value as unknown[]);
    methods[name] = {
      ...method,
      call(context: CallContext, ...args: unknown[]): unknown[] | Promise<unknown[]> {
        const result = (members[name] as (...args: unknown[]) => unknown).call(object, ...args, context);
        return result instanceof Promise ? (result as Promise<unknown>).then(returned) : returned(result);
      },
    };
  }
  const properties: Record<string, Property> = {};
  for (const [name, { type, emits, set }] of Object.entries(description.properties ?? {})) {
    if (!(name in members)) throw new TypeError(`${description.name}: the object has no property ${name}`);
    properties[name] = { type, get: () => members[name], ...(emits ? { emits } : {}) };
    if (set)
      properties[name].set = (value) => {
        members[name] = value;
        changed(name);
      };
  }
  return { name: description.name, methods, properties, signals: description.signals ?? {} };
}

/** A plain object on the bus; disposing it takes it off. */
export class ExportedObject<Types extends InterfaceTypes> implements Disposable {
  readonly path: string;
  /** The object's properties: what is assigned here is announced, all of one turn together. */
  readonly properties: { -readonly [Name in keyof Types['properties']]: Types['properties'][Name] };
  readonly #connection: Connection;
  readonly #description: TypedInterface<Types>;
  readonly #export: Disposable;
  readonly #changed = new Set<string>();
  #ended = false;

  constructor(
    connection: Connection,
    path: string,
    description: TypedInterface<Types>,
    object: Types['object'],
  ) {
    this.path = path;
    this.#connection = connection;
    this.#description = description;
    const announce = (property: string) => this.changed(property as Names<Types['properties']>);
    this.properties = announced(object, Object.keys(description.properties ?? {}), announce) as never;
    this.#export = connection.export(path, implement(description, object, announce));
  }

  /** Sends a signal to all who want it. fds among its arguments move. */
  emit<Name extends Names<Types['signals']>>(
    signal: Name,
    ...args: Types['signals'][Name] & unknown[]
  ): void {
    const { name, signals } = this.#description;
    this.#connection.emit({
      path: this.path,
      interface: name,
      member: signal,
      signature: signals![signal]!.args,
      body: args,
    });
  }

  /** Announces properties that changed by themselves, with all others of this turn. */
  changed(...properties: Names<Types['properties']>[]): void {
    if (this.#changed.size === 0) queueMicrotask(() => this.#announce());
    for (const property of properties) this.#changed.add(property);
  }

  [Symbol.dispose](): void {
    this.#ended = true;
    this.#export[Symbol.dispose]();
  }

  #announce(): void {
    const names = [...this.#changed];
    this.#changed.clear();
    if (!this.#ended) this.#connection.emitPropertiesChanged(this.path, this.#description.name, names);
  }
}

/** The properties of an object, of which every assignment that changes one is told. */
function announced(object: object, names: readonly string[], tell: (name: string) => void): object {
  const members = object as Record<string, unknown>;
  const view = {};
  for (const name of names)
    Object.defineProperty(view, name, {
      enumerable: true,
      get: () => members[name],
      set(value: unknown) {
        if (Object.is(members[name], value)) return;
        members[name] = value;
        tell(name);
      },
    });
  return view;
}
