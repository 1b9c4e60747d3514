import { join } from 'node:path';
import type { Log } from '@switchyard/runtime';
import type { SeatDaemonOptions } from '../SeatDaemonOptions.js';
import type { SeatEventsHub } from '../SeatEventsHub.js';
import type { SeatManager } from '../SeatManager.js';
import { Hardware } from './Hardware.js';
import { MasterGuard } from './MasterGuard.js';
import { NodeAccess } from './NodeAccess.js';
import { SeatAssignments } from './SeatAssignments.js';
import { SeatMembership } from './SeatMembership.js';
import { readHardwareRules } from './SeatRule.js';
import { UdevDatabase } from './UdevDatabase.js';
import { UdevRules } from './UdevRules.js';
import { UserAccess } from './UserAccess.js';

/** The machine's devices for a manager, not started. To be called before those who tell others are added to `events`. Throws what is wrong with the rules. */
export function openHardware(
  options: SeatDaemonOptions,
  manager: SeatManager,
  events: SeatEventsHub,
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
  const udevRules =
    options.udevRules === '' ? undefined : new UdevRules(options.udevRules, join(options.udev, 'rules.d'));
  const nodes = new NodeAccess(join(stateDir, 'access.json'));
  const access = new UserAccess(manager, nodes, { sysfs, udev, membership }, log);
  events.add(access);
  const { usurped } = guard;
  const all = { sysfs, udev, membership, usurped, assignments, udevRules, access, grace: options.grace };
  const hardware = new Hardware(manager, all, log);
  events.add(hardware);
  return hardware;
}
