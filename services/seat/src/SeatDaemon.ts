import { BusLink } from '@switchyard/dbus';
import { createLog, notifyReady, notifyStatus, onTerminate } from '@switchyard/runtime';
import { isDisconnected, LoginService } from './LoginService.js';
import { SdLoginFiles } from './SdLoginFiles.js';
import { parseSeatDaemonOptions, type SeatDaemonRole } from './SeatDaemonOptions.js';
import { SeatEventsHub } from './SeatEventsHub.js';
import { SeatManager } from './SeatManager.js';
import { SeatdServer } from './seatd/SeatdServer.js';

/** The process: one manager and its faces. Files come first: who hears of a change may look there. */
export function runSeatDaemon(role: SeatDaemonRole): void {
  const options = parseSeatDaemonOptions(process.argv.slice(2), role);
  if ('message' in options) {
    (options.status === 0 ? process.stdout : process.stderr).write(options.message);
    process.exit(options.status);
  }
  const log = createLog('seat');
  const events = new SeatEventsHub();
  const manager = new SeatManager(options, events, log);
  const unwritten = (error: Error) => log.error(`sd-login's file is not written: ${error.message}`);
  const files = new SdLoginFiles(options.systemdPrefix, manager, unwritten);
  const service = new LoginService(manager, log);
  const seatd = new SeatdServer(
    { path: options.seatdSocket, mode: options.seatdMode, dialect: options.seatdDialect },
    manager,
    log,
  );
  for (const listener of [files, service, seatd]) events.add(listener);
  manager.restore();
  files.rewrite();

  const link = new BusLink(options.bus, {
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
    seatd.close();
    // What lives is restored by the next manager: the state is written, channels and sessions stay as they are.
    manager.flush();
    link.close();
  });
}
