import type { CallOptions } from './Call.js';
import type { Connection } from './Connection.js';
import { ProtocolError } from './DBusError.js';
import { type IntrospectedNode, parseIntrospection } from './introspection/IntrospectionReader.js';
import type { Message } from './Message.js';
import { MessageStream, type StreamOptions } from './MessageStream.js';
import type { Match } from './Subscriptions.js';
import type { Variant } from './Variant.js';

const propertiesInterface = 'org.freedesktop.DBus.Properties';

/** Another connection's object. */
export class RemoteObject {
  readonly destination: string;
  readonly path: string;
  readonly #connection: Connection;
  readonly #options: CallOptions;

  constructor(connection: Connection, destination: string, path: string, options: CallOptions = {}) {
    this.#connection = connection;
    this.#options = options;
    this.destination = destination;
    this.path = path;
  }

  call(name: string, member: string, signature = '', ...args: unknown[]): Promise<unknown[]> {
    const { destination, path } = this;
    const call = { destination, path, interface: name, member, signature, body: args };
    return this.#connection.call({ ...call, ...this.#options });
  }

  /** A property's value, out of its variant. */
  async get(name: string, property: string): Promise<unknown> {
    return (await this.getVariant(name, property)).value;
  }

  /** A property's value with its type. */
  async getVariant(name: string, property: string): Promise<Variant> {
    return (await this.#standard('v', propertiesInterface, 'Get', 'ss', name, property)) as Variant;
  }

  async getAll(name: string): Promise<Map<string, Variant>> {
    const all = await this.#standard('a{sv}', propertiesInterface, 'GetAll', 's', name);
    return all as Map<string, Variant>;
  }

  async set(name: string, property: string, value: Variant): Promise<void> {
    await this.call(propertiesInterface, 'Set', 'ssv', name, property, value);
  }

  /** Follows a signal of this object, as messages. */
  onMessage(name: string, signal: string, handler: (message: Message) => void): Match {
    return this.#connection.match(
      { type: 'signal', sender: this.destination, path: this.path, interface: name, member: signal },
      handler,
    );
  }

  /** A signal's arguments as a stream: `for await (const [id] of object.signals('org.example.I', 'Rang'))`. */
  signals(name: string, signal: string, options?: StreamOptions): MessageStream<unknown[]> {
    return new MessageStream(
      (push) => this.on(name, signal, (args) => push(args)),
      this.#connection.closed,
      options,
    );
  }

  /** The object's interfaces and children, as it tells itself. Throws ProtocolError when that is no introspection data. */
  async introspect(): Promise<IntrospectedNode> {
    return parseIntrospection(await this.introspectionData());
  }

  /** The XML that it answers. */
  async introspectionData(): Promise<string> {
    const xml = await this.#standard('s', 'org.freedesktop.DBus.Introspectable', 'Introspect');
    return xml as string;
  }

  /** The one result of a method that the specification describes. Throws ProtocolError when something else comes. */
  #standard(
    result: string,
    name: string,
    member: string,
    signature = '',
    ...body: string[]
  ): Promise<unknown> {
    const { destination, path } = this;
    const call = { destination, path, interface: name, member, signature, body, ...this.#options };
    return this.#connection.callAndTake(call, (reply) => {
      if (reply.signature === result) return reply.body[0];
      throw new ProtocolError(
        `${name}.${member} of ${destination} returned '${reply.signature}', not '${result}'`,
      );
    });
  }

  /** Follows a signal of this object. What its arguments are is the other side's word: see `message.signature`. */
  on(name: string, signal: string, handler: (args: unknown[], message: Message) => void): Match {
    return this.onMessage(name, signal, (message) => handler(message.body, message));
  }

  /** Follows PropertiesChanged of one of the object's interfaces. */
  onPropertiesChanged(
    name: string,
    handler: (changed: Map<string, Variant>, invalidated: string[]) => void,
  ): Match {
    return this.#connection.match(
      {
        type: 'signal',
        sender: this.destination,
        path: this.path,
        interface: propertiesInterface,
        member: 'PropertiesChanged',
        args: new Map([[0, name]]),
      },
      (message) => {
        if (message.signature !== 'sa{sv}as') return;
        const [, changed, invalidated] = message.body as [string, Map<string, Variant>, string[]];
        handler(changed, invalidated);
      },
    );
  }
}
