import { ProtocolError } from './DBusError.js';
import { formatMatchRule, type MatchRule, type MatchSubject, ruleMatches } from './MatchRule.js';
import type { Message } from './Message.js';

type Handler = (message: Message) => void;
type Subscription = { rule: MatchRule; text: string; handler: Handler };

/** A match that was asked for; `ready` says when, or that not, the bus has it. */
export interface Match extends Disposable {
  readonly ready: Promise<void>;
}

/** What this side needs of the bus. */
export type SubscriptionBus = {
  /** AddMatch or RemoveMatch. */
  setMatch(member: 'AddMatch' | 'RemoveMatch', rule: string): Promise<void>;
  /** Begins to follow a well-known name; the answer is asked for before any later AddMatch. */
  follow(name: string): Disposable;
  /** A well-known name's owner, as far as known. */
  ownerOf(name: string): string | undefined;
};

/**
 * The match rules of a connection: the bus is told of equal rules once, and every message goes to the handlers
 * whose rule it meets, which may be fewer than those for whom the bus sent it.
 */
export class Subscriptions {
  readonly #bus: SubscriptionBus;
  /** By member, since nearly every rule has one; '' for the others. */
  readonly #byMember = new Map<string, Set<Subscription>>();
  readonly #uses = new Map<string, { count: number; ready: Promise<void> }>();

  constructor(bus: SubscriptionBus) {
    this.#bus = bus;
  }

  add(rule: MatchRule, handler: Handler): Match {
    const text = formatMatchRule(rule);
    const subscription = { rule, text, handler };
    const { sender } = rule;
    const followed =
      sender !== undefined && !sender.startsWith(':') && sender !== 'org.freedesktop.DBus'
        ? this.#bus.follow(sender)
        : undefined;
    const key = rule.member ?? '';
    const bucket = this.#byMember.get(key) ?? new Set();
    this.#byMember.set(key, bucket.add(subscription));
    const ready = this.#use(text);
    return {
      ready,
      [Symbol.dispose]: () => {
        if (!bucket.delete(subscription)) return;
        if (bucket.size === 0 && this.#byMember.get(key) === bucket) this.#byMember.delete(key);
        followed?.[Symbol.dispose]();
        this.#unuse(text);
      },
    };
  }

  dispatch(message: Message): void {
    if (this.#byMember.size === 0) return;
    const subject = new Subject(message, this.#bus);
    // A copy: handlers may subscribe and unsubscribe.
    for (const bucket of [this.#byMember.get(message.member ?? ''), this.#byMember.get('')])
      for (const subscription of bucket ? [...bucket] : [])
        if (bucket!.has(subscription) && ruleMatches(subscription.rule, subject))
          deliver(subscription.handler, message);
  }

  #use(text: string): Promise<void> {
    const known = this.#uses.get(text);
    if (known) {
      known.count++;
      return known.ready;
    }
    const ready = this.#bus.setMatch('AddMatch', text);
    // Whoever does not look at `ready` has the connection's end to learn from.
    ready.catch(() => {});
    this.#uses.set(text, { count: 1, ready });
    return ready;
  }

  #unuse(text: string): void {
    const use = this.#uses.get(text)!;
    if (--use.count > 0) return;
    this.#uses.delete(text);
    this.#bus.setMatch('RemoveMatch', text).catch(() => {});
  }
}

/** A body that is not what its signature says is its sender's fault: the signal is as good as not sent. */
function deliver(handler: Handler, message: Message): void {
  try {
    handler(message);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
  }
}

class Subject implements MatchSubject {
  readonly #message: Message;
  readonly #bus: SubscriptionBus;

  constructor(message: Message, bus: SubscriptionBus) {
    this.#message = message;
    this.#bus = bus;
  }

  get type(): number {
    return this.#message.type;
  }
  get interface(): string | undefined {
    return this.#message.interface;
  }
  get member(): string | undefined {
    return this.#message.member;
  }
  get path(): string | undefined {
    return this.#message.path;
  }
  isFor(name: string): boolean {
    // Without a name's owner at hand: whatever is here came for this connection.
    return name === this.#message.destination;
  }

  isFrom(name: string): boolean {
    const { sender } = this.#message;
    return name === sender || (sender !== undefined && this.#bus.ownerOf(name) === sender);
  }

  argument(n: number): { value: string; isPath: boolean } | undefined {
    return this.#message.argument(n);
  }
}
