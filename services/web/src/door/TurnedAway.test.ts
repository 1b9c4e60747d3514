import { createLog } from '@switchyard/runtime';
import { expect, test } from 'vitest';
import { TurnedAway } from './TurnedAway.js';

test('who is turned away often is told of by a number, and nobody fills the log with long words', () => {
  const lines: [Record<string, unknown>, string][] = [];
  const log = createLog('test');
  log.level = 'silent';
  log.warn = ((fields: Record<string, unknown>, what: string) => {
    lines.push([fields, what]);
  }) as typeof log.warn;
  const away = new TurnedAway(log);
  const note = (origin: string, now: number) =>
    away.note(origin, { viewer: origin, path: '/'.padEnd(9000, 'x') }, 'a request was refused', now);
  for (let i = 0; i < 1000; i++) note('here', 100_000);
  for (let i = 0; i < 3; i++) note('there', 100_000);
  expect(lines.length).toBe(23);
  expect(String(lines[0]![0]['path']).length).toBe(100);
  for (let i = 0; i < 1000; i++) note(`address ${i}`, 120_000);
  expect(lines.length).toBe(200);
  note('here', 170_000);
  expect(lines.slice(200).map(([fields, what]) => [fields['more'], what])).toEqual([
    [1803, 'others were turned away and not told of'],
    [undefined, 'a request was refused'],
  ]);
});
