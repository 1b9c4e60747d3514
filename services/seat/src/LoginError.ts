import { DBusError, ErrorName } from '@switchyard/dbus';
import type { SystemError } from '@switchyard/sys';

/** The errno that sd-bus has other names for (sd-bus-errors(3)). */
const systemNames: Readonly<Record<string, string>> = {
  EPERM: ErrorName.accessDenied,
  EACCES: ErrorName.accessDenied,
  EINVAL: ErrorName.invalidArgs,
  EOPNOTSUPP: ErrorName.notSupported,
  ENOENT: 'org.freedesktop.DBus.Error.FileNotFound',
  ENOMEM: 'org.freedesktop.DBus.Error.NoMemory',
  ESRCH: 'org.freedesktop.DBus.Error.UnixProcessIdUnknown',
};

const prefix = 'org.freedesktop.login1.';

/** The errors that login1's callers know, by name: org.freedesktop.login1(5) and sd-bus's names for errno. */
export const loginError = {
  noSuchSession: (id: string) => new DBusError(`${prefix}NoSuchSession`, `No session '${id}' known`),
  noSessionForPid: (pid: number) =>
    new DBusError(`${prefix}NoSessionForPID`, `PID ${pid} does not belong to any known session`),
  noSuchUser: (uid: number) =>
    new DBusError(`${prefix}NoSuchUser`, `User ID ${uid} is not logged in or lingering`),
  noUserForPid: (pid: number) =>
    new DBusError(`${prefix}NoUserForPID`, `PID ${pid} does not belong to any known user`),
  noSuchSeat: (id: string) => new DBusError(`${prefix}NoSuchSeat`, `No seat '${id}' known`),
  sessionNotOnSeat: (id: string, seat: string) =>
    new DBusError(`${prefix}SessionNotOnSeat`, `Session ${id} not on seat ${seat}`),
  sessionBusy: (pid: number, id: string) =>
    new DBusError(`${prefix}SessionBusy`, `Process ${pid} leads session ${id} already; end that one first`),
  vtBusy: (vt: number, id: string) =>
    new DBusError(`${prefix}SessionBusy`, `VT ${vt} has session ${id} already`),
  notInControl: (id: string) =>
    new DBusError(`${prefix}NotInControl`, `You are not in control of session ${id}; call TakeControl first`),
  deviceIsTaken: (key: string) => new DBusError(`${prefix}DeviceIsTaken`, `Device ${key} is taken already`),
  deviceNotTaken: (key: string) =>
    new DBusError(`${prefix}DeviceNotTaken`, `Device ${key} is not taken by this session`),
  controlled: (id: string) =>
    new DBusError('System.Error.EBUSY', `Session ${id} is controlled by another process`),
  noDevice: (key: string) =>
    new DBusError('System.Error.ENODEV', `There is no device ${key} on any seat; see ListDevices`),
  notYourDevice: (message: string) => new DBusError(`${prefix}NotYourDevice`, message),
  operationInProgress: (message: string) => new DBusError(`${prefix}OperationInProgress`, message),
  sleepVerbNotSupported: (verb: string) =>
    new DBusError(`${prefix}SleepVerbNotSupported`, `This system cannot ${verb}`),
  blockedByInhibitor: (message: string) => new DBusError(`${prefix}BlockedByInhibitorLock`, message),
  errno: (name: string, message: string) => new DBusError(`System.Error.${name}`, message),
  /** A failed syscall, as sd-bus names it. */
  ofSystem: ({ code, message }: SystemError) =>
    new DBusError(systemNames[code] ?? `System.Error.${code}`, message),
  superseded: (message: string) => new DBusError('System.Error.ECANCELED', message),
  accessDenied: (message: string) => new DBusError(ErrorName.accessDenied, message),
  invalid: (message: string) => new DBusError(ErrorName.invalidArgs, message),
  notSupported: (message: string) => new DBusError(ErrorName.notSupported, message),
  limit: (message: string) => new DBusError(ErrorName.limitsExceeded, message),
} as const;
