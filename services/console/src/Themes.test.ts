import { describe, expect, test } from 'vitest';
import { contrast, themes } from './Themes.js';

describe.each(Object.entries(themes))('%s', (_, theme) => {
  test('text can be read, selected text too', () => {
    expect(contrast(theme.foreground, theme.background)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(theme.foreground, theme.selection)).toBeGreaterThanOrEqual(3);
    expect(contrast(theme.cursor, theme.background)).toBeGreaterThanOrEqual(4.5);
  });

  test('each colour that programs write in stands out', () => {
    for (const index of [1, 2, 3, 4, 5, 6, 9]) {
      expect(contrast(theme.sixteen[index]!, theme.background), `colour ${index}`).toBeGreaterThanOrEqual(3);
    }
    expect(theme.sixteen.length).toBe(16);
  });
});
