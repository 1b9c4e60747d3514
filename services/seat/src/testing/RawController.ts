import type { Connection, Message, Variant } from '@switchyard/dbus';
import { login1, type PauseKind, sessionPath } from '@switchyard/seat';
import { type Fd, Socket } from '@switchyard/sys';
import type { Journal } from './Journal.js';

/** A controller that does by hand what SessionClient does by itself, so that a test can have it misbehave. */
export class RawController {
  id = '';
  fifo!: Fd;
  /** The newest channel of each device, by minor; never closed by this class but at the end. */
  readonly channels = new Map<number, Socket>();
  /** Acknowledge "pause" at once. */
  polite = true;
  readonly #all: Socket[] = [];
  /** Signals that came before we knew our own id. */
  readonly #early: Message[] = [];
  readonly #name: string;
  readonly #connection: Connection;
  readonly #journal: Journal;

  constructor(name: string, connection: Connection, journal: Journal) {
    this.#name = name;
    this.#connection = connection;
    this.#journal = journal;
  }

  async create(
    leader: number,
    properties: [string, Variant][] = [],
    sessionClass = 'user',
    vtnr = 0,
  ): Promise<void> {
    this.#follow();
    const reply = await this.#connection.call({
      destination: login1.name,
      path: login1.path,
      interface: login1.manager,
      member: 'CreateSession',
      signature: 'uusssssussbssa(sv)',
      // biome-ignore format: in the order of the signature
      body: [process.getuid!(), leader, 'test', 'wayland', sessionClass, '', 'seat0', vtnr, '', '', false, '', '', properties],
    });
    this.id = reply[0] as string;
    this.fifo = reply[3] as Fd;
    for (const message of this.#early.splice(0)) this.#hear(message);
  }

  #follow(): void {
    const pathNamespace = `${login1.path}/session`;
    for (const name of [login1.session, 'org.freedesktop.DBus.Properties']) {
      this.#connection.match({ type: 'signal', interface: name, pathNamespace }, (message) => {
        if (this.id === '') this.#early.push(message);
        else this.#hear(message);
      });
    }
  }

  #hear(message: Message): void {
    if (message.path !== sessionPath(this.id)) return;
    if (message.member === 'PauseDevice') {
      const [major, minor, kind] = message.body as [number, number, PauseKind];
      this.#journal.add(`${this.#name} ${kind} ${minor}`);
      if (kind === 'pause' && this.polite) {
        this.call('PauseDeviceComplete', 'uu', major, minor).catch(() => {});
      }
    } else if (message.member === 'ResumeDevice') {
      const [, minor, fd] = message.body as [number, number, Fd];
      this.#keep(minor, fd);
      this.#journal.add(`${this.#name} resume ${minor}`);
    } else if (message.member === 'PropertiesChanged') {
      const active = (message.body[1] as Map<string, Variant>).get('Active');
      if (active) this.#journal.add(`${this.#name} active ${active.value}`);
    }
  }

  call(member: string, signature = '', ...body: unknown[]): Promise<unknown[]> {
    const path = sessionPath(this.id);
    const target = { destination: login1.name, path, interface: login1.session };
    return this.#connection.call({ ...target, member, signature, body });
  }

  /** Resolves to `inactive`. */
  async take(major: number, minor: number): Promise<boolean> {
    const [fd, inactive] = await this.call('TakeDevice', 'uu', major, minor);
    this.#keep(minor, fd as Fd);
    return inactive as boolean;
  }

  close(): void {
    for (const socket of this.#all.splice(0)) socket.close();
    this.fifo?.close();
  }

  #keep(minor: number, fd: Fd): void {
    const socket = Socket.adopt(fd, 'seqpacket');
    this.channels.set(minor, socket);
    this.#all.push(socket);
  }
}
