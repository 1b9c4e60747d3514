import native from '@switchyard/native';
import { describe, expect, it } from 'vitest';
import { Compose } from './Compose.js';
import { keysymByName } from './keysyms.js';

const table = '<dead_acute> <e> : "é" eacute\n<Multi_key> <minus> <greater> : "→"\n';

describe.skipIf(!native.xkbAvailable())('Compose', () => {
  const feed = (compose: Compose, ...names: string[]) =>
    names.map((name) => compose.feed(keysymByName(name)));

  it('composes a dead key and a letter', () => {
    using compose = new Compose({ table });
    expect(feed(compose, 'dead_acute', 'e')).toEqual(['composing', 'composed']);
    expect([compose.text, compose.keysym]).toEqual(['é', 0xe9]);
    expect(feed(compose, 'e')).toEqual(['nothing']);
    expect([compose.text, compose.keysym]).toEqual(['', 0]);
  });

  it('ignores modifiers within a sequence, and does not compose twice when one follows it', () => {
    using compose = new Compose({ table });
    expect(feed(compose, 'Multi_key', 'minus', 'Shift_L', 'greater', 'Shift_L')).toEqual([
      'composing',
      'composing',
      'composing',
      'composed',
      'nothing',
    ]);
  });

  it('cancels a sequence that is none, and forgets one at reset', () => {
    using compose = new Compose({ table });
    expect(feed(compose, 'dead_acute', 'x', 'e')).toEqual(['composing', 'cancelled', 'nothing']);
    feed(compose, 'dead_acute');
    compose.reset();
    expect([compose.status, ...feed(compose, 'e')]).toEqual(['nothing', 'nothing']);
  });

  it('passes everything where there are no sequences', () => {
    using compose = new Compose({ locale: 'xx_YY.nothing' });
    expect(feed(compose, 'dead_acute', 'e')).toEqual(['nothing', 'nothing']);
  });
});
