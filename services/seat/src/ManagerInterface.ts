import type { Interface } from '@switchyard/dbus';
import { login1 } from '@switchyard/seat';
import type { LoginService } from './LoginService.js';
import { hardwareMethods } from './ManagerHardware.js';
import { inhibitMethods } from './ManagerInhibit.js';
import { lookupMethods } from './ManagerLookup.js';
import { powerMethods } from './ManagerPower.js';
import { managerProperties } from './ManagerProperties.js';
import { sessionMethods } from './ManagerSessions.js';
import { userMethods } from './ManagerUsers.js';

/** org.freedesktop.login1.Manager. */
export function managerInterface(service: LoginService): Interface {
  return {
    name: login1.manager,
    methods: {
      ...lookupMethods(service.manager),
      ...sessionMethods(service),
      ...userMethods(service),
      ...powerMethods(service),
      ...inhibitMethods(service),
      ...hardwareMethods(service),
    },
    properties: managerProperties(service),
    signals: {
      SessionNew: { args: 'so', names: ['session_id', 'object_path'] },
      SessionRemoved: { args: 'so', names: ['session_id', 'object_path'] },
      UserNew: { args: 'uo', names: ['uid', 'object_path'] },
      UserRemoved: { args: 'uo', names: ['uid', 'object_path'] },
      SeatNew: { args: 'so', names: ['seat_id', 'object_path'] },
      SeatRemoved: { args: 'so', names: ['seat_id', 'object_path'] },
      PrepareForShutdown: { args: 'b', names: ['start'] },
      PrepareForSleep: { args: 'b', names: ['start'] },
      SecureAttentionKey: { args: 'so', names: ['seat_id', 'object_path'] },
    },
  };
}
