import type { Fd } from '@switchyard/sys';
import type { Connection } from './Connection.js';
import type { Message } from './Message.js';
import { isInterfaceName, isMemberName } from './Names.js';
import type { Payload } from './Payload.js';
import { parseSignature, parseSingleType } from './Signature.js';

/** A peer as the kernel knows it. The pidfd belongs to the connection's cache, which closes it when the peer leaves: `dup()` it to keep it. */
export type PeerIdentity = { uid: number; pid: number; gids?: number[]; pidfd?: Fd };

/** What a method or a property's setter knows of its caller. */
export interface CallContext {
  /** The caller's unique name, stamped by the bus. */
  readonly sender: string;
  readonly message: Message;
  readonly connection: Connection;
  /** GetConnectionCredentials of the sender, asked once per sender. */
  credentials(): Promise<PeerIdentity>;
}

export type Method = {
  /** Signatures; none means no values. */
  in?: string;
  out?: string;
  inNames?: string[];
  outNames?: string[];
  noReply?: boolean;
  deprecated?: boolean;
  /**
   * Gets the decoded arguments; returns the values of `out`. fds among the arguments belong to it; those that it returns move
   * away. On a bus with the extension it may return a Payload instead, which moves as well: values of `out`, or plain bytes.
   */
  call(context: CallContext, ...args: never[]): MethodResult | Promise<MethodResult> | Promise<void>;
};
type MethodResult = unknown[] | Payload | undefined;

export type Property = {
  type: string;
  /** What PropertiesChanged tells of it (org.freedesktop.DBus.Property.EmitsChangedSignal); default 'true'. */
  emits?: 'true' | 'false' | 'const' | 'invalidates';
  /** `context` is there when a caller asks, for objects that mean something else to each (login1's session/self); not when a change is told. */
  get(context?: CallContext): unknown;
  /** Without it the property is read-only. Emits nothing by itself: call `emitPropertiesChanged`. */
  set?(value: unknown, context: CallContext): void | Promise<void>;
};

export type Signal = { args: string; names?: string[] };

/** An interface as an exported object implements it. */
export type Interface = {
  name: string;
  methods?: Record<string, Method>;
  properties?: Record<string, Property>;
  signals?: Record<string, Signal>;
};

/** What introspection tells of an interface. */
export type InterfaceDescription = {
  name: string;
  methods?: Record<string, Omit<Method, 'call'>>;
  properties?: Record<string, Pick<Property, 'type' | 'emits'> & { set?: unknown }>;
  signals?: Record<string, Signal>;
};

/** Throws TypeError or ProtocolError when a name or a signature is not valid. */
export function checkInterface(implementation: Interface): void {
  if (!isInterfaceName(implementation.name))
    throw new TypeError(`not an interface's name: ${JSON.stringify(implementation.name)}`);
  const member = (name: string) => {
    if (!isMemberName(name))
      throw new TypeError(`${implementation.name}: not a member's name: ${JSON.stringify(name)}`);
  };
  for (const [name, method] of Object.entries(implementation.methods ?? {})) {
    member(name);
    parseSignature(method.in ?? '');
    parseSignature(method.out ?? '');
  }
  for (const [name, property] of Object.entries(implementation.properties ?? {})) {
    member(name);
    parseSingleType(property.type);
  }
  for (const [name, signal] of Object.entries(implementation.signals ?? {})) {
    member(name);
    parseSignature(signal.args);
  }
}
