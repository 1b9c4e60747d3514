import type { ActivationSetup } from '../activation/Activation.js';
import { ServiceIndex } from '../activation/ServiceIndex.js';
import { spawnError } from '../activation/SpawnError.js';
import type { BusSetup } from '../BusSetup.js';
import type { BusConfig } from '../config/BusConfig.js';
import { UserDatabase } from '../config/UserDatabase.js';
import { workableLimits } from '../Limits.js';
import { Policy } from '../policy/Policy.js';

export type SetupSource = {
  /** Reads the configuration again. Throws Error. */
  read(): BusConfig;
  systemdActivation: boolean;
  /** For services; UpdateActivationEnvironment adds to it. */
  environment: Map<string, string>;
  warn(what: string): void;
};

/** What a configuration means for a bus. */
export function configuredSetup(config: BusConfig, source: SetupSource): BusSetup {
  const allows = (mechanism: string) => config.auth.size === 0 || config.auth.has(mechanism);
  return {
    limits: workableLimits(config.limits),
    policy: new Policy(config.policy, process.getuid?.() ?? 0),
    type: config.type,
    mechanisms: {
      external: allows('EXTERNAL'),
      anonymous: config.allowAnonymous && allows('ANONYMOUS'),
    },
    activation: activationSetup(config, source),
    reload: () => configuredSetup(source.read(), source),
  };
}

function activationSetup(config: BusConfig, source: SetupSource): ActivationSetup {
  const users = new UserDatabase();
  return {
    services: new ServiceIndex(config.serviceFolders, source.warn),
    systemd: source.systemdActivation,
    helper: config.serviceHelper,
    environment: source.environment,
    userOf({ file, user }) {
      // dbus-daemon without its helper starts everything as itself; root can do better.
      if (user === undefined || process.getuid?.() !== 0) return undefined;
      const found = users.user(user);
      if (!found) throw spawnError('FileInvalid', `${file}: there is no user ${JSON.stringify(user)}`);
      return found;
    },
  };
}

/** What services get besides our own environment, less what was meant for us. */
export function serviceEnvironment(
  own: NodeJS.ProcessEnv,
  address: string,
  type: string | undefined,
): Map<string, string> {
  const environment = new Map(
    Object.entries(own).filter((one): one is [string, string] => one[1] !== undefined),
  );
  for (const name of ['LISTEN_FDS', 'LISTEN_PID', 'LISTEN_FDNAMES', 'NOTIFY_SOCKET'])
    environment.delete(name);
  environment.set('DBUS_STARTER_ADDRESS', address);
  if (type !== undefined) environment.set('DBUS_STARTER_BUS_TYPE', type);
  if (type === 'session') environment.set('DBUS_SESSION_BUS_ADDRESS', address);
  if (type === 'system') environment.set('DBUS_SYSTEM_BUS_ADDRESS', address);
  return environment;
}
