import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Action } from './Policy.js';

/** What can be done with the machine, by the names that shutdown(8) and systemctl have for it. */
export type PowerVerb =
  | 'poweroff'
  | 'reboot'
  | 'halt'
  | 'kexec'
  | 'soft-reboot'
  | 'suspend'
  | 'hibernate'
  | 'hybrid-sleep'
  | 'suspend-then-hibernate';

/** What inhibits it. */
export function inhibitClass(verb: PowerVerb): 'shutdown' | 'sleep' {
  return isSleep(verb) ? 'sleep' : 'shutdown';
}

/** Its action in the policy; `…-multiple-sessions` and `…-ignore-inhibit` are beside it. */
export function actionOf(
  verb: PowerVerb,
): Extract<Action, 'power-off' | 'reboot' | 'halt' | 'suspend' | 'hibernate'> {
  switch (verb) {
    case 'poweroff':
      return 'power-off';
    case 'kexec':
    case 'soft-reboot':
      return 'reboot';
    case 'hybrid-sleep':
    case 'suspend-then-hibernate':
      return 'hibernate';
    default:
      return verb;
  }
}

/** Whether this machine can: the kernel tells its ways to sleep in /sys/power, and turning off works everywhere. */
export function isSupported(verb: PowerVerb, sysfs: string): boolean {
  if (!isSleep(verb)) return true;
  const states = words(join(sysfs, 'power/state'));
  const canSuspend = ['mem', 'standby', 'freeze'].some((state) => states.includes(state));
  const canHibernate = states.includes('disk') && words(join(sysfs, 'power/disk')).length > 0;
  if (verb === 'suspend') return canSuspend;
  if (verb === 'suspend-then-hibernate') return canSuspend && canHibernate;
  return canHibernate;
}

function isSleep(verb: PowerVerb): boolean {
  return (
    verb === 'suspend' || verb === 'hibernate' || verb === 'hybrid-sleep' || verb === 'suspend-then-hibernate'
  );
}

function words(path: string): string[] {
  try {
    return readFileSync(path, 'latin1').split(/\s+/).filter(Boolean);
  } catch {
    return [];
  }
}
