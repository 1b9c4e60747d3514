import native from '@switchyard/native';

/** CLOCK_MONOTONIC in nanoseconds: the same for every process of the machine. */
export function monotonicNow(): bigint {
  return native.monotonicNow();
}
