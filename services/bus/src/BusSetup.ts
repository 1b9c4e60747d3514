import type { ActivationSetup } from './activation/Activation.js';
import type { Limits } from './Limits.js';
import type { Policy } from './policy/Policy.js';

/** What a configuration decides; it may change while the bus runs. */
export type BusSetup = {
  limits: Limits;
  /** undefined: the bus's own user and root may connect and do everything. */
  policy: Policy | undefined;
  /** The configuration's `<type>`. */
  type: string | undefined;
  activation: ActivationSetup;
  /** How connections may say who they are; `anonymous`: that they do not. */
  mechanisms: { external: boolean; anonymous: boolean };
  /** Reads the configuration again. Throws Error. */
  reload(): BusSetup;
};
