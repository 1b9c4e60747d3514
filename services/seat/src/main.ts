import { parseArgs } from 'node:util';
import { BusLink } from '@switchyard/dbus';
import { createLog, notifyReady, notifyStatus, onTerminate, RuntimeDir } from '@switchyard/runtime';
import { isDisconnected, LoginService } from './LoginService.js';
import { SeatManager } from './SeatManager.js';

/** Long enough for a compositor that draws a last frame, short enough that a hung one is not noticed. */
const DEFAULT_GRACE_MS = 100;
const GRACE_MAX_MS = 10_000;

function parseGrace(text: string | undefined): number {
  if (text === undefined) return DEFAULT_GRACE_MS;
  const grace = Number(text);
  if (!/^[0-9]+$/.test(text) || grace > GRACE_MAX_MS) {
    process.stderr.write(`--grace: ${text} is not within 0…${GRACE_MAX_MS} ms\n`);
    process.exit(2);
  }
  return grace;
}

const { values } = parseArgs({
  options: { 'runtime-dir': { type: 'string' }, grace: { type: 'string' } },
});
const log = createLog('seat');
const dir = RuntimeDir.resolve(values['runtime-dir']);
const grace = parseGrace(values.grace);

const service = new LoginService((events) => new SeatManager(dir, events, grace, log), log);
service.manager.restore();

const link = new BusLink(dir.busAddress, {
  connected: async (connection) => {
    try {
      await service.serve(connection);
    } catch (error) {
      if (isDisconnected(error)) return;
      log.fatal((error as Error).message);
      process.exit(1);
    }
    log.info('serving org.freedesktop.login1');
    notifyReady();
  },
  lost: () => {
    log.warn('the bus is gone');
    notifyStatus('waiting for the bus');
    service.lost();
  },
});

onTerminate(() => {
  // What lives is restored by the next manager: the state is written, channels and sessions stay as they are.
  service.manager.flush();
  link.close();
});
