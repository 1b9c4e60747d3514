import type { CallContext, Method } from '@switchyard/dbus';
import { Caller } from './Caller.js';
import { loginError } from './LoginError.js';
import type { LoginService } from './LoginService.js';
import type { PowerVerb } from './PowerVerb.js';
import { parseShutdownType } from './ScheduledShutdown.js';

/** sd-login's flags for the …WithFlags methods. */
const flag = {
  rootHeedsInhibitors: 1n,
  kexec: 2n,
  softReboot: 4n,
  softRebootIfNext: 8n,
  skipInhibitors: 16n,
};
const KNOWN_FLAGS = Object.values(flag).reduce((all, one) => all | one);
/** logind's WALL_MESSAGE_MAX. */
const WALL_MESSAGE_MAX = 4096;

const verbs: Record<string, PowerVerb> = {
  PowerOff: 'poweroff',
  Reboot: 'reboot',
  Halt: 'halt',
  Suspend: 'suspend',
  Hibernate: 'hibernate',
  HybridSleep: 'hybrid-sleep',
  SuspendThenHibernate: 'suspend-then-hibernate',
};

/** Manager's methods about turning the machine off and putting it to sleep. */
export function powerMethods(service: LoginService): Record<string, Method> {
  const { power, policy } = service;
  const start = async (context: CallContext, verb: PowerVerb, flags: bigint) => {
    if ((flags & ~KNOWN_FLAGS) !== 0n) throw loginError.invalid(`Invalid flags parameter ${flags}`);
    power.start(rebootKind(verb, flags), await Caller.of(context), {
      rootHeedsInhibitors: (flags & flag.rootHeedsInhibitors) !== 0n,
      skipInhibitors: (flags & flag.skipInhibitors) !== 0n,
    });
  };
  const methods: Record<string, Method> = {};
  for (const [name, verb] of Object.entries(verbs)) {
    methods[name] = {
      in: 'b',
      inNames: ['interactive'],
      call: (context: CallContext) => start(context, verb, 0n),
    };
    methods[`${name}WithFlags`] = {
      in: 't',
      inNames: ['flags'],
      call: (context: CallContext, flags: bigint) => start(context, verb, flags),
    };
    methods[`Can${name}`] = {
      out: 's',
      outNames: ['result'],
      call: async (context: CallContext) => [power.can(verb, await Caller.of(context))],
    };
  }
  // Firmware, boot loaders and reboot parameters are none of ours.
  for (const name of [
    'RebootParameter',
    'RebootToFirmwareSetup',
    'RebootToBootLoaderMenu',
    'RebootToBootLoaderEntry',
  ]) {
    methods[`Can${name}`] = { out: 's', outNames: ['result'], call: () => ['na'] };
  }
  const unsupported = (signature: string, argument: string): Method => ({
    in: signature,
    inNames: [argument],
    call: async (context: CallContext) => {
      policy.require('set-reboot-parameter', await Caller.of(context));
      throw loginError.notSupported('What firmware and boot loaders do at a reboot cannot be set here');
    },
  });
  return {
    ...methods,
    SetRebootParameter: unsupported('s', 'parameter'),
    SetRebootToFirmwareSetup: unsupported('b', 'enable'),
    SetRebootToBootLoaderMenu: unsupported('t', 'timeout'),
    SetRebootToBootLoaderEntry: unsupported('s', 'boot_loader_entry'),
    ScheduleShutdown: {
      in: 'st',
      inNames: ['type', 'usec'],
      call: async (context: CallContext, type: string, at: bigint) => {
        const [verb] = parseShutdownType(type);
        power.require(verb, await Caller.of(context), { rootHeedsInhibitors: false, skipInhibitors: false });
        power.operation.requireIdle();
        power.scheduled.set({ type, at });
      },
    },
    CancelScheduledShutdown: {
      out: 'b',
      outNames: ['cancelled'],
      call: async (context: CallContext) => {
        const { schedule } = power.scheduled;
        if (!schedule) return [false];
        const [verb] = parseShutdownType(schedule.type);
        power.require(verb, await Caller.of(context), { rootHeedsInhibitors: false, skipInhibitors: true });
        return [power.scheduled.cancel()];
      },
    },
    SetWallMessage: {
      in: 'sb',
      inNames: ['wall_message', 'enable'],
      call: async (context: CallContext, text: string, enable: boolean) => {
        policy.require('set-wall-message', await Caller.of(context));
        service.wall.text = checkWallMessage(text);
        service.wall.enabled = enable;
      },
    },
  };
}

/** Throws InvalidArgs. */
export function checkWallMessage(text: string): string {
  if (text.length <= WALL_MESSAGE_MAX) return text;
  throw loginError.invalid(
    `Wall message too long, maximum permitted length is ${WALL_MESSAGE_MAX} characters.`,
  );
}

/** Throws InvalidArgs. */
function rebootKind(verb: PowerVerb, flags: bigint): PowerVerb {
  const kinds = flags & (flag.kexec | flag.softReboot | flag.softRebootIfNext);
  if (kinds === 0n) return verb;
  if (verb !== 'reboot') throw loginError.invalid(`Flags ${flags} are for Reboot only`);
  if (kinds === flag.kexec) return 'kexec';
  if (kinds === flag.softReboot) return 'soft-reboot';
  // There is no next root to look for.
  if (kinds === flag.softRebootIfNext) return 'reboot';
  throw loginError.invalid('One kind of reboot at a time');
}
