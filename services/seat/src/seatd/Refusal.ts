import { SystemError } from '@switchyard/sys';

/** A request that is answered with an errno. */
export class Refusal extends Error {
  constructor(readonly errno: number) {
    super(`errno ${errno}`);
  }
}

/** What an error is to a client; throws it again when it is none that a client could cause. */
export function errnoOf(error: unknown): number {
  if (error instanceof Refusal || error instanceof SystemError) return error.errno;
  throw error;
}
