import { describe, expect, it } from 'vitest';
import { Throttle } from './Throttle.js';

const fail = async () => false;
const succeed = async () => true;
const isTrue = (result: boolean) => result;

async function timed(work: Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work;
  return performance.now() - start;
}

describe('Throttle', () => {
  it('answers each failure in a row after twice the time, and a success at once', async () => {
    const throttle = new Throttle(20);
    // Timers may come a millisecond early.
    expect(await timed(throttle.run('alice', fail, isTrue))).toBeGreaterThanOrEqual(19);
    expect(await timed(throttle.run('alice', fail, isTrue))).toBeGreaterThanOrEqual(39);
    expect(throttle.delay('alice')).toBe(80);
    expect(throttle.delay('bob')).toBe(20);
    expect(await throttle.run('alice', succeed, isTrue)).toBe(true);
    expect(throttle.delay('alice')).toBe(20);
  });

  it('lets tries for one key go one after the other, and refuses a fifth that would wait', async () => {
    const throttle = new Throttle(1);
    let running = 0;
    let most = 0;
    const attempt = async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 5));
      running--;
      return false;
    };
    const results = await Promise.all(
      Array.from({ length: 5 }, () => throttle.run('alice', attempt, isTrue)),
    );
    expect(results).toEqual([false, false, false, false, undefined]);
    expect(most).toBe(1);
  });

  it('makes nobody wait longer than half a minute', async () => {
    const throttle = new Throttle(20_000);
    expect(throttle.delay('alice')).toBe(20_000);
    const quick = new Throttle(1);
    for (let i = 0; i < 3; i++) await quick.run('alice', fail, isTrue);
    expect(quick.delay('alice')).toBe(8);
  });

  it('remembers a thousand keys that failed, and forgets the oldest', async () => {
    const throttle = new Throttle(1);
    const failAll = (from: number, to: number) =>
      Promise.all(Array.from({ length: to - from }, (_, i) => throttle.run(`user${from + i}`, fail, isTrue)));
    await failAll(0, 1000);
    await failAll(1000, 1100);
    expect(throttle.delay('user1099')).toBe(2);
    expect(throttle.delay('user999')).toBe(2);
    expect(throttle.delay('user0')).toBe(1);
  });

  it('goes on after an attempt that throws', async () => {
    const throttle = new Throttle(1);
    const broken = async (): Promise<boolean> => {
      throw new Error('no');
    };
    await expect(throttle.run('alice', broken, isTrue)).rejects.toThrow('no');
    expect(await throttle.run('alice', succeed, isTrue)).toBe(true);
  });
});
