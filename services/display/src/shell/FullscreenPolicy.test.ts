import { expect, test } from 'vitest';
import { FullscreenPolicy } from './FullscreenPolicy.js';
import type { ShellToplevel } from './ShellPolicy.js';

const output = { width: 1280, height: 720 };
const policy = new FullscreenPolicy();

interface Window extends ShellToplevel {
  name: string;
}

function window(name: string, values: Partial<Window> = {}): Window {
  return {
    name,
    parent: undefined,
    mapped: true,
    geometry: { x: 0, y: 0, width: 1280, height: 720 },
    wantsFullscreen: undefined,
    wantsMaximized: false,
    minimum: { width: 0, height: 0 },
    maximum: { width: 0, height: 0 },
    ...values,
  };
}

function arranged(stack: Window[]) {
  const places: [string, number, number, number][] = [];
  policy.arrange(stack, output, (toplevel, x, y, scale) => places.push([toplevel.name, x, y, scale]));
  return places;
}

test('a toplevel is told to fill the output', () => {
  const one = window('one');
  expect(policy.configuration(one, [one], output)).toEqual({
    width: 1280,
    height: 720,
    fullscreen: true,
    maximized: true,
    activated: true,
    resizing: false,
  });
});

test('a dialog keeps its own size and is centred over its parent', () => {
  const parent = window('parent');
  const dialog = window('dialog', { parent, geometry: { x: 0, y: 0, width: 300, height: 201 } });
  const stack = [parent, dialog];
  expect(policy.configuration(dialog, stack, output)).toMatchObject({
    width: 0,
    height: 0,
    fullscreen: false,
    activated: true,
  });
  expect(policy.configuration(parent, stack, output).activated).toBe(false);
  expect(arranged(stack)).toEqual([
    ['parent', 0, 0, 1],
    ['dialog', 490, 259, 1],
  ]);
});

test('a window that asks to leave fullscreen keeps its size, maximized', () => {
  const one = window('one', { wantsFullscreen: false });
  expect(policy.configuration(one, [one], output)).toMatchObject({
    width: 1280,
    height: 720,
    fullscreen: false,
    maximized: true,
  });
});

test('a dialog that asks for fullscreen gets it', () => {
  const parent = window('parent');
  const dialog = window('dialog', { parent, wantsFullscreen: true });
  expect(policy.configuration(dialog, [parent, dialog], output)).toMatchObject({
    width: 1280,
    fullscreen: true,
  });
});

test('the newest toplevel is shown alone, and the next one when it goes', () => {
  const first = window('first');
  const second = window('second');
  expect(arranged([first, second])).toEqual([['second', 0, 0, 1]]);
  expect(policy.focus([first, window('gone', { mapped: false })])?.name).toBe('first');
  expect(arranged([first, window('gone', { mapped: false })])).toEqual([['first', 0, 0, 1]]);
});

test('a dialog raises its whole family', () => {
  const first = window('first');
  const second = window('second');
  const dialog = window('dialog', { parent: first });
  expect(arranged([first, second, dialog]).map(([name]) => name)).toEqual(['first', 'dialog']);
});

test('a dialog whose parent is not mapped stands for itself', () => {
  const parent = window('parent', { mapped: false });
  const dialog = window('dialog', { parent });
  expect(arranged([parent, dialog]).map(([name]) => name)).toEqual(['dialog']);
});

test('a smaller window is centred and a larger one is scaled down to fit', () => {
  expect(arranged([window('small', { geometry: { x: 0, y: 0, width: 80, height: 20 } })])).toEqual([
    ['small', 600, 350, 1],
  ]);
  expect(arranged([window('large', { geometry: { x: 0, y: 0, width: 2560, height: 720 } })])).toEqual([
    ['large', 0, 180, 0.5],
  ]);
});

test('nothing mapped is nothing shown', () => {
  expect(arranged([window('gone', { mapped: false })])).toEqual([]);
});
