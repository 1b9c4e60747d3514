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

/** Whether one end of a message owns a name, or waits for it; with `orBelow`, or one that begins with it and a dot. */
export type Claims = (name: string, orBelow: boolean) => boolean;
