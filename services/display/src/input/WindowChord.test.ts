import { KEY } from '@switchyard/uapi';
import type { WlSurfaceProxy } from '@switchyard/wayland';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Desk, type DeskClient } from '../testing/Desk.js';

let desk: Desk;
let client: DeskClient;
let windows: WlSurfaceProxy[];
/** The window that has the keyboard, by its number. */
let focus: number;
/** Keys that clients were told of, with their state. */
let keys: string[];

beforeEach(async () => {
  desk = new Desk();
  const session = desk.session();
  desk.activate(session);
  client = await desk.connect(session);
  client.seat.getKeyboard({
    ...{ modifiers() {}, repeatInfo() {}, leave() {} },
    keymap: (_, __, fd) => fd.close(),
    enter: (_, __, surface) => {
      focus = windows.indexOf(surface!);
    },
    key: (_, __, ___, key, state) => void keys.push(`${key} ${state === 1 ? 'down' : 'up'}`),
  });
  keys = [];
  windows = [];
});
afterEach(() => desk[Symbol.dispose]());

async function open(count: number): Promise<void> {
  for (let i = 0; i < count; i++) windows.push((await client.window()).surface);
  await client.roundtrip();
}

/** Presses (+) and releases (-) in turn. */
async function play(...strokes: number[]): Promise<void> {
  const { keyboard } = desk.compositor.seat;
  for (const stroke of strokes) keyboard.key(Math.abs(stroke), stroke > 0 ? 1 : 0, 0);
  await client.roundtrip();
}

describe('Alt+Tab', () => {
  it('goes through the session’s windows, and back to the one that was left', async () => {
    await open(3);
    await play(KEY.LEFTALT, KEY.TAB, -KEY.TAB);
    expect(focus).toBe(1);
    await play(KEY.TAB, -KEY.TAB);
    expect(focus).toBe(0);
    await play(-KEY.LEFTALT);
    await play(KEY.LEFTALT, KEY.TAB, -KEY.TAB, -KEY.LEFTALT);
    expect(focus).toBe(2);
    expect(keys).not.toContain(`${KEY.TAB} down`);
    expect(keys).not.toContain(`${KEY.TAB} up`);
  });

  it('goes the other way with Shift', async () => {
    await open(3);
    await play(KEY.LEFTALT, KEY.LEFTSHIFT, KEY.TAB, -KEY.TAB);
    expect(focus).toBe(0);
  });

  it('is the window’s own when there is but one, and with Ctrl or Meta', async () => {
    await open(1);
    await play(KEY.LEFTALT, KEY.TAB, -KEY.TAB, -KEY.LEFTALT);
    expect(keys).toContain(`${KEY.TAB} down`);
    expect(keys).toContain(`${KEY.TAB} up`);
    await open(1);
    keys.length = 0;
    await play(KEY.LEFTMETA, KEY.LEFTALT, KEY.TAB, -KEY.TAB);
    expect(keys).toContain(`${KEY.TAB} down`);
  });

  it('takes a dialog with its window', async () => {
    await open(1);
    const main = await client.window();
    windows.push(main.surface);
    const dialog = await client.window();
    dialog.toplevel.setParent(main.toplevel);
    windows.push(dialog.surface);
    await client.roundtrip();
    await play(KEY.LEFTALT, KEY.TAB, -KEY.TAB, -KEY.LEFTALT);
    expect(focus).toBe(0);
    await play(KEY.LEFTALT, KEY.TAB, -KEY.TAB, -KEY.LEFTALT);
    expect(focus).toBe(2);
  });
});

describe('Super+Shift+Right', () => {
  const move = [KEY.LEFTMETA, KEY.LEFTSHIFT, KEY.RIGHT, -KEY.RIGHT, -KEY.LEFTSHIFT, -KEY.LEFTMETA];

  it('moves the window that has the keyboard to the next monitor, and after the last to the first', async () => {
    const second = { width: 800, height: 600, refresh: 60_000, scale: 120 };
    const { activeSession, outputs } = desk.compositor;
    desk.monitor(activeSession!);
    const window = await client.window();
    desk.monitor(activeSession!, second, 2);
    await play(...move);
    expect(window.told.size).toBe('800×600');
    expect(keys).not.toContain(`${KEY.RIGHT} down`);
    expect(keys).not.toContain(`${KEY.RIGHT} up`);
    expect(desk.compositor.seat.keyboard.focus?.resource.id).toBe(window.surface.id);
    await play(...move);
    expect(window.told.size).toBe('1280×720');
    await play(KEY.LEFTMETA, KEY.LEFTSHIFT, KEY.LEFT, -KEY.LEFT);
    expect(window.told.size).toBe('800×600');
    expect(outputs.list).toHaveLength(2);
  });

  it('is the window’s own with one monitor', async () => {
    await open(1);
    await play(...move);
    expect(keys).toContain(`${KEY.RIGHT} down`);
    expect(keys).toContain(`${KEY.RIGHT} up`);
  });
});
