/** What outgoing queues share: 2 MiB, what a busy compositor has queued at a time. */
const QUEUE_BYTES = 64 * 32 * 1024;
/** For those who read into it, and put heads together in it. */
const FIXED_BYTES = (130 + 16) * 1024;

/**
 * One memory for bytes that only pass through this process. What is copied within it (`transit.copyWithin`) needs no
 * view of either place, so a relay allocates nothing, and moves a short message in a third of the time. Pages that are
 * not touched take no memory.
 *
 *   │ taken at start: where is read to, heads │ chunks of outgoing queues │
 */
export const transit = Buffer.allocUnsafeSlow(FIXED_BYTES + QUEUE_BYTES);

let taken = 0;
let queued = FIXED_BYTES;

/** Takes a stretch for good, and returns its start, a multiple of 64: once for a module, not for every object. */
export function takeTransit(bytes: number): number {
  const start = taken;
  if (start + bytes > FIXED_BYTES) throw new RangeError(`the transit memory has no ${bytes} bytes left`);
  taken = (start + bytes + 63) & ~63;
  return start;
}

/** The same for outgoing queues; -1 when all is taken. */
export function takeTransitChunk(bytes: number): number {
  if (queued + bytes > transit.length) return -1;
  queued += bytes;
  return queued - bytes;
}
