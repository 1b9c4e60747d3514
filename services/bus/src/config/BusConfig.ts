import { type Limits, referenceLimits } from '../Limits.js';
import { emptyRules, type PolicyRules } from '../policy/PolicyRule.js';

/** Where .service files are looked for; the first folder that has a service wins. */
export type ServiceFolder = {
  path: string;
  /** A file must be named after its service (the folder of transient services). */
  strictNames: boolean;
  /** Changes are to be noticed without ReloadConfig. */
  watched: boolean;
};

/** What a configuration file says, with all that it includes (dbus-daemon(1), "Configuration file"). */
export type BusConfig = {
  type: string | undefined;
  /** Addresses, in the order in which they are written. */
  listen: string[];
  /** Mechanisms; empty: all that are known. */
  auth: Set<string>;
  user: string | undefined;
  fork: boolean;
  keepUmask: boolean;
  syslog: boolean;
  pidFile: string | undefined;
  allowAnonymous: boolean;
  serviceFolders: ServiceFolder[];
  serviceHelper: string | undefined;
  limits: Limits;
  policy: PolicyRules;
  /** Folders whose files are part of this configuration. */
  includedFolders: string[];
  /** What is odd but no error, as `file:line: text`. */
  warnings: string[];
};

export function emptyConfig(): BusConfig {
  return {
    type: undefined,
    listen: [],
    auth: new Set(),
    user: undefined,
    fork: false,
    keepUmask: false,
    syslog: false,
    pidFile: undefined,
    allowAnonymous: false,
    serviceFolders: [],
    serviceHelper: undefined,
    limits: { ...referenceLimits },
    policy: emptyRules(),
    includedFolders: [],
    warnings: [],
  };
}
