import { normalize } from 'node:path';
import type { CallContext, Method } from '@switchyard/dbus';
import { SystemError } from '@switchyard/sys';
import { Caller } from './Caller.js';
import { checkSeatName } from './DeviceRegistry.js';
import { loginError } from './LoginError.js';
import type { LoginService } from './LoginService.js';
import { callersSeat } from './Self.js';

/** Manager's methods that assign real devices to seats. */
export function hardwareMethods(service: LoginService): Record<string, Method> {
  const { manager, policy } = service;
  return {
    AttachDevice: {
      in: 'ssb',
      inNames: ['seat_id', 'sysfs_path', 'interactive'],
      call: async (context: CallContext, seat: string, path: string) => {
        if (!path.startsWith('/sys/') || normalize(path) !== path) {
          throw loginError.invalid(`Path ${path} is not a normalized path in /sys`);
        }
        const own = seat === 'self' || seat === 'auto';
        const id = own ? (await callersSeat(manager, context)).id : seat;
        if (!own) checkSeatName(seat);
        policy.require('attach-device', await Caller.of(context));
        const { hardware } = service;
        if (!hardware)
          throw loginError.errno('ENODEV', `${path}: the machine's devices are not managed here`);
        changeAssignments(() => hardware.attach(path, id));
      },
    },
    FlushDevices: {
      in: 'b',
      inNames: ['interactive'],
      call: async (context: CallContext) => {
        policy.require('flush-devices', await Caller.of(context));
        changeAssignments(() => service.hardware?.flush());
      },
    },
  };
}

/** What keeps an assignment from being kept is told to the caller in login1's words. */
function changeAssignments(how: () => void): void {
  try {
    how();
  } catch (error) {
    if (error instanceof SystemError) throw loginError.ofSystem(error);
    if (error instanceof RangeError) throw loginError.limit(error.message);
    const { code, message } = error as NodeJS.ErrnoException;
    throw code === undefined ? error : loginError.errno(code, message);
  }
}
