import { readFileSync } from 'node:fs';
import { UserDatabase } from '../config/UserDatabase.js';
import { ClientPolicy } from './ClientPolicy.js';
import type { ConnectRule, PolicyRule, PolicyRules } from './PolicyRule.js';

/** Who a connection is, as the kernel says. */
export type Identity = { uid: number; groups: readonly number[] };

/** A configuration's policy: who may connect, and what each connection may do. */
export class Policy {
  readonly #rules: PolicyRules;
  readonly #owner: number;
  /** One for all connections that the same rules are for. */
  readonly #clients = new Map<string, ClientPolicy>();
  readonly #users = new UserDatabase();

  /** `owner`: the bus's own user, who may connect unless a rule says no. */
  constructor(rules: PolicyRules, owner: number) {
    this.#rules = rules;
    this.#owner = owner;
  }

  mayConnect(who: Identity): boolean {
    const rules = [...this.#rules.default, ...this.#rules.mandatory];
    const rule = rules.findLast((one) => isAbout(one, who));
    return rule?.allow ?? who.uid === this.#owner;
  }

  clientPolicy(who: Identity): ClientPolicy {
    const groups = who.groups.filter((gid) => this.#rules.byGroup.has(gid)).sort((a, b) => a - b);
    const { atConsole, notAtConsole } = this.#rules;
    const console =
      atConsole.length + notAtConsole.length > 0 && (isAtConsole(who.uid, this.#users) ? 'yes' : 'no');
    const user = this.#rules.byUser.has(who.uid) ? who.uid : '';
    const key = `${user}/${groups.join()}/${console}`;
    let client = this.#clients.get(key);
    if (!client) {
      client = new ClientPolicy([
        ...this.#rules.default,
        ...groups.flatMap((gid) => this.#rules.byGroup.get(gid)!),
        ...(this.#rules.byUser.get(who.uid) ?? []),
        ...(console === 'yes' ? atConsole : console === 'no' ? notAtConsole : []),
        ...this.#rules.mandatory,
      ]);
      this.#clients.set(key, client);
    }
    return client;
  }
}

function isAbout(rule: PolicyRule, who: Identity): rule is ConnectRule {
  if (rule.kind === 'user') return rule.id === undefined || rule.id === who.uid;
  if (rule.kind === 'group') return rule.id === undefined || who.groups.includes(rule.id);
  return false;
}

/** Whether a user has a session on a seat of this machine, by logind's records or pam_console's. */
function isAtConsole(uid: number, users: UserDatabase): boolean {
  const seats = /^SEATS=(.+)$/m.exec(textOf(`/run/systemd/users/${uid}`) ?? '');
  if (seats) return true;
  const user = users.user(String(uid));
  return user !== undefined && textOf(`/run/console/${user.name}`) !== undefined;
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
