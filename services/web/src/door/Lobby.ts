import type { Socket } from 'node:net';
import { exactOriginOf, LOOPBACK, loopbackOrigins, type Origin, originOf } from './Origin.js';

/** `inside` has no bound here: who lets them in counts them. */
export type Rank = 'stranger' | 'asked' | 'known' | 'inside';

export interface LobbyLimits {
  /** Sockets of who has shown nothing, and how many of them one origin may have. */
  readonly strangers: number;
  readonly strangersOfOne: number;
  /** Sockets of who is in the middle of signing in. */
  readonly asked: number;
  readonly askedOfOne: number;
  /** Sockets of who has shown something, but not enough for the seat. */
  readonly known: number;
  readonly knownOfOne: number;
  /** A stranger that has not become more by then is let go of (ms). */
  readonly deadline: number;
}

/** After a look at who is behind connections of loopback there is none for so many times its duration: it is not cheap. */
const LOOK_REST = 9;

interface Place {
  readonly socket: Socket;
  origin: Origin;
  rank: Rank;
  deadline: NodeJS.Timeout | undefined;
}

/**
 * The sockets of a server, by what their people have shown:
 *
 *   stranger ──is asked for a password──▶ asked ──┐
 *      ├──────────────────────────────────shows something──▶ known ⇄ inside
 *      └── deadline | pushed out ─────────┴── pushed out ──────┴──▶ gone
 *
 * Where there are too many of a rank, the oldest of the origin that has the most of them goes. So who only connects, as
 * often as it may be, pushes out nobody but his own, and never somebody of a higher rank. Who is asked for a password has until his
 * deadline to type it, and not even his own push him out: when an origin has its share of those, no more are asked. Of who comes by loopback it is
 * known a little later whose they are; until then they have no share, and are all one.
 */
export class Lobby {
  readonly #limits: LobbyLimits;
  readonly #pushedOut: (origin: Origin, rank: Rank) => void;
  #nextLook = 0;
  /** Oldest first, by the peer's address and port: what TLS puts around a socket is the same place. */
  readonly #places = new Map<string, Place>();

  constructor(limits: LobbyLimits, pushedOut: (origin: Origin, rank: Rank) => void) {
    this.#limits = limits;
    this.#pushedOut = pushedOut;
  }

  /** For a socket that was accepted just now. */
  enter(socket: Socket): void {
    // Who has hung up already has no address any more.
    if (socket.remotePort === undefined) return void socket.destroy();
    const name = nameOf(socket);
    const place: Place = { socket, origin: originOf(socket), rank: 'stranger', deadline: undefined };
    place.deadline = setTimeout(() => socket.destroy(), this.#limits.deadline);
    this.#places.set(name, place);
    socket.once('close', () => {
      clearTimeout(place.deadline);
      if (this.#places.get(name) === place) this.#places.delete(name);
    });
    this.#makeRoom('stranger');
  }

  /** A stranger that is `inside` no more is `known` still. */
  rank(socket: Socket, rank: 'known' | 'inside'): void {
    const place = this.#places.get(nameOf(socket));
    if (place === undefined || place.rank === rank) return;
    clearTimeout(place.deadline);
    place.rank = rank;
    if (rank === 'known') this.#makeRoom('known');
  }

  /** A stranger is to be asked for a password, until his deadline. False when that cannot be now. */
  ask(socket: Socket): boolean {
    const place = this.#places.get(nameOf(socket));
    if (place?.rank !== 'stranger') return place !== undefined;
    const origin = place.origin === LOOPBACK ? exactOriginOf(place.socket) : place.origin;
    const origins = this.#byOrigin('asked');
    const own = origins.get(origin)?.length ?? 0;
    if (own >= this.#limits.askedOfOne) return false;
    if (sum(origins) >= this.#limits.asked) {
      const most = largest(origins);
      if (most.length <= own + 1) return false;
      this.#pushOut(most.slice(0, 1));
    }
    place.origin = origin;
    place.rank = 'asked';
    return true;
  }

  /** One that waits for us, and not we for him, has this long again. */
  extend(socket: Socket, ms: number): void {
    const place = this.#places.get(nameOf(socket));
    if (place?.rank !== 'stranger' && place?.rank !== 'asked') return;
    clearTimeout(place.deadline);
    place.deadline = setTimeout(() => place.socket.destroy(), ms);
  }

  #makeRoom(rank: 'stranger' | 'known'): void {
    const [all, ofOne] =
      rank === 'stranger'
        ? [this.#limits.strangers, this.#limits.strangersOfOne]
        : [this.#limits.known, this.#limits.knownOfOne];
    let origins = this.#byOrigin(rank);
    if ((origins.get(LOOPBACK)?.length ?? 0) > ofOne && performance.now() >= this.#nextLook) {
      this.#look(origins.get(LOOPBACK)!);
      origins = this.#byOrigin(rank);
    }
    for (const [origin, places] of origins)
      if (places.length > ofOne && origin !== LOOPBACK)
        this.#pushOut(places.splice(0, places.length - ofOne));
    for (let count = sum(origins); count > all; count--) {
      this.#pushOut(largest(origins).splice(0, 1));
    }
  }

  /** Finds out who is behind all who came by loopback since the last look. */
  #look(places: readonly Place[]): void {
    const begun = performance.now();
    const found = loopbackOrigins(places.map(({ socket }) => socket));
    for (const place of places) place.origin = found.get(place.socket)!;
    const ended = performance.now();
    this.#nextLook = ended + LOOK_REST * (ended - begun);
  }

  #byOrigin(rank: Rank): Map<Origin, Place[]> {
    const origins = new Map<Origin, Place[]>();
    for (const place of this.#places.values()) {
      if (place.rank !== rank || place.socket.destroyed) continue;
      const places = origins.get(place.origin);
      if (places === undefined) origins.set(place.origin, [place]);
      else places.push(place);
    }
    return origins;
  }

  #pushOut(places: readonly Place[]): void {
    for (const { socket, origin, rank } of places) {
      socket.destroy();
      this.#pushedOut(origin, rank);
    }
  }
}

const nameOf = (socket: Socket): string => `${socket.remoteAddress}:${socket.remotePort}`;

/** Of the origin that has most. */
function largest(origins: ReadonlyMap<Origin, Place[]>): Place[] {
  let most: Place[] = [];
  for (const places of origins.values()) if (places.length > most.length) most = places;
  return most;
}

function sum(origins: ReadonlyMap<Origin, readonly Place[]>): number {
  let count = 0;
  for (const places of origins.values()) count += places.length;
  return count;
}
