/** What connections may make the broker hold, by dbus-daemon(1)'s names (`<limit name="max_…">`). */
export type Limits = {
  /** Bytes of messages from all connections of a uid that are not whole yet; dbus-daemon counts them per connection. */
  incomingBytes: number;
  /** fds that came before the message that they belong to was whole. */
  incomingUnixFds: number;
  /** What may wait for one connection that does not read; the first message of an empty queue may be larger. */
  outgoingBytes: number;
  outgoingUnixFds: number;
  messageSize: number;
  messageUnixFds: number;
  /** Milliseconds until a started service must have its name. */
  serviceStartTimeout: number;
  /** Milliseconds until Hello. */
  authTimeout: number;
  /** Milliseconds that fds may wait for the rest of their message. */
  pendingFdTimeout: number;
  completedConnections: number;
  incompleteConnections: number;
  connectionsPerUser: number;
  pendingServiceStarts: number;
  namesPerConnection: number;
  matchRulesPerConnection: number;
  repliesPerConnection: number;
  /** Milliseconds until a call without a reply is answered NoReply; Infinity: never. */
  replyTimeout: number;
};

const mebibyte = 1024 * 1024;

/** Without a configuration. The specification's 128 MiB and 253 fds a message; the rest with a reason each. */
export const builtInLimits: Limits = {
  // A uid may have two of the longest messages under way.
  incomingBytes: 256 * mebibyte,
  incomingUnixFds: 253,
  outgoingBytes: 64 * mebibyte,
  // Each is an fd of ours until it has left.
  outgoingUnixFds: 1024,
  messageSize: 128 * mebibyte,
  messageUnixFds: 253,
  serviceStartTimeout: 25_000,
  // A client needs two round trips, a stopped one holds a place no longer.
  authTimeout: 30_000,
  pendingFdTimeout: 150_000,
  completedConnections: 65_536,
  // More are closed at once, so that strangers cannot use up our fds.
  incompleteConnections: 512,
  // Far more than a busy desktop has, and a fraction of RLIMIT_NOFILE.
  connectionsPerUser: 8192,
  pendingServiceStarts: 512,
  // A desktop's busiest has a few dozen.
  namesPerConnection: 1024,
  // dbus-broker's bound for all that a user has.
  matchRulesPerConnection: 16_384,
  // A caller that pipelines more than this is not reading.
  repliesPerConnection: 16_384,
  replyTimeout: Number.POSITIVE_INFINITY,
};

/** What a configuration file that says nothing of them means: dbus-daemon 1.14's own. */
export const referenceLimits: Limits = {
  incomingBytes: 127 * mebibyte,
  incomingUnixFds: 64,
  outgoingBytes: 127 * mebibyte,
  outgoingUnixFds: 64,
  messageSize: 32 * mebibyte,
  messageUnixFds: 16,
  serviceStartTimeout: 25_000,
  authTimeout: 5000,
  pendingFdTimeout: 150_000,
  completedConnections: 2048,
  incompleteConnections: 64,
  connectionsPerUser: 256,
  pendingServiceStarts: 512,
  namesPerConnection: 512,
  matchRulesPerConnection: 512,
  repliesPerConnection: 128,
  replyTimeout: Number.POSITIVE_INFINITY,
};

/**
 * Limits by which this broker can live. dbus-daemon stops reading at `max_incoming_bytes`, and takes one message more;
 * here the limit is for the unfinished messages of a whole uid, so two of the longest must fit.
 */
export function workableLimits(limits: Limits): Limits {
  const messageSize = Math.min(limits.messageSize, builtInLimits.messageSize);
  return { ...limits, messageSize, incomingBytes: Math.max(limits.incomingBytes, 2 * messageSize) };
}
