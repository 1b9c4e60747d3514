import { DBusError, ErrorName, ProtocolError } from './DBusError.js';
import { type CallContext, checkInterface, type Interface, type Method } from './Interface.js';
import type { Message } from './Message.js';
import { isObjectPath } from './Names.js';
import { introspectable, peer, properties } from './StandardInterfaces.js';

/** Who hears of what comes and goes. */
export type ObjectTreeWatcher = {
  added(path: string, implementation: Interface): void;
  removed(path: string, names: string[]): void;
};

/** The objects that a connection exports: interfaces by path. */
export class ObjectTree {
  readonly #watcher: ObjectTreeWatcher;
  readonly #objects = new Map<string, Map<string, Interface>>();
  readonly #standard: Interface[] = [peer, introspectable(this), properties(this)];

  constructor(watcher: ObjectTreeWatcher = { added: () => {}, removed: () => {} }) {
    this.#watcher = watcher;
  }

  /** Throws TypeError when the path is not one or has this interface already. */
  add(path: string, implementation: Interface): Disposable {
    if (!isObjectPath(path)) throw new TypeError(`not an object path: ${JSON.stringify(path)}`);
    checkInterface(implementation);
    const object = this.#objects.get(path) ?? new Map<string, Interface>();
    const { name } = implementation;
    if (object.has(name) || this.#standard.some((standard) => standard.name === name))
      throw new TypeError(`${path} has interface ${name} already`);
    this.#objects.set(path, object.set(name, implementation));
    this.#watcher.added(path, implementation);
    return {
      [Symbol.dispose]: () => {
        if (object.get(name) !== implementation) return;
        object.delete(name);
        if (this.#objects.get(path) !== object) return;
        if (object.size === 0) this.#objects.delete(path);
        this.#watcher.removed(path, [name]);
      },
    };
  }

  remove(path: string): void {
    const object = this.#objects.get(path);
    if (!this.#objects.delete(path)) return;
    this.#watcher.removed(path, [...object!.keys()]);
  }

  /** Objects further down, with the interfaces that they were given. */
  *objectsBelow(path: string): Generator<[string, Interface[]]> {
    for (const [other, object] of this.#objects)
      if (isBelow(other, path)) yield [other, [...object.values()]];
  }

  /** The paths above that have an interface, the object's own not among them. */
  *having(name: string, below: string): Generator<string> {
    for (const [path, object] of this.#objects) if (object.has(name) && isBelow(below, path)) yield path;
  }

  get(path: string, name: string): Interface | undefined {
    return this.#objects.get(path)?.get(name);
  }

  /** All interfaces of an object, or the standard ones of a path that only has objects below. */
  interfacesAt(path: string): Interface[] {
    return [...this.#standard, ...(this.#objects.get(path)?.values() ?? [])];
  }

  /** The interface of that name, or all if it is "". Throws UnknownInterface. */
  interfacesNamed(path: string, name: string): Interface[] {
    const all = this.interfacesAt(path);
    if (name === '') return all;
    const found = all.filter((one) => one.name === name);
    if (found.length === 0)
      throw new DBusError(ErrorName.unknownInterface, `Object ${path} has no interface ${name}`);
    return found;
  }

  /** The next path elements below `path` that lead to objects. */
  childrenOf(path: string): Set<string> {
    const prefix = prefixOf(path);
    const children = new Set<string>();
    for (const other of this.#objects.keys())
      if (isBelow(other, path)) children.add(other.slice(prefix.length).split('/', 1)[0]!);
    return children;
  }

  /** The method that a call means. Throws UnknownObject, UnknownInterface, UnknownMethod. */
  method(message: Message): Method {
    const path = message.path!;
    const member = message.member!;
    const isPeer = message.interface === peer.name;
    // What is called most, of all that an object may have.
    const own = message.interface === undefined ? undefined : this.get(path, message.interface)?.methods;
    if (own && Object.hasOwn(own, member)) return own[member]!;
    if (!isPeer && !this.#objects.has(path) && this.childrenOf(path).size === 0)
      throw new DBusError(ErrorName.unknownObject, `No object ${path}`);
    for (const one of isPeer ? [peer] : this.interfacesNamed(path, message.interface ?? ''))
      if (one.methods && Object.hasOwn(one.methods, member)) return one.methods[member]!;
    throw new DBusError(
      ErrorName.unknownMethod,
      `No method ${member} in interface ${message.interface ?? '(any)'} of ${path}`,
    );
  }

  /** Calls what a message means. Throws, at once or later, what the caller is to be told. */
  call(message: Message, context: CallContext): { method: Method; result: ReturnType<Method['call']> } {
    const method = this.method(message);
    const expected = method.in ?? '';
    if (message.signature !== expected)
      throw new DBusError(
        ErrorName.invalidArgs,
        `Method ${message.member} takes '${expected}', not '${message.signature}'`,
      );
    let args: unknown[];
    try {
      args = message.body;
    } catch (error) {
      if (error instanceof ProtocolError)
        throw new DBusError(ErrorName.invalidArgs, `Method ${message.member}: ${error.message}`);
      throw error;
    }
    return { method, result: method.call(context, ...(args as never[])) };
  }
}

function prefixOf(path: string): string {
  return path === '/' ? '/' : `${path}/`;
}

function isBelow(path: string, above: string): boolean {
  return path !== above && path.startsWith(prefixOf(above));
}
