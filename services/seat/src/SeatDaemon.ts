import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { BusLink } from '@switchyard/dbus';
import {
  createLog,
  FdStore,
  type Log,
  notifyReady,
  notifyStatus,
  onTerminate,
  optimizeLate,
} from '@switchyard/runtime';
import { BusProcess } from './BusProcess.js';
import type { Hardware } from './hardware/Hardware.js';
import { openHardware } from './hardware/openHardware.js';
import { LoginService } from './LoginService.js';
import { isDisconnected } from './LoginSignals.js';
import { readPolicy } from './Policy.js';
import { commandExecutor, dryRun } from './PowerExecutor.js';
import { RuntimeDirectories } from './RuntimeDirectories.js';
import { SdLoginFiles } from './SdLoginFiles.js';
import { parseSeatDaemonOptions, type SeatDaemonOptions, type SeatDaemonRole } from './SeatDaemonOptions.js';
import { SeatEventsHub } from './SeatEventsHub.js';
import { SeatManager } from './SeatManager.js';
import { SeatdServer } from './seatd/SeatdServer.js';
import { KernelVts } from './vt/KernelVts.js';
import { VtLedger } from './vt/VtLedger.js';
import { makeText } from './vt/VtState.js';

/** A bus that starts beside the manager is there by then. */
const BUS_PATIENCE_MS = 3000;

/** The process: one manager and its faces. Files come first: who hears of a change may look there. */
export function runSeatDaemon(role: SeatDaemonRole): void {
  const options = parseSeatDaemonOptions(process.argv.slice(2), role);
  if ('message' in options) {
    (options.status === 0 ? process.stdout : process.stderr).write(options.message);
    process.exit(options.status);
  }
  // Each switch leaves a little garbage. Left to itself V8 gives it 32 MiB more room within a minute of many switches,
  // which collects no sooner than it must; with the room that it begins with, a collection is shorter than a switch.
  setFlagsFromString('--semi-space-growth-factor=1');
  optimizeLate();
  const log = createLog('seat');
  if (options.restoreVts) {
    restoreVts(options, log);
    return;
  }
  const events = new SeatEventsHub();
  const restoreCommand = [
    process.execPath,
    process.argv[1]!,
    '--restore-vts',
    '--state-dir',
    options.stateDir,
  ];
  const manager = new SeatManager(
    { ...options, vts: openVts(options, log), restoreCommand },
    events,
    log,
    FdStore.open(),
  );
  const unwritten = (error: Error) => log.error(`sd-login's file is not written: ${error.message}`);
  const files = new SdLoginFiles(options.systemdPrefix, manager, unwritten);
  const seatd = new SeatdServer(
    { path: options.seatdSocket, mode: options.seatdMode, dialect: options.seatdDialect },
    manager,
    log,
  );
  const directories = new RuntimeDirectories(join(options.stateDir, 'runtime-directories'), (error) =>
    log.error(`a user's runtime directory: ${error.message}`),
  );
  if (options.makesRuntimeDirectories) events.add(directories);
  seatd.restore(manager.restore()?.seatdClients ?? []);
  manager.flush();
  if (options.makesRuntimeDirectories) directories.reconcile(manager.users, options.runtimePrefix);
  const hardware = options.hardware ? openOwnHardware(options, manager, events, log) : undefined;
  const service = loginService(options, manager, hardware, log);
  for (const listener of [files, service.signals, seatd]) events.add(listener);
  hardware?.start();
  files.rewrite();
  log.info({ socket: options.seatdSocket }, 'serving seatd’s protocol');

  const lonely = setTimeout(
    () =>
      log.warn({ bus: options.bus }, 'there is no bus yet; org.freedesktop.login1 comes when there is one'),
    BUS_PATIENCE_MS,
  ).unref();
  let bus: BusProcess | undefined;
  if (options.endSilentBus) events.add({ attention: () => void bus?.endIfSilent() });

  const link = new BusLink(options.bus, {
    connected: async (connection) => {
      clearTimeout(lonely);
      try {
        await service.serve(connection);
      } catch (error) {
        if (isDisconnected(error)) return;
        log.fatal((error as Error).message);
        process.exit(1);
      }
      log.info('serving org.freedesktop.login1');
      notifyReady();
      if (options.endSilentBus) bus = await BusProcess.of(connection, log).catch(() => undefined);
    },
    lost: () => {
      log.warn('the bus is gone');
      notifyStatus('waiting for the bus');
      bus = undefined;
      service.lost();
    },
  });

  onTerminate(() => {
    hardware?.close();
    seatd.close();
    // What lives is restored by the next manager.
    manager.close();
    link.close();
  });
}

/** Exits when its rules cannot be read: hardware on the wrong seat is worse than none. */
function openOwnHardware(
  options: SeatDaemonOptions,
  manager: SeatManager,
  events: SeatEventsHub,
  log: Log,
): Hardware {
  try {
    return openHardware(options, manager, events, log);
  } catch (error) {
    log.fatal((error as Error).message);
    return process.exit(2);
  }
}

/** Exits when the policy cannot be read: with another than the one that is meant nobody is served. */
function loginService(
  options: SeatDaemonOptions,
  manager: SeatManager,
  hardware: Hardware | undefined,
  log: Log,
): LoginService {
  const { powerCommand, inhibitDelay, sysfs, policyFile } = options;
  const execute = powerCommand === undefined ? dryRun(log) : commandExecutor(powerCommand);
  try {
    const rules = policyFile === undefined ? {} : readPolicy(policyFile);
    return new LoginService(manager, { execute, inhibitDelay, sysfs }, rules, log, hardware);
  } catch (error) {
    log.fatal((error as Error).message);
    return process.exit(2);
  }
}

function openVts(options: SeatDaemonOptions, log: Log): KernelVts | undefined {
  if (!options.vt) return undefined;
  try {
    return KernelVts.open(options.sysfs);
  } catch (error) {
    log.info(`seats without VTs: ${(error as Error).message}`);
    return undefined;
  }
}

/** For who comes after a manager that was killed, and is none itself. */
function restoreVts(options: SeatDaemonOptions, log: Log): void {
  const ledger = new VtLedger(join(options.stateDir, 'vts.json'));
  const left = ledger.left();
  if (left.length === 0) return;
  const vts = KernelVts.open(options.sysfs);
  for (const { before } of left) {
    try {
      makeText(vts, before);
    } catch (error) {
      log.error(`VT ${before.number} is not restored: ${(error as Error).message}`);
      process.exitCode = 1;
    }
  }
  vts.close();
  ledger.write([]);
}
