import { Failure } from '../Failure.js';

/** Resolves at Ctrl+C or SIGTERM; rejects with Failure when the connection ends before. */
export async function untilStopped(closed: Promise<Error | undefined>): Promise<void> {
  let stop = () => {};
  const stopped = new Promise<void>((resolve) => {
    stop = resolve;
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
  });
  try {
    await Promise.race([
      stopped,
      closed.then((error) => {
        throw new Failure(`the bus has gone${error ? `: ${error.message}` : ''}`);
      }),
    ]);
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, stop);
  }
}
