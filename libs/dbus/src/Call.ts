import type { Payload } from './Payload.js';

/** A method call to send. */
export type Call = {
  destination: string;
  path: string;
  interface: string;
  member: string;
  signature?: string;
  body?: unknown[];
} & CallOptions &
  Extended;

export type CallOptions = {
  /** Milliseconds until NoReply; default 25,000; Infinity: for ever. */
  timeout?: number;
};

/** A signal to send. */
export type Emission = {
  path: string;
  interface: string;
  member: string;
  signature?: string;
  body?: unknown[];
  /** Only to this connection; default: to all whose match rules want it. */
  destination?: string;
} & Extended;

/** What only a bus with the extension carries (BusExtension). */
type Extended = {
  /** Instead of a body; its fd moves. */
  payload?: Payload;
  /** The lowest is the most urgent; for receivers with an inbox. */
  priority?: bigint;
  /** Of a call: microseconds until the bus itself answers Timeout. */
  deadline?: bigint;
};
