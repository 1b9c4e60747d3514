import {
  DBusError,
  ErrorName,
  formatMatchRule,
  type MatchRule,
  type MatchSubject,
  ruleMatches,
} from '@switchyard/dbus';
import { builtInLimits, type Limits } from './Limits.js';
import { OwnerCounter } from './OwnerCounter.js';

/** What the index asks of those whose rules it holds. */
export interface MatchOwner {
  /** The index's own: which message this owner was found for last. */
  matchStamp: number;
}

/** A message with its sender's unique name, or the driver's name. */
export interface IndexedSubject extends MatchSubject {
  readonly sender: string;
}

type Entry<Owner> = { owner: Owner; rule: MatchRule; shape: Shape<Owner>; key: string; count: number };

const Key = { interface: 1, member: 2, path: 4, sender: 8, argument: 16 } as const;
const separator = '\n';

/** The rules that name the same things, by what they say of them. */
class Shape<Owner> {
  readonly bits: number;
  readonly keys = new Map<string, Set<Entry<Owner>>>();
  /** What the last message had, and the rules that were found for it: the next is often of the same kind. */
  #interface: string | undefined;
  #member: string | undefined;
  #path: string | undefined;
  #sender: string | undefined;
  #argument: string | undefined;
  #found: Set<Entry<Owner>> | undefined;
  #remembers = false;

  constructor(bits: number) {
    this.bits = bits;
  }

  /** Hot: no key is made for a message like the last. */
  find(subject: IndexedSubject): Set<Entry<Owner>> | undefined {
    const { bits } = this;
    const argument = bits & Key.argument ? subject.argument(0)?.value : undefined;
    if (bits & Key.argument && argument === undefined) return undefined;
    if (
      this.#remembers &&
      subject.interface === this.#interface &&
      subject.member === this.#member &&
      (!(bits & Key.path) || subject.path === this.#path) &&
      (!(bits & Key.sender) || subject.sender === this.#sender) &&
      argument === this.#argument
    )
      return this.#found;
    this.#interface = subject.interface;
    this.#member = subject.member;
    this.#path = bits & Key.path ? subject.path : undefined;
    this.#sender = subject.sender;
    this.#argument = argument;
    this.#found = this.keys.get(
      keyOf(bits, this.#interface, this.#member, this.#path, this.#sender, argument),
    );
    this.#remembers = true;
    return this.#found;
  }

  add(entry: Entry<Owner>): void {
    const entries = this.keys.get(entry.key);
    if (entries) entries.add(entry);
    else this.keys.set(entry.key, new Set([entry]));
    this.#remembers = false;
  }

  remove(entry: Entry<Owner>): void {
    const entries = this.keys.get(entry.key)!;
    entries.delete(entry);
    if (entries.size === 0) this.keys.delete(entry.key);
    this.#remembers = false;
  }
}

/**
 * All match rules, found by what they demand. A rule's *shape* is which of interface, member, path, sender (if it is
 * a unique name) and arg0 it names; those together are its key:
 *
 *   shape interface|member ─▶ "org.x.I\nChanged\n" ─▶ rules
 *   shape member|arg0      ─▶ "Changed\norg.y\n"   ─▶ rules
 *
 * A message makes one key for each shape in use (a handful), looks it up, and checks only the rules found there: it
 * costs by its matches, not by the number of rules.
 */
export class MatchIndex<Owner extends MatchOwner> {
  /** In the order in which the first rule of each came. */
  #shapes: Shape<Owner>[] = [];
  readonly #byOwner = new Map<Owner, Map<string, Entry<Owner>>>();
  readonly counter = new OwnerCounter<Owner>();
  #stamp = 0;
  readonly #limits: Pick<Limits, 'matchRulesPerConnection'>;

  /** Equal rules of a connection count each. */
  constructor(limits: Pick<Limits, 'matchRulesPerConnection'> = builtInLimits) {
    this.#limits = limits;
  }

  /** How many owners have rules. */
  get size(): number {
    return this.#byOwner.size;
  }

  /** All rules of a connection, equal ones as often as it has them. */
  rules(owner: Owner): string[] {
    const rules = [...(this.#byOwner.get(owner) ?? [])];
    return rules.flatMap(([text, { count }]) => Array.from({ length: count }, () => text));
  }

  /** Equal rules are counted. Throws LimitsExceeded. */
  add(owner: Owner, rule: MatchRule): void {
    const maximum = this.#limits.matchRulesPerConnection;
    if (this.counter.of(owner) >= maximum)
      throw new DBusError(ErrorName.limitsExceeded, `A connection has at most ${maximum} match rules`);
    this.counter.add(owner);
    const rules = this.#byOwner.get(owner) ?? new Map<string, Entry<Owner>>();
    this.#byOwner.set(owner, rules);
    const text = formatMatchRule(rule);
    const known = rules.get(text);
    if (known) {
      known.count++;
      return;
    }
    const bits = shapeOf(rule);
    const key = keyOf(bits, rule.interface, rule.member, rule.path, rule.sender, rule.args?.get(0));
    let shape = this.#shapes.find((one) => one.bits === bits);
    if (!shape) {
      shape = new Shape(bits);
      this.#shapes.push(shape);
    }
    const entry = { owner, rule, shape, key, count: 1 };
    rules.set(text, entry);
    shape.add(entry);
  }

  /** Takes one rule equal to this away. Throws MatchRuleNotFound. */
  remove(owner: Owner, rule: MatchRule): void {
    const text = formatMatchRule(rule);
    const entry = this.#byOwner.get(owner)?.get(text);
    if (!entry) throw new DBusError(ErrorName.matchRuleNotFound, `The connection has no match rule ${text}`);
    this.counter.remove(owner);
    if (--entry.count > 0) return;
    this.#byOwner.get(owner)!.delete(text);
    this.#unlink(entry);
  }

  removeAll(owner: Owner): void {
    for (const entry of this.#byOwner.get(owner)?.values() ?? []) this.#unlink(entry);
    this.#byOwner.delete(owner);
    this.counter.removeAll(owner);
  }

  /** Calls `found` once for each owner with a rule that the message meets. Hot. */
  find(subject: IndexedSubject, found: (owner: Owner) => void): void {
    const stamp = ++this.#stamp;
    const shapes = this.#shapes;
    for (let i = 0; i < shapes.length; i++) {
      const entries = shapes[i]!.find(subject);
      if (!entries) continue;
      for (const { owner, rule } of entries)
        if (owner.matchStamp !== stamp && ruleMatches(rule, subject)) {
          owner.matchStamp = stamp;
          found(owner);
        }
    }
  }

  #unlink(entry: Entry<Owner>): void {
    entry.shape.remove(entry);
    if (entry.shape.keys.size === 0) this.#shapes = this.#shapes.filter((shape) => shape !== entry.shape);
  }
}

/** A sender that every message of its carries as it stands: not a well-known name, which its owner has besides. */
function isStamped(sender: string): boolean {
  return sender.startsWith(':') || sender === 'org.freedesktop.DBus';
}

function shapeOf(rule: MatchRule): number {
  return (
    (rule.interface !== undefined ? Key.interface : 0) |
    (rule.member !== undefined ? Key.member : 0) |
    (rule.path !== undefined ? Key.path : 0) |
    (rule.sender !== undefined && isStamped(rule.sender) ? Key.sender : 0) |
    (rule.args?.has(0) ? Key.argument : 0)
  );
}

function keyOf(
  shape: number,
  name: string | undefined,
  member: string | undefined,
  path: string | undefined,
  sender: string | undefined,
  argument: string | undefined,
): string {
  let key = '';
  if (shape & Key.interface) key += name + separator;
  if (shape & Key.member) key += member + separator;
  if (shape & Key.path) key += path + separator;
  if (shape & Key.sender) key += sender + separator;
  if (shape & Key.argument) key += argument;
  return key;
}
