import { readFileSync } from 'node:fs';
import { DBusError, ErrorName, MessageType } from '@switchyard/dbus';
import type { ClientPolicy, Verdict } from './ClientPolicy.js';
import type { Claims, PolicySubject } from './PolicySubject.js';

/** Verdicts that are kept; a busy system bus has a few hundred kinds of messages. */
const maximumVerdicts = 8192;

/** A connection as the guard sees it. */
export interface GuardedPeer {
  readonly uniqueName: string;
  readonly uid: number;
  readonly pid: number;
  /** undefined: a bus without a policy, or a connection that has not said Hello. */
  readonly policy: ClientPolicy | undefined;
}

/** Who owns or waits for names, and a number that changes whenever that does. */
export interface NameClaims<Peer> {
  claims(peer: Peer, name: string, orBelow: boolean): boolean;
  version(): number;
}

/**
 * Asks the policies of both ends whether a message may pass. What they said of a kind of message between two connections
 * is kept until a name changes hands or the configuration does. Hot, but not where a policy allows everything.
 */
export class Guard<Peer extends GuardedPeer> {
  readonly #names: NameClaims<Peer>;
  readonly #log: (what: string) => void;
  readonly #verdicts = new Map<string, { send: Verdict | undefined; receive: Verdict | undefined }>();
  #version = -1;

  constructor(names: NameClaims<Peer>, log: (what: string) => void) {
    this.#names = names;
    this.#log = log;
  }

  /** The configuration has changed. */
  forget(): void {
    this.#verdicts.clear();
  }

  /**
   * Why a message may not go from `sender` to `receiver` (undefined: the bus itself, or a service that is still to be
   * started). `eavesdrops`: the receiver is not the addressee.
   */
  refusal(
    message: PolicySubject,
    sender: Peer | undefined,
    receiver: Peer | undefined,
    requestedReply: boolean,
    eavesdrops = false,
  ): DBusError | undefined {
    const sends = sender?.policy;
    const receives = receiver?.policy;
    if ((sends?.sendsAll ?? true) && (receives?.receivesAll ?? true)) return undefined;
    const { send, receive } = this.#verdict(message, sender, receiver, requestedReply, eavesdrops);
    const tell = (what: string, verdict: Verdict) =>
      `${what}, ${verdict.matched} matched rules; ${describe(message, sender, receiver, requestedReply)}`;
    if (send?.allowed === false) return this.#deny(tell('Rejected send message', send), send);
    if (send?.log) this.#log(tell('Would reject message', send));
    if (receive?.allowed === false) return this.#deny(tell('Rejected receive message', receive), receive);
    return undefined;
  }

  #deny(text: string, verdict: Verdict): DBusError {
    if (verdict.log) this.#log(text);
    return new DBusError(ErrorName.accessDenied, text);
  }

  #verdict(
    message: PolicySubject,
    sender: Peer | undefined,
    receiver: Peer | undefined,
    requestedReply: boolean,
    eavesdrops: boolean,
  ) {
    if (this.#version !== this.#names.version() || this.#verdicts.size >= maximumVerdicts) {
      this.#verdicts.clear();
      this.#version = this.#names.version();
    }
    const sends = sender?.policy;
    const receives = receiver?.policy;
    const usesPath = sends?.usesPath || receives?.usesPath;
    const usesFds = sends?.usesFds || receives?.usesFds;
    const kind = message.isReply ? (requestedReply ? 1 : 2) : 0;
    const from = `${sender?.uniqueName}\n${receiver?.uniqueName ?? message.destination}`;
    const what = `${message.type}${kind}${eavesdrops}${message.destination === undefined}`;
    let key = `${from}\n${what}\n${message.interface}\n${message.member}`;
    if (message.type === MessageType.error) key += `\n${message.errorName}`;
    if (usesPath) key += `\n${message.path}`;
    if (usesFds) key += `\n${message.unixFds}`;
    let both = this.#verdicts.get(key);
    if (!both) {
      both = {
        send: sends?.maySend(message, this.#claimsOf(receiver), requestedReply),
        receive: receives?.mayReceive(message, this.#claimsOf(sender), requestedReply, eavesdrops),
      };
      this.#verdicts.set(key, both);
    }
    return both;
  }

  #claimsOf(peer: Peer | undefined): Claims | undefined {
    return peer && ((name, orBelow) => this.#names.claims(peer, name, orBelow));
  }
}

const typeNames: Readonly<Record<number, string>> = {
  [MessageType.methodCall]: 'method_call',
  [MessageType.methodReturn]: 'method_return',
  [MessageType.error]: 'error',
  [MessageType.signal]: 'signal',
};

/** dbus-daemon's words, which people search for. */
function describe(
  message: PolicySubject,
  sender: GuardedPeer | undefined,
  receiver: GuardedPeer | undefined,
  requestedReply: boolean,
): string {
  const quoted = (text: string | undefined) => `"${text ?? '(unset)'}"`;
  return [
    `type=${quoted(typeNames[message.type])},`,
    `sender=${quoted(sender?.uniqueName)} (${identify(sender)})`,
    `interface=${quoted(message.interface)}`,
    `member=${quoted(message.member)}`,
    `error name=${quoted(message.errorName)}`,
    `requested_reply="${Number(requestedReply)}"`,
    `destination=${quoted(message.destination)} (${identify(receiver)})`,
  ].join(' ');
}

/** What a connection's process is, for people. */
export function identify(peer: GuardedPeer | undefined): string {
  if (!peer) return 'bus';
  const command = commandOf(peer.pid);
  return `uid=${peer.uid} pid=${peer.pid}${command === undefined ? '' : ` comm=${JSON.stringify(command)}`}`;
}

function commandOf(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim().slice(0, 100);
  } catch {
    return undefined;
  }
}
