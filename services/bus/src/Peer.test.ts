import { Socket } from '@switchyard/sys';
import { afterEach, expect, it, vi } from 'vitest';
import { builtInLimits } from './Limits.js';
import { Peer } from './Peer.js';
import { Quotas } from './Quota.js';
import { ReadTurns } from './ReadTurns.js';

afterEach(() => {
  vi.useRealTimers();
});

function peer() {
  const [ours, theirs] = Socket.pair('stream');
  const events: string[] = [];
  const quotas = new Quotas();
  const account = quotas.connect(ours.peer.uid)!;
  const turns = new ReadTurns();
  const one = new Peer(
    ours,
    {
      guid: '0'.repeat(32),
      accepted: true,
      anonymous: false,
      isTrusted: true,
      quotas,
      account,
      turns,
      limits: builtInLimits,
    },
    {
      frame: () => events.push('frame'),
      settled: () => events.push('settled'),
      gone: (_, why) => events.push(`gone: ${why}`),
      impatient: () => events.push('impatient'),
      drained: () => events.push('drained'),
    },
  );
  return { one, theirs, events };
}

it('a peer that does not say Hello in time is gone', () => {
  vi.useFakeTimers();
  const { theirs, events } = peer();
  vi.advanceTimersByTime(builtInLimits.authTimeout - 1);
  expect(events).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(events).toEqual(['settled', 'gone: did not say Hello in time']);
  expect(theirs.receive(Buffer.alloc(1))).toBe(0);
  theirs.close();
});

it('a peer that said Hello stays', () => {
  vi.useFakeTimers();
  const { one, theirs, events } = peer();
  one.becomeActive(':1.5');
  vi.advanceTimersByTime(builtInLimits.authTimeout * 2);
  expect(events).toEqual(['settled']);
  one.disconnect('enough');
  one.disconnect('again');
  expect(events).toEqual(['settled', 'gone: enough']);
  theirs.close();
});

it('a peer that asks and asks without reading the answers is gone', async () => {
  const { one, theirs, events } = peer();
  const gone = () => events.some((event) => event.startsWith('gone'));
  theirs.write(Buffer.of(0));
  while (!gone()) {
    theirs.write(Buffer.from('WHAT\r\n'.repeat(5000)));
    await new Promise(setImmediate);
  }
  expect(events.at(-1)).toBe('gone: does not read');
  expect(one.state).toBe('gone');
  theirs.close();
});
