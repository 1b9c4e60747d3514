import type { Connection } from './Connection.js';
import type { Message } from './Message.js';
import { objectManagerName } from './ObjectManager.js';
import type { Match } from './Subscriptions.js';
import type { Variant } from './Variant.js';

/** systemd has a few thousand; a service that tells of more than this is not believed any more. */
const maximumObjects = 100_000;

/** An object's interfaces with their properties, as they are known now. */
export type ManagedObject = Map<string, Map<string, Variant>>;

export type ManagedObjectsHandlers = {
  /** An object is there, or has more interfaces: these. */
  added?(path: string, interfaces: ManagedObject): void;
  /** These interfaces are gone; the object too, if it had no others. */
  removed?(path: string, interfaces: string[]): void;
  /** Properties of one interface have other values; the invalidated ones have none any more. */
  changed?(path: string, name: string, changed: Map<string, Variant>, invalidated: string[]): void;
};

/**
 * All objects of another connection that its ObjectManager tells of, kept as they are there.
 *
 *   absent ──the name has an owner──▶ asking ──GetManagedObjects──▶ following
 *     └──────────────── the owner goes: all are removed ────────────────┘
 */
export class ManagedObjects implements Disposable {
  readonly objects = new Map<string, ManagedObject>();
  /** Resolves when the objects that are there now are known; at once when the name has no owner. */
  readonly ready: Promise<void>;
  readonly #on: ManagedObjectsHandlers;
  readonly #resources: Disposable[] = [];
  /** Signals of an owner whose objects were not listed yet are in the list. */
  #listed = false;
  #generation = 0;

  constructor(connection: Connection, destination: string, path: string, on: ManagedObjectsHandlers = {}) {
    this.#on = on;
    const proxy = connection.proxy(destination, path);
    const follow = (member: string, handler: (message: Message) => void): Match =>
      proxy.onMessage(objectManagerName, member, (message) => {
        if (this.#listed) handler(message);
      });
    const matches = [
      follow('InterfacesAdded', (message) => {
        if (message.signature === 'oa{sa{sv}}') this.#add(...(message.body as [string, ManagedObject]));
      }),
      follow('InterfacesRemoved', (message) => {
        if (message.signature === 'oas') this.#remove(...(message.body as [string, string[]]));
      }),
      connection.match(
        {
          type: 'signal',
          sender: destination,
          pathNamespace: path,
          interface: 'org.freedesktop.DBus.Properties',
          member: 'PropertiesChanged',
        },
        (message) => {
          if (this.#listed && message.signature === 'sa{sv}as') this.#change(message);
        },
      ),
    ];
    this.#resources.push(...matches);
    this.ready = new Promise((resolve, reject) => {
      const list = async (): Promise<void> => {
        const generation = ++this.#generation;
        await Promise.all(matches.map(({ ready }) => ready));
        // In the turn of the reply, before any signal that follows it.
        await connection.callAndTake(
          { destination, path, interface: objectManagerName, member: 'GetManagedObjects' },
          (reply) => {
            if (generation !== this.#generation || reply.signature !== 'a{oa{sa{sv}}}') return;
            this.#listed = true;
            for (const [object, interfaces] of reply.body[0] as Map<string, ManagedObject>)
              this.#add(object, interfaces);
          },
        );
      };
      this.#resources.push(
        connection.watchName(destination, {
          appeared: () => {
            this.#clear();
            list().then(resolve, reject);
          },
          vanished: () => {
            this.#clear();
            resolve();
          },
        }),
      );
    });
    // Whoever does not wait for it sees no objects.
    this.ready.catch(() => {});
  }

  [Symbol.dispose](): void {
    this.#generation++;
    this.#listed = false;
    for (const resource of this.#resources.splice(0)) resource[Symbol.dispose]();
  }

  #add(path: string, interfaces: ManagedObject): void {
    if (this.objects.size >= maximumObjects && !this.objects.has(path)) return;
    const object = this.objects.get(path) ?? new Map();
    this.objects.set(path, object);
    for (const [name, properties] of interfaces) object.set(name, properties);
    this.#on.added?.(path, interfaces);
  }

  #remove(path: string, names: string[]): void {
    const object = this.objects.get(path);
    if (!object) return;
    for (const name of names) object.delete(name);
    if (object.size === 0) this.objects.delete(path);
    this.#on.removed?.(path, names);
  }

  #change(message: Message): void {
    const [name, changed, invalidated] = message.body as [string, Map<string, Variant>, string[]];
    const properties = this.objects.get(message.path!)?.get(name);
    if (!properties) return;
    for (const [key, value] of changed) properties.set(key, value);
    for (const key of invalidated) properties.delete(key);
    this.#on.changed?.(message.path!, name, changed, invalidated);
  }

  #clear(): void {
    this.#generation++;
    this.#listed = false;
    for (const [path, object] of [...this.objects]) this.#remove(path, [...object.keys()]);
  }
}
