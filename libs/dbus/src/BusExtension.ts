import { type Fd, Socket } from '@switchyard/sys';
import type { Connection } from './Connection.js';
import { DBusError, ErrorName } from './DBusError.js';
import type { Message } from './Message.js';
import { Variant } from './Variant.js';

const extension = {
  destination: 'org.freedesktop.DBus',
  path: '/org/freedesktop/DBus',
  interface: 'org.switchyard.Bus1',
} as const;

/** What can come with every message (docs/dbus.md, "Metadata"). */
export type MetadataName =
  | 'timestamp'
  | 'credentials'
  | 'pidfd'
  | 'groups'
  | 'comm'
  | 'exe'
  | 'cmdline'
  | 'cgroup'
  | 'label'
  | 'names'
  | 'capabilities'
  | 'audit'
  | 'description';

export type ExtensionOptions = {
  /** What comes with every message from now on. */
  metadata?: MetadataName[];
  /** What happens when a receiver has no room: the sender gets an error, or it waits. */
  overflow?: 'error' | 'wait';
  /** Messages of others stay with the bus until `take`. */
  inbox?: boolean;
  /** For humans, and for those who ask for it. */
  description?: string;
};

export type ExtensionEvents = {
  /** So many signals found no room in our queue. */
  lost?(signals: bigint): void;
  /** The inbox is not empty any more. */
  waiting?(): void;
  /** Something waits for a name that we stand in for. */
  activate?(name: string): void;
  /** A message of ours that wanted no reply was refused. */
  refused?(serial: number, error: DBusError): void;
  /** Somebody opened a channel to us; it belongs to the callee. */
  channel?(from: string, channel: Socket): void;
};

export type AccessRule =
  | { who: 'world'; access: AccessName }
  | { who: 'user' | 'group'; id: number; access: AccessName };
export type AccessName = 'see' | 'talk' | 'own';
/** By well-known name; for policies of the bus also `a.b.*`, names with exactly one element more. */
export type AccessPolicy = Record<string, AccessRule[]>;

/**
 * What Switchyard's bus can do beyond D-Bus (docs/dbus.md). Others on the bus notice nothing of it.
 *
 * From its negotiation on messages carry `metadata`, `payload` and `priority`, and may be sent with them.
 */
export class BusExtension {
  readonly #connection: Connection;

  private constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Throws NotSupported on a bus that has no such extension. */
  static async negotiate(
    connection: Connection,
    options: ExtensionOptions = {},
    on: ExtensionEvents = {},
  ): Promise<BusExtension> {
    const one = new BusExtension(connection);
    try {
      await one.negotiate(options, on.channel !== undefined);
    } catch (error) {
      if (error instanceof DBusError && error.name === ErrorName.unknownInterface)
        throw new DBusError(ErrorName.notSupported, 'This bus is no Switchyard bus: it has only D-Bus');
      throw error;
    }
    connection.becomeExtended();
    const { destination: sender, interface: name, path } = extension;
    await connection.match({ type: 'signal', sender, interface: name, path }, (message) => hear(message, on))
      .ready;
    return one;
  }

  /** Changes what is given; the rest stays. */
  async negotiate(options: ExtensionOptions, channels?: boolean): Promise<void> {
    const wire = new Map<string, Variant>();
    if (options.metadata) wire.set('metadata', new Variant('as', options.metadata));
    if (options.overflow) wire.set('overflow', new Variant('s', options.overflow));
    if (options.inbox !== undefined) wire.set('inbox', new Variant('b', options.inbox));
    if (options.description !== undefined) wire.set('description', new Variant('s', options.description));
    if (channels !== undefined) wire.set('channels', new Variant('b', channels));
    await this.#ask('Negotiate', 'a{sv}', wire);
  }

  /** Resolves when a connection's queue has room for so much from us. Rejects with NameHasNoOwner when it goes. */
  async waitForRoom(name: string, bytes: number, fds = 0): Promise<void> {
    await this.#ask('WaitForRoom', 'stu', name, bytes, fds);
  }

  /**
   * Has the bus deliver one message out of the inbox: the oldest, or the most urgent whose priority is at most
   * `priority`. It is handled before this resolves. `drop` throws it away instead; its caller gets NoReply.
   */
  async take(
    options: { priority?: bigint; peek?: boolean; drop?: boolean } = {},
  ): Promise<{ found: boolean; lost: bigint }> {
    const wire = new Map<string, Variant>();
    if (options.priority !== undefined) wire.set('priority', new Variant('x', options.priority));
    if (options.peek) wire.set('peek', new Variant('b', true));
    if (options.drop) wire.set('drop', new Variant('b', true));
    const [found, lost] = await this.#ask('Take', 'a{sv}', wire);
    return { found: found as boolean, lost: lost as bigint };
  }

  /**
   * Ends the connection if nothing waits in our inbox, so that who ends for want of work loses none that has just come.
   * False: something waits.
   */
  async leave(): Promise<boolean> {
    try {
      await this.#ask('Leave', '');
      return true;
    } catch (error) {
      if (error instanceof DBusError && error.name === ErrorName.failed) return false;
      throw error;
    }
  }

  /** Everybody whom we may see, with credentials, by unique name. */
  async listPeers(): Promise<Map<string, Map<string, Variant>>> {
    const [peers] = await this.#ask('ListPeers', '');
    return new Map(peers as [string, Map<string, Variant>][]);
  }

  /** Stands in for a name until somebody owns it: `activate` tells when something waits for it. */
  async activate(name: string): Promise<void> {
    await this.#ask('Activate', 's', name);
  }

  /** Who may see, talk to and own names; all that we said before is replaced. It ends with our connection. */
  async setPolicy(policy: AccessPolicy): Promise<void> {
    await this.#ask('SetPolicy', 'a(sa(sus))', wirePolicy(policy));
  }

  /** A second socket, whose connections may do only what `policy` allows. `name` begins with our uid and `-`. Resolves to its address. */
  async createEndpoint(name: string, policy: AccessPolicy, mode = 0o600): Promise<string> {
    return (await this.#ask('CreateEndpoint', 'sa(sa(sus))u', name, wirePolicy(policy), mode))[0] as string;
  }

  async updateEndpoint(name: string, policy: AccessPolicy): Promise<void> {
    await this.#ask('UpdateEndpoint', 'sa(sa(sus))', name, wirePolicy(policy));
  }

  /** Its connections end. */
  async removeEndpoint(name: string): Promise<void> {
    await this.#ask('RemoveEndpoint', 's', name);
  }

  /**
   * A socket to another connection that does not cross the bus; the bus ends it when one of both goes or policy forbids
   * it. End it with `shutdown` before closing it: the bus holds a duplicate.
   */
  async openChannel(name: string, type: 'stream' | 'seqpacket' = 'stream'): Promise<Socket> {
    const [, fd] = await this.#ask('OpenChannel', 'ss', name, type);
    return Socket.adopt(fd as Fd, type);
  }

  #ask(member: string, signature: string, ...body: unknown[]): Promise<unknown[]> {
    return this.#connection.call({
      ...extension,
      member,
      signature,
      body,
      timeout: Number.POSITIVE_INFINITY,
    });
  }
}

function wirePolicy(policy: AccessPolicy): unknown[] {
  return Object.entries(policy).map(([name, rules]) => [
    name,
    rules.map((rule) => [rule.who, rule.who === 'world' ? 0 : rule.id, rule.access]),
  ]);
}

function hear(message: Message, on: ExtensionEvents): void {
  const body = message.body;
  switch (message.member) {
    case 'Lost':
      on.lost?.(body[0] as bigint);
      break;
    case 'Waiting':
      on.waiting?.();
      break;
    case 'ActivationWaiting':
      on.activate?.(body[0] as string);
      break;
    case 'Refused':
      on.refused?.(body[0] as number, new DBusError(body[1] as string, body[2] as string));
      break;
    case 'ChannelOpened': {
      const [from, , type, fd] = body as [string, number, 'stream' | 'seqpacket', Fd];
      const socket = Socket.adopt(fd, type);
      if (on.channel) on.channel(from, socket);
      else socket.close();
      break;
    }
  }
}
