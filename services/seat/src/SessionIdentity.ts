/** What a session is from birth to death. */
export interface SessionIdentity {
  readonly id: string;
  readonly uid: number;
  readonly user: string;
  readonly service: string;
  readonly desktop: string;
  readonly remote: boolean;
  readonly remoteUser: string;
  readonly remoteHost: string;
  /** µs since the epoch, and CLOCK_MONOTONIC. */
  readonly timestamp: bigint;
  readonly timestampMonotonic: bigint;
  /** As it was created; SetType lasts as long as the controller. */
  readonly originalType: string;
}

/** Who controlled a session when the manager died, and with which devices. */
export interface FormerControl {
  /** Its unique name on the bus of then. */
  readonly controller: string;
  /** By key, of those that are not there yet. */
  readonly devices: Set<string>;
}
