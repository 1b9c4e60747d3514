import { existsSync } from 'node:fs';
import { normalize } from 'node:path';
import type { CallContext, Method } from '@switchyard/dbus';
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
        if (seat === 'self' || seat === 'auto') await callersSeat(manager, context);
        else checkSeatName(seat);
        policy.require('attach-device', await Caller.of(context));
        // A device belongs to seats by udev's tag "seat", which nothing that is not real can have.
        const what = existsSync(path) ? 'is no device of a seat' : 'does not exist';
        throw loginError.errno('ENODEV', `${path} ${what}`);
      },
    },
    FlushDevices: {
      in: 'b',
      inNames: ['interactive'],
      call: async (context: CallContext) => policy.require('flush-devices', await Caller.of(context)),
    },
  };
}
