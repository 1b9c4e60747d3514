import type { Call } from './Call.js';
import type { DBusError } from './DBusError.js';
import type { MatchRule } from './MatchRule.js';
import { Message } from './Message.js';
import { type NameOwnersBus, newOwner } from './NameOwners.js';
import type { Match } from './Subscriptions.js';
import type { Variant } from './Variant.js';

const driver = {
  destination: 'org.freedesktop.DBus',
  path: '/org/freedesktop/DBus',
  interface: 'org.freedesktop.DBus',
} as const;

/** What a connection gives for talking to its bus. */
export type DriverLink = {
  call(call: Call): Promise<unknown[]>;
  /** `settle` is called in the order of messages; for an answer that must be known before anything later is looked at. */
  send(call: Call, settle: (reply: Message | DBusError) => void): void;
  match(rule: MatchRule, handler: (message: Message) => void): Match;
  isOpen(): boolean;
};

/** The bus itself, as a connection sees it: names, owners, match rules. A bus that is there answers, so nothing but Hello has a timeout. */
export class BusDriver implements NameOwnersBus {
  readonly #link: DriverLink;

  constructor(link: DriverLink) {
    this.#link = link;
  }

  /** Resolves to the connection's unique name. The one question that a bus which is no bus may leave open. */
  async hello(timeout: number): Promise<string> {
    return (await this.#link.call({ ...driver, member: 'Hello', timeout }))[0] as string;
  }

  async requestName(name: string, flags: number): Promise<number> {
    return (await this.#ask('RequestName', 'su', name, flags))[0] as number;
  }

  async releaseName(name: string): Promise<number> {
    return (await this.#ask('ReleaseName', 's', name))[0] as number;
  }

  async setMatch(member: 'AddMatch' | 'RemoveMatch', rule: string): Promise<void> {
    await this.#ask(member, 's', rule);
  }

  async credentials(sender: string): Promise<Map<string, Variant>> {
    return (await this.#ask('GetConnectionCredentials', 's', sender))[0] as Map<string, Variant>;
  }

  onOwnerChanged(name: string, handler: (owner: string | undefined) => void): Match {
    const { destination: sender, path, interface: of } = driver;
    const args = new Map([[0, name]]);
    return this.#link.match(
      { type: 'signal', sender, path, interface: of, member: 'NameOwnerChanged', args },
      (message) => handler(newOwner(message)),
    );
  }

  askOwner(name: string, answer: (owner: string | undefined) => void): void {
    this.#link.send({ ...driver, member: 'GetNameOwner', signature: 's', body: [name] }, (reply) => {
      if (!this.#link.isOpen()) return;
      answer(reply instanceof Message ? (reply.body[0] as string) : undefined);
    });
  }

  #ask(member: string, signature: string, ...body: unknown[]): Promise<unknown[]> {
    return this.#link.call({ ...driver, member, signature, body, timeout: Number.POSITIVE_INFINITY });
  }
}
