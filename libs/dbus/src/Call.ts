/** A method call to send. */
export type Call = {
  destination: string;
  path: string;
  interface: string;
  member: string;
  signature?: string;
  body?: unknown[];
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
};
