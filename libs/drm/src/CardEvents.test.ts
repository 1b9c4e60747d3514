import { getHeapStatistics } from 'node:v8';
import { createPipe, write } from '@switchyard/sys';
import { encode } from '@switchyard/uapi';
import { DRM_EVENT, drmEvent, drmEventCrtcSequence, drmEventVblank } from '@switchyard/uapi/tables';
import { expect, test } from 'vitest';
import { type CardEvent, EventReader } from './CardEvents.js';

/** As drivers write it. */
const vblank = (type: number, crtc: number, userData: bigint): Uint8Array =>
  encode(drmEventVblank, {
    base: { type, length: drmEventVblank.size },
    user_data: userData,
    tv_sec: 5000,
    tv_usec: 250,
    sequence: 7,
    crtc_id: crtc,
  });

test('flips and vertical blanks go to their handlers, what is unknown to none', () => {
  const { reading: readable, writing: writable } = createPipe();
  const unknown = encode(drmEvent, { type: 99, length: drmEvent.size });
  const sequence = encode(drmEventCrtcSequence, {
    base: { type: DRM_EVENT.CRTC_SEQUENCE, length: drmEventCrtcSequence.size },
  });
  const events = [
    vblank(DRM_EVENT.FLIP_COMPLETE, 41, 0x1_0000_0002n),
    unknown,
    sequence,
    vblank(DRM_EVENT.VBLANK, 42, 9n),
  ];
  write(writable, Buffer.concat(events));
  const seen: [string, CardEvent][] = [];
  new EventReader(readable).read({
    flipped: (event) => seen.push(['flipped', { ...event }]),
    vblank: (event) => seen.push(['vblank', { ...event }]),
  });
  expect(seen).toEqual([
    ['flipped', { crtc: 41, sequence: 7, time: 5_000_000_250, userData: 2 }],
    ['vblank', { crtc: 42, sequence: 7, time: 5_000_000_250, userData: 9 }],
  ]);
  readable.close();
  writable.close();
});

test('a handler may close the card', () => {
  const { reading: readable, writing: writable } = createPipe();
  write(writable, vblank(DRM_EVENT.FLIP_COMPLETE, 41, 1n));
  new EventReader(readable).read({ flipped: () => readable.close() });
  expect(readable.closed).toBe(true);
  writable.close();
});

test('an event of an impossible length is an error', () => {
  const { reading: readable, writing: writable } = createPipe();
  write(writable, encode(drmEvent, { type: 1, length: 4 }));
  expect(() => new EventReader(readable).read({})).toThrow('an event of 4 bytes');
  readable.close();
  writable.close();
});

test('events are read without allocating', () => {
  const { reading: readable, writing: writable } = createPipe();
  const page = Buffer.concat(Array(64).fill(vblank(DRM_EVENT.FLIP_COMPLETE, 41, 3n)));
  const reader = new EventReader(readable);
  let frames = 0;
  // A variable would be a new number in the heap each time.
  const latest = new Float64Array(1);
  const handlers = {
    flipped(event: CardEvent): void {
      frames++;
      latest[0] = event.time;
    },
  };
  const run = (rounds: number): number => {
    const before = getHeapStatistics().used_heap_size;
    for (let i = 0; i < rounds; i++) {
      write(writable, page);
      reader.read(handlers);
    }
    return getHeapStatistics().used_heap_size - before;
  };
  // Until the compiler is done with it, its own notes are on the same heap. A collection in between makes a round negative.
  run(2000);
  const grown = Math.max(run(2000), run(2000), run(2000));
  expect(frames).toBe(8000 * 64);
  expect(latest[0]).toBe(5_000_000_250);
  // A single number in the heap would be 12 bytes; two syscalls a round may leave a few.
  expect(grown / (2000 * 64)).toBeLessThan(4);
  readable.close();
  writable.close();
});
