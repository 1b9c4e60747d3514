/** A message as policy rules see it. Strings are made when a rule asks. */
export interface PolicySubject {
  readonly type: number;
  readonly interface: string | undefined;
  readonly member: string | undefined;
  readonly path: string | undefined;
  readonly errorName: string | undefined;
  readonly destination: string | undefined;
  /** Whether it says that it is a reply. */
  readonly isReply: boolean;
  readonly unixFds: number;
}

/** One end of a message, as policy rules see it. */
export interface PolicyParty {
  /** Whether it owns the name, or waits for it. */
  claims(name: string): boolean;
  /** Whether it owns the name or one below it, or waits for one. */
  claimsBelow(prefix: string): boolean;
  /** Changes when the answers may. */
  readonly claimsVersion: number;
}
