import type { CallOptions } from '../Call.js';
import type { Connection } from '../Connection.js';
import { MessageStream, type StreamOptions } from '../MessageStream.js';
import { RemoteObject } from '../RemoteObject.js';
import type { Match } from '../Subscriptions.js';
import { Variant } from '../Variant.js';
import type { InterfaceTypes, Names, TypedInterface } from './InterfaceTypes.js';

/**
 * One interface of another connection's object, typed. Generated classes extend it with a method for each of the
 * interface's. What comes is checked against the description, so that a peer which says something else is an error and
 * never a value of another type.
 */
export class InterfaceProxy<Types extends InterfaceTypes> {
  readonly remote: RemoteObject;
  readonly #connection: Connection;
  readonly #description: TypedInterface<Types>;

  constructor(connection: Connection, destination: string, path: string, description: TypedInterface<Types>) {
    this.#connection = connection;
    this.#description = description;
    this.remote = new RemoteObject(connection, destination, path);
  }

  /** Calls a method by name, with the description's signature. Generated methods call this. */
  call(member: string, args: unknown[], options: CallOptions = {}): Promise<unknown[]> {
    const { name, methods } = this.#description;
    const method = methods?.[member];
    if (!method) throw new TypeError(`${name} has no method ${member}`);
    const call = {
      destination: this.remote.destination,
      path: this.remote.path,
      interface: name,
      member,
      signature: method.in ?? '',
      body: args,
      ...options,
    };
    return this.#connection.callAndTake(call, (reply) => {
      const expected = method.out ?? '';
      if (reply.signature !== expected)
        throw new TypeError(
          `${name}.${member} of ${reply.sender} returned '${reply.signature}', not '${expected}'`,
        );
      return reply.body;
    });
  }

  /** A property's value. */
  async get<Name extends Names<Types['properties']>>(property: Name): Promise<Types['properties'][Name]> {
    const { name } = this.#description;
    const [value] = await this.remote.call('org.freedesktop.DBus.Properties', 'Get', 'ss', name, property);
    return this.#valueOf(property, value) as Types['properties'][Name];
  }

  /** All properties that the object tells of; those that the description does not know are left out. */
  async getAll(): Promise<Partial<Types['properties']>> {
    return this.#valuesOf(await this.remote.getAll(this.#description.name));
  }

  /** Resolves when the object has taken the value. */
  async set<Name extends Names<Types['writable']>>(
    property: Name,
    value: Types['writable'][Name],
  ): Promise<void> {
    const { name, properties } = this.#description;
    await this.remote.set(name, property, new Variant(properties![property]!.type, value));
  }

  /** Calls `handler` for each signal, from when `ready` has resolved until it is disposed. A signal of other types is as good as not sent. */
  on<Name extends Names<Types['signals']>>(
    signal: Name,
    handler: (...args: Types['signals'][Name] & unknown[]) => void,
  ): Match {
    const { name, signals } = this.#description;
    const { args } = signals![signal]!;
    return this.remote.onMessage(name, signal, (message) => {
      if (message.signature === args) handler(...(message.body as Types['signals'][Name] & unknown[]));
    });
  }

  /** The same as a stream: `for await (const [id, path] of manager.signals('SessionNew'))`. */
  signals<Name extends Names<Types['signals']>>(
    signal: Name,
    options?: StreamOptions,
  ): MessageStream<Types['signals'][Name]> {
    return new MessageStream(
      (push) => this.on(signal, (...args) => push(args)),
      this.#connection.closed,
      options,
    );
  }

  /** Calls `handler` when the object tells of changes: new values, and names whose values are not told. */
  onPropertiesChanged(
    handler: (changed: Partial<Types['properties']>, invalidated: Names<Types['properties']>[]) => void,
  ): Match {
    const { name, properties } = this.#description;
    return this.remote.onPropertiesChanged(name, (changed, invalidated) =>
      handler(
        this.#valuesOf(changed),
        invalidated.filter((one) => properties?.[one]) as Names<Types['properties']>[],
      ),
    );
  }

  #valuesOf(values: Map<string, Variant>): Partial<Types['properties']> {
    const found: Record<string, unknown> = {};
    for (const [property, { signature, value }] of values)
      if (this.#description.properties?.[property]?.type === signature) found[property] = value;
    return found as Partial<Types['properties']>;
  }

  #valueOf(property: string, variant: unknown): unknown {
    const { name, properties } = this.#description;
    const { signature, value } = variant as Variant;
    const type = properties?.[property]?.type;
    if (signature !== type)
      throw new TypeError(
        `${name}.${property} of ${this.remote.destination} is of type '${signature}', not '${type}'`,
      );
    return value;
  }
}
