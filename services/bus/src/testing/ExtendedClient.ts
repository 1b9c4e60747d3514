import {
  BusExtension,
  Connection,
  type ExtensionEvents,
  type ExtensionOptions,
  type Message,
} from '@switchyard/dbus';

/** A connection with the extension that keeps the messages that come to it. */
export class ExtendedClient implements Disposable {
  readonly connection: Connection;
  extension!: BusExtension;
  readonly messages: Message[] = [];
  #wake: (() => void)[] = [];

  private constructor(connection: Connection) {
    this.connection = connection;
  }

  static async connect(
    address: string,
    options: ExtensionOptions = {},
    on: ExtensionEvents = {},
  ): Promise<ExtendedClient> {
    const client = new ExtendedClient(await Connection.connect(address));
    client.extension = await BusExtension.negotiate(client.connection, options, on);
    return client;
  }

  get name(): string {
    return this.connection.uniqueName;
  }

  /** Keeps the messages that the rule wants. */
  async listen(member = 'Note'): Promise<void> {
    await this.connection.match({ type: 'signal', interface: 'org.example.Test', member }, (message) => {
      // What nobody asks for while a message is handled is closed.
      void message.payload;
      void message.metadata;
      this.messages.push(message);
      for (const wake of this.#wake.splice(0)) wake();
    }).ready;
  }

  /** The next message that came. */
  async next(): Promise<Message> {
    while (this.messages.length === 0) await new Promise<void>((resolve) => this.#wake.push(resolve));
    return this.messages.shift()!;
  }

  /** A signal to one connection, or to all that match. */
  note(
    destination: string | undefined,
    fields: { text?: string; priority?: bigint; member?: string } = {},
  ): void {
    this.connection.emit({
      path: '/t',
      interface: 'org.example.Test',
      member: fields.member ?? 'Note',
      signature: 's',
      body: [fields.text ?? ''],
      ...(destination === undefined ? {} : { destination }),
      ...(fields.priority === undefined ? {} : { priority: fields.priority }),
    });
  }

  /** All that was sent before has reached the bus, and what came of it is here. */
  async settled(): Promise<void> {
    await this.connection
      .proxy('org.freedesktop.DBus', '/org/freedesktop/DBus')
      .call('org.freedesktop.DBus', 'GetId');
  }

  [Symbol.dispose](): void {
    this.connection.close();
  }
}

/** Runs `step` with this process's effective uid and gid changed: what connects meanwhile is somebody else. */
export async function as<Result>(uid: number, step: () => Promise<Result>): Promise<Result> {
  process.setegid!(uid);
  process.seteuid!(uid);
  try {
    return await step();
  } finally {
    process.seteuid!(0);
    process.setegid!(0);
  }
}

/** Some tests need other uids than ours. */
export const isRoot = process.getuid?.() === 0;
