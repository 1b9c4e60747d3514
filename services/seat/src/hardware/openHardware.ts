import { join } from 'node:path';
import type { Log } from '@switchyard/runtime';
import type { SeatDaemonOptions } from '../SeatDaemonOptions.js';
import type { SeatEvents } from '../SeatEvents.js';
import type { SeatManager } from '../SeatManager.js';
import { Hardware } from './Hardware.js';
import { MasterGuard } from './MasterGuard.js';
import { SeatAssignments } from './SeatAssignments.js';
import { SeatMembership } from './SeatMembership.js';
import { readHardwareRules } from './SeatRule.js';
import { UdevDatabase } from './UdevDatabase.js';

/** The machine's devices for a manager, not started. Throws what is wrong with the rules. */
export function openHardware(
  options: SeatDaemonOptions,
  manager: SeatManager,
  events: SeatEvents,
  log: Log,
): Hardware {
  const { sysfs, stateDir, hardwareRules } = options;
  const rules = hardwareRules === undefined ? [] : readHardwareRules(hardwareRules);
  const assignments = new SeatAssignments(join(stateDir, 'hardware.json'));
  const unread = assignments.load();
  if (unread) log.error(`which hardware was attached to which seat cannot be read: ${unread.message}`);
  const udev = new UdevDatabase(options.udev);
  const guard = new MasterGuard(
    {
      policy: options.thieves,
      debugfs: join(sysfs, 'kernel/debug'),
      isSession: (pid) => manager.sessions.ofProcess(pid) !== undefined,
      stolen: (theft) => events.cardStolen(theft),
    },
    log,
  );
  const membership = new SeatMembership(assignments, rules, udev);
  return new Hardware(manager, { sysfs, udev, membership, usurped: guard.usurped }, log);
}
