import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Session } from './Session.js';
import { SeatStage } from './testing/SeatStage.js';
import { VirtualDevice } from './VirtualDevice.js';

const patience = { timeout: 60_000 };

/** As a card: a session keeps its file over a switch. */
class Card extends VirtualDevice {
  override readonly resumesInPlace = true;
}

/** Never over by itself. */
const GRACE = 2 ** 30;

let stage: SeatStage;
let card: Card;
beforeEach(() => {
  stage = new SeatStage(GRACE);
  card = new Card('seat0', 4095, 99, 'monitor', 'card', new Map(), stage);
  stage.seat.addDevice(card);
});
afterEach(() => stage.close());

/** The first has the seat again after the second had it. */
function backAndForth(): Session {
  const [one, other] = [stage.add(), stage.add()];
  stage.request(one);
  for (const session of [one, other]) stage.takeAll(session);
  for (const [next, before] of [
    [other, one],
    [one, other],
  ] as const) {
    stage.request(next);
    stage.acknowledgeAll(before);
  }
  stage.told.length = 0;
  return one;
}

test('who takes a card that works for paused is told again, once, and of nothing else', async () => {
  const session = backAndForth();
  stage.acknowledgeAll(session);
  stage.acknowledgeAll(session);
  expect(stage.told).toEqual([]);
  await vi.waitFor(() => expect(stage.told).not.toEqual([]), patience);
  expect(stage.told).toEqual([`${session.id} resume monitor`]);
  expect(stage.ends.at(-1)!.device).toBe(card);
});

test('who has left meanwhile is told nothing', async () => {
  const session = backAndForth();
  const other = stage.sessions.find((one) => one !== session)!;
  stage.acknowledgeAll(session);
  stage.request(other);
  stage.acknowledgeAll(session);
  await new Promise((done) => setTimeout(done, 200));
  expect(stage.told.filter((line) => line.startsWith(`${session.id} resume`))).toEqual([]);
});
