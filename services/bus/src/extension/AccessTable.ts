import { DBusError, ErrorName, isWellKnownName } from '@switchyard/dbus';
import type { Identity } from '../policy/Policy.js';

/** What somebody may do with a name; the higher includes the lower. */
export const Access = { none: 0, see: 1, talk: 2, own: 3 } as const;

/** `id`: the user's or the group's; of no meaning for the world. */
export type AccessRule = { who: 'user' | 'group' | 'world'; id: number; access: number };

/** By name; `a.b.*` is every name with exactly one element more. */
export type AccessEntries = ReadonlyMap<string, readonly AccessRule[]>;

/** An entry as it comes over the wire: a(sa(sus)). */
export type WireEntries = [name: string, rules: [who: string, id: number, access: string][]][];

/** Names and rules of one policy; an application with more than this has a name for each object. */
const maximumRules = 4096;

/** Throws InvalidArgs. */
export function accessEntries(wire: WireEntries, options: { wildcards: boolean }): AccessEntries {
  const entries = new Map<string, AccessRule[]>();
  let count = 0;
  for (const [name, rules] of wire) {
    const plain = name.endsWith('.*') && options.wildcards ? name.slice(0, -2) : name;
    if (!isWellKnownName(plain))
      throw invalid(`Not a name that a policy can be about: ${JSON.stringify(name)}`);
    if (entries.has(name)) throw invalid(`The name ${name} is there twice`);
    count += rules.length + 1;
    if (count > maximumRules) throw invalid(`A policy has at most ${maximumRules} names and rules`);
    entries.set(
      name,
      rules.map(([who, id, access]) => {
        if (who !== 'user' && who !== 'group' && who !== 'world')
          throw invalid(`${JSON.stringify(who)} is none of user, group, world`);
        if (access !== 'see' && access !== 'talk' && access !== 'own')
          throw invalid(`${JSON.stringify(access)} is none of see, talk, own`);
        return { who, id, access: Access[access] };
      }),
    );
  }
  return entries;
}

/** The entries of several holders, of which each name has at most one. */
export class AccessTable<Holder> {
  readonly #entries = new Map<string, { holder: Holder; rules: readonly AccessRule[] }>();

  get size(): number {
    return this.#entries.size;
  }

  /** All of a holder's entries at once, instead of those before. Throws AddressInUse, and nothing has changed. */
  set(holder: Holder, entries: AccessEntries): void {
    for (const name of entries.keys()) {
      const known = this.#entries.get(name);
      if (known && known.holder !== holder)
        throw new DBusError(ErrorName.addressInUse, `Another connection holds the policy of ${name}`);
    }
    this.remove(holder);
    for (const [name, rules] of entries) this.#entries.set(name, { holder, rules });
  }

  remove(holder: Holder): void {
    for (const [name, entry] of this.#entries) if (entry.holder === holder) this.#entries.delete(name);
  }

  /** The highest that a rule of the name's entry gives; undefined when nobody holds a policy for it. */
  access(name: string, who: Identity): number | undefined {
    const entry = this.#entries.get(name) ?? this.#entries.get(`${name.slice(0, name.lastIndexOf('.'))}.*`);
    if (!entry) return undefined;
    let highest: number = Access.none;
    for (const rule of entry.rules) if (rule.access > highest && isFor(rule, who)) highest = rule.access;
    return highest;
  }
}

function isFor(rule: AccessRule, who: Identity): boolean {
  if (rule.who === 'world') return true;
  return rule.who === 'user' ? rule.id === who.uid : who.groups.includes(rule.id);
}

function invalid(text: string): DBusError {
  return new DBusError(ErrorName.invalidArgs, text);
}
