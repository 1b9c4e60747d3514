import { KEY } from '@switchyard/uapi';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ChordResult, SwitchChord } from './SwitchChord.js';

const { LEFTCTRL, RIGHTCTRL, LEFTALT, RIGHTALT, LEFTSHIFT, LEFTMETA } = KEY;

/** What a key press means while others are held. */
function press(held: readonly number[], code: number): ChordResult {
  const chord = new SwitchChord();
  for (const key of held) expect(chord.feed(key, 1)).toEqual({ kind: 'pass' });
  return chord.feed(code, 1);
}

describe('SwitchChord', () => {
  it('switches with Ctrl+Alt and F1 … F12, whichever Ctrl and Alt', () => {
    const keys = [
      KEY.F1,
      KEY.F2,
      KEY.F3,
      KEY.F4,
      KEY.F5,
      KEY.F6,
      KEY.F7,
      KEY.F8,
      KEY.F9,
      KEY.F10,
      KEY.F11,
      KEY.F12,
    ];
    for (const ctrl of [LEFTCTRL, RIGHTCTRL])
      for (const alt of [LEFTALT, RIGHTALT])
        for (const [index, code] of keys.entries())
          expect(press([ctrl, alt], code)).toEqual({ kind: 'switch', to: index + 1 });
  });

  it('switches with Ctrl+Alt and 1 … 9 or an arrow', () => {
    for (let digit = 1; digit <= 9; digit++)
      expect(press([LEFTALT, LEFTCTRL], KEY[1] + digit - 1)).toEqual({ kind: 'switch', to: digit });
    for (const code of [KEY.LEFT, KEY.UP])
      expect(press([LEFTCTRL, LEFTALT], code)).toEqual({ kind: 'switch', to: 'previous' });
    for (const code of [KEY.RIGHT, KEY.DOWN])
      expect(press([LEFTCTRL, LEFTALT], code)).toEqual({ kind: 'switch', to: 'next' });
  });

  it('leaves everything else to clients', () => {
    const passing: [number[], number][] = [
      [[], KEY.F2],
      [[LEFTCTRL], KEY.F2],
      [[LEFTALT], KEY.F2],
      [[LEFTCTRL, LEFTALT], KEY.T],
      [[LEFTCTRL, LEFTALT], KEY[0]],
      [[LEFTCTRL, LEFTALT, LEFTSHIFT], KEY.F2],
      [[LEFTCTRL, LEFTALT, LEFTSHIFT], KEY.LEFT],
      [[LEFTCTRL, LEFTALT, LEFTMETA], KEY[1]],
      [[LEFTCTRL, RIGHTALT], KEY[2]], // AltGr+2 as browsers on Windows send it
      [[LEFTCTRL, RIGHTALT], KEY.LEFT],
    ];
    for (const [held, code] of passing) expect(press(held, code)).toEqual({ kind: 'pass' });
  });

  it('swallows repeats and the release of the key, even after Ctrl and Alt are up; those pass', () => {
    const chord = new SwitchChord();
    const kinds = [
      chord.feed(LEFTCTRL, 1),
      chord.feed(LEFTALT, 1),
      chord.feed(KEY.F2, 1),
      chord.feed(KEY.F2, 2),
      chord.feed(LEFTALT, 0),
      chord.feed(LEFTCTRL, 0),
      chord.feed(KEY.F2, 2),
      chord.feed(KEY.F2, 0),
      chord.feed(KEY.F2, 1),
      chord.feed(KEY.F2, 0),
    ].map((result) => result.kind);
    expect(kinds).toEqual([
      'pass',
      'pass',
      'switch',
      'swallow',
      'pass',
      'pass',
      'swallow',
      'swallow',
      'pass',
      'pass',
    ]);
  });

  it('switches again when Ctrl and Alt stay down, and when a release was lost', () => {
    const chord = new SwitchChord();
    chord.feed(LEFTCTRL, 1);
    chord.feed(LEFTALT, 1);
    expect(chord.feed(KEY.RIGHT, 1)).toEqual({ kind: 'switch', to: 'next' });
    expect(chord.feed(KEY.RIGHT, 0)).toEqual({ kind: 'swallow' });
    expect(chord.feed(KEY.RIGHT, 1)).toEqual({ kind: 'switch', to: 'next' });
    expect(chord.feed(KEY.RIGHT, 1)).toEqual({ kind: 'switch', to: 'next' });
  });

  it('does not take a key that was pressed before Ctrl and Alt', () => {
    const chord = new SwitchChord();
    chord.feed(KEY.F2, 1);
    chord.feed(LEFTCTRL, 1);
    chord.feed(LEFTALT, 1);
    expect(chord.feed(KEY.F2, 2)).toEqual({ kind: 'pass' });
    expect(chord.feed(KEY.F2, 0)).toEqual({ kind: 'pass' });
  });

  it('forgets everything at reset', () => {
    const chord = new SwitchChord();
    for (const code of [LEFTCTRL, LEFTALT, KEY.F2]) chord.feed(code, 1);
    chord.reset();
    expect(chord.feed(KEY.F3, 1)).toEqual({ kind: 'pass' });
    expect(chord.feed(KEY.F2, 0)).toEqual({ kind: 'pass' });
  });

  it('gives each release the fate of its press, whatever events come', () => {
    const codes = [
      LEFTCTRL,
      RIGHTCTRL,
      LEFTALT,
      RIGHTALT,
      LEFTSHIFT,
      KEY.F1,
      KEY.F12,
      KEY[1],
      KEY.LEFT,
      KEY.A,
    ];
    const event = fc.tuple(fc.constantFrom(...codes), fc.constantFrom(0, 1, 1, 2));
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => {
        const chord = new SwitchChord();
        /** Code → whether clients saw its latest press. */
        const seen = new Map<number, boolean>();
        for (const [code, value] of events) {
          const passed = chord.feed(code, value).kind === 'pass';
          if (value === 1) seen.set(code, passed);
          else expect(passed).toBe(seen.get(code) ?? true);
          if (value === 0) seen.delete(code);
          // Ctrl and Alt are always the clients'.
          if (code === LEFTCTRL || code === LEFTALT) expect(passed).toBe(true);
        }
      }),
      { numRuns: 3000 },
    );
  });

  it('never gives clients a release without its press, or a press twice in a row', () => {
    const codes = [LEFTCTRL, LEFTALT, KEY.F1, KEY[1], KEY.A];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...codes), { maxLength: 60 }), (toggled) => {
        const chord = new SwitchChord();
        const down = new Set<number>();
        const client = new Set<number>();
        for (const code of toggled) {
          const value = down.has(code) ? 0 : 1;
          if (value) down.add(code);
          else down.delete(code);
          if (chord.feed(code, value).kind !== 'pass') continue;
          expect(client.has(code)).toBe(value === 0);
          if (value) client.add(code);
          else client.delete(code);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
