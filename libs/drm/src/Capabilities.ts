import { SystemError } from '@switchyard/sys';
import type { DrmCard } from '@switchyard/uapi/calls';
import { DRM_CAP, DRM_PRIME_CAP } from '@switchyard/uapi/tables';

/** What a driver can do. */
export interface Capabilities {
  readonly dumbBuffers: boolean;
  /** Bits of colour that dumb buffers best have; 0 = no preference. */
  readonly preferredDepth: number;
  /** Reading from a dumb buffer is slow: draw elsewhere and copy. */
  readonly preferShadow: boolean;
  readonly prime: { readonly import: boolean; readonly export: boolean };
  readonly cursor: { readonly width: number; readonly height: number };
  readonly modifiers: boolean;
  /** Flips that do not wait for the vertical blank. */
  readonly asyncFlips: boolean;
  /** Events' times are CLOCK_MONOTONIC's. */
  readonly monotonicTimes: boolean;
  readonly syncObjects: boolean;
}

/** What the kernel does not know it has not got. */
export function readCapabilities(card: DrmCard): Capabilities {
  const ask = (capability: number, otherwise = 0): number => {
    try {
      return Number(card.capability(capability));
    } catch (error) {
      // Cards that show nothing (vgem) answer EOPNOTSUPP to what is about showing.
      if (error instanceof SystemError && ['EINVAL', 'EOPNOTSUPP'].includes(error.code)) return otherwise;
      throw error;
    }
  };
  const prime = ask(DRM_CAP.PRIME);
  return {
    dumbBuffers: ask(DRM_CAP.DUMB_BUFFER) !== 0,
    preferredDepth: ask(DRM_CAP.DUMB_PREFERRED_DEPTH),
    preferShadow: ask(DRM_CAP.DUMB_PREFER_SHADOW) !== 0,
    prime: {
      import: (prime & DRM_PRIME_CAP.IMPORT) !== 0,
      export: (prime & DRM_PRIME_CAP.EXPORT) !== 0,
    },
    cursor: { width: ask(DRM_CAP.CURSOR_WIDTH, 64), height: ask(DRM_CAP.CURSOR_HEIGHT, 64) },
    modifiers: ask(DRM_CAP.ADDFB2_MODIFIERS) !== 0,
    asyncFlips: ask(DRM_CAP.ASYNC_PAGE_FLIP) !== 0,
    monotonicTimes: ask(DRM_CAP.TIMESTAMP_MONOTONIC) !== 0,
    syncObjects: ask(DRM_CAP.SYNCOBJ) !== 0,
  };
}
