import { describe, expect, test } from 'vitest';
import { encodeMouse, type MouseEvent, NO_BUTTON } from './MouseEncoder.js';
import type { MouseEncoding, MouseTracking } from './TerminalModes.js';

const at: MouseEvent = {
  action: 'press',
  button: 0,
  column: 9,
  row: 4,
  pixelX: 95,
  pixelY: 80,
  shift: false,
  alt: false,
  control: false,
};

function report(
  event: Partial<MouseEvent>,
  tracking: MouseTracking,
  encoding: MouseEncoding,
): string | undefined {
  const bytes = encodeMouse({ ...at, ...event }, tracking, encoding);
  return bytes && Buffer.from(bytes).toString('latin1');
}

describe('encodeMouse', () => {
  test.each<[string, Partial<MouseEvent>, MouseEncoding, string]>([
    ['a press', {}, 'sgr', '\x1b[<0;10;5M'],
    ['a release', { action: 'release', button: 2 }, 'sgr', '\x1b[<2;10;5m'],
    ['a drag', { action: 'move' }, 'sgr', '\x1b[<32;10;5M'],
    ['motion', { action: 'move', button: NO_BUTTON }, 'sgr', '\x1b[<35;10;5M'],
    ['wheel up', { button: 4 }, 'sgr', '\x1b[<64;10;5M'],
    ['wheel down with control', { button: 5, control: true }, 'sgr', '\x1b[<81;10;5M'],
    ['button 8', { button: 8 }, 'sgr', '\x1b[<128;10;5M'],
    ['alt and shift', { alt: true, shift: true }, 'sgr', '\x1b[<12;10;5M'],
    ['pixels', {}, 'sgr-pixels', '\x1b[<0;96;81M'],
    ['a press', { button: 1 }, 'urxvt', '\x1b[33;10;5M'],
    ['a release', { action: 'release' }, 'urxvt', '\x1b[35;10;5M'],
    ['a press', {}, 'default', '\x1b[M *%'],
    ['a release', { action: 'release', button: 1 }, 'default', '\x1b[M#*%'],
    ['wheel down', { button: 5 }, 'default', '\x1b[Ma*%'],
  ])('%s %o as %s', (_, event, encoding, expected) => {
    expect(report(event, 'motion', encoding)).toBe(expected);
  });

  test('each tracking mode gets its events only', () => {
    const kinds: Record<string, Partial<MouseEvent>> = {
      press: {},
      release: { action: 'release' },
      drag: { action: 'move' },
      motion: { action: 'move', button: NO_BUTTON },
      wheel: { button: 4 },
    };
    const heard = (tracking: MouseTracking) =>
      Object.keys(kinds).filter((kind) => report(kinds[kind]!, tracking, 'sgr') !== undefined);
    expect(heard('none')).toEqual([]);
    expect(heard('x10')).toEqual(['press']);
    expect(heard('press')).toEqual(['press', 'release', 'wheel']);
    expect(heard('drag')).toEqual(['press', 'release', 'drag', 'wheel']);
    expect(heard('motion')).toEqual(['press', 'release', 'drag', 'motion', 'wheel']);
  });

  test('X10 reports no modifiers', () => {
    expect(report({ control: true }, 'x10', 'default')).toBe('\x1b[M *%');
  });

  test('a place that one byte cannot hold is not reported in the default encoding', () => {
    expect(report({ column: 222 }, 'press', 'default')).toBe('\x1b[M \xff%');
    expect(report({ column: 223 }, 'press', 'default')).toBeUndefined();
    expect(report({ column: 223 }, 'press', 'sgr')).toBe('\x1b[<0;224;5M');
  });
});
