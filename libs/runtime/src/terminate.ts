/** The supervisor allows a service a second; an orderly end that takes longer than this is not waited for. */
const servicePatience = 900;

/** Runs `handler` once, at the first SIGTERM or SIGINT, and ends the process when it is done, or after `patience` milliseconds. */
export function onTerminate(
  handler: (signal: 'SIGTERM' | 'SIGINT') => void | Promise<void>,
  patience = servicePatience,
): void {
  let ending = false;
  const end = (signal: 'SIGTERM' | 'SIGINT') => {
    if (ending) return;
    ending = true;
    setTimeout(() => process.exit(0), patience).unref();
    void (async () => handler(signal))().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`ending on ${signal} failed: ${String(error)}\n`);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', () => end('SIGTERM'));
  process.on('SIGINT', () => end('SIGINT'));
}
