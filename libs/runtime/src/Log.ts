import { type Logger, levels, pino } from 'pino';

export type Log = Logger;

/**
 * A service's log: one JSON line a record on stderr, which the supervisor sends to `log/SERVICE.log`. Level:
 * $YARD_LOG_LEVEL, default info.
 */
export function createLog(service: string): Log {
  const destination = pino.destination({ dest: 2, sync: true });
  // A full disk costs records, not the service.
  destination.on('error', () => {});
  const level = process.env['YARD_LOG_LEVEL'] ?? 'info';
  return pino(
    {
      name: service,
      level: level === 'silent' || Object.hasOwn(levels.values, level) ? level : 'info',
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      errorKey: 'error',
    },
    destination,
  );
}
