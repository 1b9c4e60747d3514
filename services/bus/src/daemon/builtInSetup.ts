import { ServiceIndex } from '../activation/ServiceIndex.js';
import type { BusSetup } from '../BusSetup.js';
import { builtInLimits } from '../Limits.js';

/** A bus without a configuration: for its own user and root, who may do everything. It starts no services. */
export function builtInSetup(): BusSetup {
  const setup: BusSetup = {
    limits: builtInLimits,
    policy: undefined,
    type: undefined,
    mechanisms: { external: true, anonymous: false },
    activation: {
      services: new ServiceIndex([], () => {}),
      systemd: false,
      helper: undefined,
      environment: new Map(),
      userOf: () => undefined,
    },
    reload: () => setup,
  };
  return setup;
}
