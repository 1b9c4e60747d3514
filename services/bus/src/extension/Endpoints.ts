import { join } from 'node:path';
import { DBusError, ErrorName } from '@switchyard/dbus';
import { Listener, type Socket, SystemError } from '@switchyard/sys';
import { type AccessEntries, AccessTable } from './AccessTable.js';

/** kdbus's: names of endpoints become names of files. */
const maximumNameLength = 63;
/** Endpoints of one connection: a sandbox manager has one for each of its sandboxes. */
const maximumEndpoints = 256;

/** A second place to connect to, whose connections have a policy of their own. */
export class Endpoint<Peer> {
  readonly name: string;
  readonly owner: Peer;
  readonly table = new AccessTable<unknown>();
  readonly address: string;
  readonly #listener: Listener;
  readonly #peers = new Set<{ disconnect(why: string): void }>();

  constructor(
    owner: Peer,
    name: string,
    place: { path: string; mode: number; accept: (socket: Socket, endpoint: Endpoint<Peer>) => void },
  ) {
    this.owner = owner;
    this.name = name;
    this.address = `unix:path=${place.path}`;
    this.#listener = Listener.listen(place.path, {
      mode: place.mode,
      onConnection: (socket) => place.accept(socket, this),
    });
  }

  set entries(entries: AccessEntries) {
    this.table.set(this, entries);
  }

  add(peer: { disconnect(why: string): void }): void {
    this.#peers.add(peer);
  }

  remove(peer: { disconnect(why: string): void }): void {
    this.#peers.delete(peer);
  }

  /** It is no more, and neither are its connections. */
  close(): void {
    this.#listener.close();
    for (const peer of [...this.#peers]) peer.disconnect('its endpoint is closed');
  }
}

/** All endpoints of a bus; each lives as long as the connection that made it. */
export class Endpoints<Peer> {
  readonly #directory: string | undefined;
  readonly #accept: (socket: Socket, endpoint: Endpoint<Peer>) => void;
  readonly #endpoints = new Map<string, Endpoint<Peer>>();

  /** `directory`: where their sockets are; undefined: a bus without endpoints. */
  constructor(directory: string | undefined, accept: (socket: Socket, endpoint: Endpoint<Peer>) => void) {
    this.#directory = directory;
    this.#accept = accept;
  }

  /** `uid`: the maker's, with which the name must begin. Throws DBusError. */
  create(owner: Peer, uid: number, name: string, mode: number, entries: AccessEntries): Endpoint<Peer> {
    if (this.#directory === undefined)
      throw new DBusError(ErrorName.notSupported, 'This bus has no directory for endpoints');
    if (!new RegExp(`^${uid}-[A-Za-z0-9_-]*[A-Za-z0-9_]$`).test(name) || name.length > maximumNameLength)
      throw new DBusError(
        ErrorName.invalidArgs,
        `The name of an endpoint is ${uid}- and letters, digits, _ and -, at most ${maximumNameLength}`,
      );
    if (mode & ~0o666)
      throw new DBusError(ErrorName.invalidArgs, `Not a mode of a socket: 0${mode.toString(8)}`);
    if (this.#endpoints.has(name))
      throw new DBusError(ErrorName.addressInUse, `There is an endpoint ${name} already`);
    if ([...this.#endpoints.values()].filter((one) => one.owner === owner).length >= maximumEndpoints)
      throw new DBusError(ErrorName.limitsExceeded, `A connection has at most ${maximumEndpoints} endpoints`);
    const place = { path: join(this.#directory, `endpoint-${name}`), mode, accept: this.#accept };
    try {
      const endpoint = new Endpoint(owner, name, place);
      endpoint.entries = entries;
      this.#endpoints.set(name, endpoint);
      return endpoint;
    } catch (error) {
      throw error instanceof SystemError ? DBusError.from(error) : error;
    }
  }

  /** The maker's own. Throws UnknownObject. */
  get(owner: Peer, name: string): Endpoint<Peer> {
    const endpoint = this.#endpoints.get(name);
    if (endpoint?.owner !== owner)
      throw new DBusError(ErrorName.unknownObject, `The connection has no endpoint ${JSON.stringify(name)}`);
    return endpoint;
  }

  remove(endpoint: Endpoint<Peer>): void {
    this.#endpoints.delete(endpoint.name);
    endpoint.close();
  }

  /** The maker is gone. */
  drop(owner: Peer): void {
    for (const endpoint of [...this.#endpoints.values()]) if (endpoint.owner === owner) this.remove(endpoint);
  }

  close(): void {
    for (const endpoint of [...this.#endpoints.values()]) this.remove(endpoint);
  }
}
