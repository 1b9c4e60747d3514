/** What the runtimes must know of an interface; the generated modules hold one for each. */

export type MessageDescription = {
  readonly name: string;
  /** The interface version that brought it. */
  readonly since: number;
  /**
   * One letter an argument, as libwayland writes it: i(nt) u(int) f(ixed) s(tring) o(bject) n(ew_id) a(rray) h (fd);
   * `?` before one that may be null. A new_id without interface is `sun`: name, version, id.
   */
  readonly signature: string;
  readonly destructor: boolean;
};

export type Interface = {
  readonly name: string;
  readonly version: number;
  readonly requests: readonly MessageDescription[];
  readonly events: readonly MessageDescription[];
  /** The interface's `error` enum. */
  readonly errors: Readonly<Record<string, number>>;
};

/** Ids from here on are allocated by the server, those below by the client. */
export const FIRST_SERVER_ID = 0xff00_0000;

/** True when a number that a peer sent is an entry of the enum, so that it may be used as one. */
export function isEntry<E extends Readonly<Record<string, number>>>(
  entries: E,
  value: number,
): value is E[keyof E] {
  for (const name in entries) if (entries[name] === value) return true;
  return false;
}
