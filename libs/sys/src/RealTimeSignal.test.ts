import { expect, test, vi } from 'vitest';
import { Pidfd, RealTimeSignal } from './index.js';

/** process.kill knows no number above 31. */
function kill(signal: number, times = 1): void {
  using self = Pidfd.open(process.pid);
  for (let i = 0; i < times; i++) self.signal(signal);
}

test('a real-time signal calls back, and many at once do so at least once', async () => {
  const heard = vi.fn();
  using signal = RealTimeSignal.listen(5, heard);
  kill(signal.number);
  await vi.waitFor(() => expect(heard).toHaveBeenCalledTimes(1), { timeout: 60_000 });
  kill(signal.number, 3);
  await vi.waitFor(() => expect(heard.mock.calls.length).toBeGreaterThan(1), { timeout: 60_000 });
  expect(heard.mock.calls.length).toBeLessThanOrEqual(4);
});

test('one that nobody listens to any more is ignored, and can be listened to again', async () => {
  const before = vi.fn();
  const first = RealTimeSignal.listen(6, before);
  expect(() => RealTimeSignal.listen(6, before)).toThrow('EBUSY: sigaction SIGRTMIN+6');
  first.close();
  first.close();
  kill(first.number);
  const heard = vi.fn();
  using second = RealTimeSignal.listen(6, heard);
  expect(second.number).toBe(first.number);
  kill(second.number);
  await vi.waitFor(() => expect(heard).toHaveBeenCalledTimes(1), { timeout: 60_000 });
  expect(before).not.toHaveBeenCalled();
});

test('there are about thirty of them', () => {
  expect(() => RealTimeSignal.listen(-1, () => {})).toThrow('EINVAL');
  expect(() => RealTimeSignal.listen(64, () => {})).toThrow('EINVAL');
});
