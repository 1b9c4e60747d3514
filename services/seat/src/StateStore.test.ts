import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { bootId, type SavedState, StateStore } from './StateStore.js';

let directory: string;
let path: string;
let store: StateStore;
let writings: number;
let nextSession: number;

function snapshot(): SavedState {
  writings++;
  return {
    version: 3,
    boot: bootId(),
    nextSession,
    nextMinor: 1,
    sessions: [],
    inhibitors: [],
    schedule: null,
    bus: '',
    virtualDevices: [],
    seatdClients: [],
    active: {},
  };
}
const written = () => (existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).nextSession : undefined);
const endOfTurn = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

beforeEach(() => {
  // However slow the machine is.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  // Long after anything was written: the clock begins at 0.
  vi.advanceTimersByTime(1000);
  directory = mkdtempSync(join(tmpdir(), 'yard-state-'));
  path = join(directory, 'state/seat.json');
  writings = 0;
  nextSession = 1;
  store = new StateStore(path, snapshot, (error) => {
    throw error;
  });
});
afterEach(() => {
  store.flush();
  vi.useRealTimers();
  rmSync(directory, { recursive: true });
});

test('a change is written at the end of the turn', async () => {
  store.touch();
  expect(written()).toBeUndefined();
  await endOfTurn();
  expect(written()).toBe(1);
});

test('the steps of a switch are written together, behind it', async () => {
  for (nextSession = 1; nextSession < 50; nextSession++) {
    store.touchLater();
    await endOfTurn();
  }
  expect(writings).toBe(0);
  vi.advanceTimersByTime(600);
  await endOfTurn();
  expect([writings, written()]).toEqual([1, 50]);
});

test('a change among the steps of a switch does not wait for its end', async () => {
  store.touchLater();
  await endOfTurn();
  expect(written()).toBeUndefined();
  store.touch();
  await endOfTurn();
  expect(written()).toBe(1);
  vi.advanceTimersByTime(1000);
  expect(writings).toBe(1);
});

test('the end of the process waits for nothing', () => {
  store.touchLater();
  store.flush();
  expect(written()).toBe(1);
});
