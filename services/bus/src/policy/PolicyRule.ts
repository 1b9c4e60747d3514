import type { MessageType } from '@switchyard/dbus';

export type RuleMessageType = (typeof MessageType)[keyof typeof MessageType];

/** What the rules on sent and on received messages have in common. undefined: anything (`*`). */
type MessageRule = {
  allow: boolean;
  type: RuleMessageType | undefined;
  interface: string | undefined;
  member: string | undefined;
  error: string | undefined;
  path: string | undefined;
  /** For allow: only replies that are owed. For deny: replies that are owed too. */
  requestedReply: boolean;
  eavesdrop: boolean;
  minFds: number;
  maxFds: number;
};

export type SendRule = MessageRule & {
  kind: 'send';
  /** A name that the receiver must have, or wait for; with `destinationIsPrefix` that one or any below it. */
  destination: string | undefined;
  destinationIsPrefix: boolean;
  broadcast: boolean | undefined;
  /** What this rule allows is to be logged: it is going to be forbidden. */
  log: boolean;
};

export type ReceiveRule = MessageRule & {
  kind: 'receive';
  /** A name that the sender must have, or wait for. */
  sender: string | undefined;
};

export type OwnRule = {
  kind: 'own';
  allow: boolean;
  name: string | undefined;
  /** The name, or any below it. */
  isPrefix: boolean;
};

/** Who may connect; undefined: anybody. */
export type ConnectRule = { kind: 'user' | 'group'; allow: boolean; id: number | undefined };

/** One `<allow>` or `<deny>` (dbus-daemon(1)). */
export type PolicyRule = SendRule | ReceiveRule | OwnRule | ConnectRule;

/** The rules of a configuration, in the order in which they are written. */
export type PolicyRules = {
  default: PolicyRule[];
  mandatory: PolicyRule[];
  atConsole: PolicyRule[];
  notAtConsole: PolicyRule[];
  byUser: Map<number, PolicyRule[]>;
  byGroup: Map<number, PolicyRule[]>;
};

export function emptyRules(): PolicyRules {
  return {
    default: [],
    mandatory: [],
    atConsole: [],
    notAtConsole: [],
    byUser: new Map(),
    byGroup: new Map(),
  };
}
