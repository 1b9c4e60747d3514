import { DBusError } from '@switchyard/dbus';

const prefix = 'org.freedesktop.DBus.Error.Spawn.';

export type SpawnFailure =
  | 'ExecFailed'
  | 'ForkFailed'
  | 'ChildExited'
  | 'ChildSignaled'
  | 'Failed'
  | 'FailedToSetup'
  | 'ConfigInvalid'
  | 'ServiceNotValid'
  | 'ServiceNotFound'
  | 'PermissionsInvalid'
  | 'FileInvalid'
  | 'NoMemory';

/** Why a service could not be started, in the reference implementation's names. */
export function spawnError(failure: SpawnFailure, text: string): DBusError {
  return new DBusError(`${prefix}${failure}`, text);
}

/** What dbus-daemon-launch-helper(1)'s exit codes mean (dbus's activation-exit-codes.h). */
const helperFailures: Readonly<Record<number, SpawnFailure>> = {
  1: 'NoMemory',
  2: 'ConfigInvalid',
  3: 'FailedToSetup',
  4: 'ServiceNotValid',
  5: 'ServiceNotFound',
  6: 'PermissionsInvalid',
  7: 'FileInvalid',
  8: 'ExecFailed',
};

export function helperError(name: string, code: number): DBusError {
  const failure = helperFailures[code];
  if (code === 9)
    return new DBusError('org.freedesktop.DBus.Error.InvalidArgs', `Invalid arguments for starting ${name}`);
  return spawnError(
    failure ?? 'Failed',
    failure
      ? `Launch helper could not start ${name}: ${failure}`
      : `Launch helper exited with unknown return code ${code}`,
  );
}
