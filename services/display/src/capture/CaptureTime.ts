import { monotonicNow } from '@switchyard/sys';

/** The time of now as captures tell it: seconds (high and low half) and nanoseconds of CLOCK_MONOTONIC. */
export function captureTime(): [high: number, low: number, nanoseconds: number] {
  const now = monotonicNow();
  const seconds = now / 1_000_000_000n;
  return [Number(seconds >> 32n), Number(seconds & 0xffff_ffffn), Number(now % 1_000_000_000n)];
}
