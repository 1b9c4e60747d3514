import type { CallContext, Property } from '@switchyard/dbus';
import { Caller } from './Caller.js';
import { idleness } from './Idleness.js';
import { joinWhats } from './Inhibitor.js';
import { INHIBITORS_MAX } from './InhibitorRegistry.js';
import type { LoginService } from './LoginService.js';
import { checkWallMessage } from './ManagerPower.js';
import { onExternalPower } from './PowerSupply.js';
import { SESSIONS_MAX } from './SessionRegistry.js';

const NEVER = 2n ** 64n - 1n;
const USEC_PER_MS = 1000n;

/** Manager's properties. What logind would do by itself, we do not: keys, lids and idleness are for desktops to act on. */
export function managerProperties(service: LoginService): Record<string, Property> {
  const { manager, power, wall } = service;
  const constant = (type: string, value: unknown): Property => ({ type, emits: 'const', get: () => value });
  const current = (type: string, get: () => unknown): Property => ({ type, emits: 'false', get });
  const told = (type: string, get: () => unknown): Property => ({ type, emits: 'true', get });
  const everyone = () => {
    const { idle, since } = idleness(manager.sessions);
    return { idle: idle && !manager.inhibitors.inhibited('block', 'block-weak').has('idle'), since };
  };
  const setter = (apply: (value: never) => void) => async (value: unknown, context: CallContext) => {
    service.policy.require('set-wall-message', await Caller.of(context));
    apply(value as never);
  };
  const handled = Object.fromEntries(
    ['PowerKey', 'SuspendKey', 'HibernateKey', 'RebootKey'].flatMap((key) => [
      [`Handle${key}`, constant('s', 'ignore')],
      [`Handle${key}LongPress`, constant('s', 'ignore')],
    ]),
  ) as Record<string, Property>;

  return {
    EnableWallMessages: {
      ...current('b', () => wall.enabled),
      set: setter((enabled: boolean) => {
        wall.enabled = enabled;
      }),
    },
    WallMessage: {
      ...current('s', () => wall.text),
      set: setter((text: string) => {
        wall.text = checkWallMessage(text);
      }),
    },
    NAutoVTs: constant('u', manager.autoVts),
    KillOnlyUsers: constant('as', []),
    KillExcludeUsers: constant('as', ['root']),
    KillUserProcesses: constant('b', manager.killsUserProcesses),
    RebootParameter: current('s', () => ''),
    RebootToFirmwareSetup: current('b', () => false),
    RebootToBootLoaderMenu: current('t', () => NEVER),
    RebootToBootLoaderEntry: current('s', () => ''),
    BootLoaderEntries: constant('as', []),
    IdleHint: told('b', () => everyone().idle),
    IdleSinceHint: told('t', () => everyone().since[0]),
    IdleSinceHintMonotonic: told('t', () => everyone().since[1]),
    BlockInhibited: told('s', () => joinWhats(manager.inhibitors.inhibited('block'))),
    BlockWeakInhibited: told('s', () => joinWhats(manager.inhibitors.inhibited('block-weak'))),
    DelayInhibited: told('s', () => joinWhats(manager.inhibitors.inhibited('delay'))),
    InhibitDelayMaxUSec: constant('t', BigInt(power.options.inhibitDelay) * USEC_PER_MS),
    UserStopDelayUSec: constant('t', 0n),
    ...handled,
    HandleLidSwitch: constant('s', 'ignore'),
    HandleLidSwitchExternalPower: constant('s', ''),
    HandleLidSwitchDocked: constant('s', 'ignore'),
    HoldoffTimeoutUSec: constant('t', 0n),
    IdleAction: constant('s', 'ignore'),
    IdleActionUSec: constant('t', NEVER),
    PreparingForShutdown: current('b', () => power.operation.what === 'shutdown'),
    PreparingForSleep: current('b', () => power.operation.what === 'sleep'),
    ScheduledShutdown: current('(st)', () => {
      const { schedule } = power.scheduled;
      return schedule ? [schedule.type, schedule.at] : ['', NEVER];
    }),
    Docked: current('b', () => false),
    LidClosed: current('b', () => false),
    OnExternalPower: current('b', () => onExternalPower(power.options.sysfs)),
    RemoveIPC: constant('b', false),
    RuntimeDirectorySize: constant('t', 0n),
    RuntimeDirectoryInodesMax: constant('t', 0n),
    InhibitorsMax: constant('t', BigInt(INHIBITORS_MAX)),
    NCurrentInhibitors: current('t', () => BigInt(manager.inhibitors.size)),
    SessionsMax: constant('t', BigInt(SESSIONS_MAX)),
    NCurrentSessions: current('t', () => BigInt(manager.sessions.size)),
    StopIdleSessionUSec: constant('t', NEVER),
  };
}
