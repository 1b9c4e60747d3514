import { MessageType } from '@switchyard/dbus';
import type { OwnRule, PolicyRule, ReceiveRule, SendRule } from './PolicyRule.js';
import type { Claims, PolicySubject } from './PolicySubject.js';

export type Verdict = {
  allowed: boolean;
  /** How many rules spoke of this message; its sender is told. */
  matched: number;
  /** The deciding rule wants this to be logged. */
  log: boolean;
};

/**
 * What a connection may send, receive and own: the rules that are for it, in the order default, group, user, at_console,
 * mandatory. Of all rules that fit, the last one decides; none is a no (dbus-daemon(1), "<policy>").
 */
export class ClientPolicy {
  readonly #send: readonly SendRule[];
  readonly #receive: readonly ReceiveRule[];
  readonly #own: readonly OwnRule[];
  /** Every message may be sent, or received: nothing needs to be looked at. */
  readonly sendsAll: boolean;
  readonly receivesAll: boolean;
  /** Whether a verdict depends on the object path, or on the number of fds: else they need not be part of a cache's key. */
  readonly usesPath: boolean;
  readonly usesFds: boolean;

  constructor(rules: readonly PolicyRule[]) {
    this.#send = fromLastGeneral(rules.filter((rule) => rule.kind === 'send'));
    this.#receive = fromLastGeneral(rules.filter((rule) => rule.kind === 'receive'));
    this.#own = rules.filter((rule) => rule.kind === 'own');
    this.sendsAll = allowsAll(this.#send);
    this.receivesAll = allowsAll(this.#receive);
    const all = [...this.#send, ...this.#receive];
    this.usesPath = all.some((rule) => rule.path !== undefined);
    this.usesFds = all.some((rule) => rule.minFds > 0 || rule.maxFds < 253);
  }

  /** `receiver`: undefined for the bus itself, and for a service that is still to be started. */
  maySend(message: PolicySubject, receiver: Claims | undefined, requestedReply: boolean): Verdict {
    const verdict = { allowed: false, matched: 0, log: false };
    for (const rule of this.#send) {
      if (message.isReply && rule.allow && rule.requestedReply && !rule.eavesdrop && !requestedReply)
        continue;
      if (!fits(rule, message, requestedReply)) continue;
      if (rule.broadcast !== undefined && rule.broadcast !== isBroadcast(message)) continue;
      if (!reaches(rule, message, receiver)) continue;
      verdict.allowed = rule.allow;
      verdict.log = rule.log;
      verdict.matched++;
    }
    return verdict;
  }

  /** `sender`: undefined for the bus itself. `eavesdrops`: the message is for another. */
  mayReceive(
    message: PolicySubject,
    sender: Claims | undefined,
    requestedReply: boolean,
    eavesdrops: boolean,
  ): Verdict {
    const verdict = { allowed: false, matched: 0, log: false };
    for (const rule of this.#receive) {
      if (eavesdrops ? rule.allow && !rule.eavesdrop : !rule.allow && rule.eavesdrop) continue;
      if (message.isReply && rule.allow && rule.requestedReply && !rule.eavesdrop && !requestedReply)
        continue;
      if (!fits(rule, message, requestedReply)) continue;
      if (rule.sender !== undefined)
        if (sender ? !sender(rule.sender, false) : rule.sender !== 'org.freedesktop.DBus') continue;
      verdict.allowed = rule.allow;
      verdict.matched++;
    }
    return verdict;
  }

  mayOwn(name: string): boolean {
    const rule = this.#own.findLast(
      (one) =>
        one.name === undefined || one.name === name || (one.isPrefix && name.startsWith(`${one.name}.`)),
    );
    return rule?.allow ?? false;
  }
}

/** What rules on both sides ask. A field that the message lacks fits, but no allow for an interface. */
function fits(rule: SendRule | ReceiveRule, message: PolicySubject, requestedReply: boolean): boolean {
  if (rule.type !== undefined && rule.type !== message.type) return false;
  if (message.isReply && requestedReply && !rule.allow && !rule.requestedReply) return false;
  if (rule.path !== undefined && (message.path ?? rule.path) !== rule.path) return false;
  if (rule.interface !== undefined) {
    const name = message.interface;
    if (name === undefined ? rule.allow : name !== rule.interface) return false;
  }
  if (rule.member !== undefined && (message.member ?? rule.member) !== rule.member) return false;
  if (rule.error !== undefined && (message.errorName ?? rule.error) !== rule.error) return false;
  return message.unixFds >= rule.minFds && message.unixFds <= rule.maxFds;
}

function isBroadcast(message: PolicySubject): boolean {
  return message.destination === undefined && message.type === MessageType.signal;
}

/** Whether the rule's destination is the message's: by what the receiver is called, else by what the message says. */
function reaches(rule: SendRule, message: PolicySubject, receiver: Claims | undefined): boolean {
  const wanted = rule.destination;
  if (wanted === undefined) return true;
  if (receiver) return receiver(wanted, rule.destinationIsPrefix);
  const { destination } = message;
  return destination === wanted || (rule.destinationIsPrefix && !!destination?.startsWith(`${wanted}.`));
}

/**
 * dbus-daemon forgets all rules before one that names nothing: no type, interface, member, error, path, or other end. It
 * does so also where that rule is about owed replies, eavesdropping, broadcasts or fds alone, and the others were not.
 */
function fromLastGeneral<Rule extends SendRule | ReceiveRule>(rules: readonly Rule[]): readonly Rule[] {
  const last = rules.findLastIndex((rule) => {
    const other = rule.kind === 'send' ? rule.destination : rule.sender;
    return [rule.type, rule.interface, rule.member, rule.error, rule.path, other].every(
      (one) => one === undefined,
    );
  });
  return rules.slice(Math.max(last, 0));
}

/** Whether an allow without conditions is behind every deny. */
function allowsAll(rules: readonly (SendRule | ReceiveRule)[]): boolean {
  const deny = rules.findLastIndex((rule) => !rule.allow);
  return rules.slice(deny + 1).some(isUnconditional);
}

function isUnconditional(rule: SendRule | ReceiveRule): boolean {
  const named = rule.kind === 'send' ? [rule.destination, rule.broadcast] : [rule.sender];
  const conditions = [rule.type, rule.interface, rule.member, rule.error, rule.path, ...named];
  // An allow for owed replies alone is no allow for all; one with eavesdrop is for others too.
  return (
    conditions.every((one) => one === undefined) &&
    rule.allow &&
    (rule.eavesdrop || !rule.requestedReply) &&
    rule.minFds === 0 &&
    rule.maxFds >= 253 &&
    !(rule.kind === 'send' && rule.log)
  );
}
