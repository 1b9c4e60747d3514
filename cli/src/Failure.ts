/** Exit codes that scripts may rely on. */
export const exitCode = { done: 0, failed: 1, usage: 2, notRunning: 3, notFound: 4 } as const;

/** What a command ends with when it cannot do its work: one line that says what, why and what to do. */
export class Failure extends Error {
  readonly code: number;

  constructor(message: string, code: number = exitCode.failed) {
    super(message);
    this.name = 'Failure';
    this.code = code;
  }
}
