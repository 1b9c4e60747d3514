import { describe, expect, test } from 'vitest';
import { clusters, codePointWidth, nextState } from './GraphemeWidths.js';

const split = (text: string) => [...clusters(text)].map((cluster) => cluster.text);
const columns = (text: string) => [...clusters(text)].reduce((sum, cluster) => sum + cluster.columns, 0);

describe('columns of single characters', () => {
  test.each([
    ['a', 1],
    ['é', 1],
    ['漢', 2],
    ['한', 2],
    ['あ', 2],
    ['Ａ', 2],
    ['ｱ', 1],
    ['😀', 2],
    ['❤', 1],
    ['⌚', 2],
    ['☺', 1],
    ['─', 1],
    ['█', 1],
    ['⠿', 1],
    ['\u{20000}', 2],
    ['\u{1f1e9}', 1],
    ['\u00ad', 1],
    ['·', 1],
    ['𝕏', 1],
    ['🈁', 2],
  ])('%s takes %i', (text, width) => {
    expect(columns(text)).toBe(width);
    expect(codePointWidth(text.codePointAt(0)!)).toBe(width);
  });

  test.each([0x0301, 0x200b, 0x200d, 0xfe0f, 0x1160, 0x20e3, 0xe0061, 0x061c, 0x3099])(
    'U+%s takes none',
    (code) => {
      expect(codePointWidth(code)).toBe(0);
    },
  );
});

describe('clusters', () => {
  test.each([
    ['e\u0301', 1],
    ['👨‍👩‍👧‍👦', 2],
    ['🏳️‍🌈', 2],
    ['👍🏽', 2],
    ['👩🏻‍🚀', 2],
    ['🇩🇪', 2],
    ['❤️', 2],
    ['❤️‍🔥', 2],
    ['1️⃣', 2],
    ['🏴󠁧󠁢󠁥󠁮󠁧󠁿', 2],
    ['각', 2],
    ['เก็', 2],
  ])('%s takes %i', (text, width) => {
    expect(columns(text)).toBe(width);
  });

  test('follow Intl.Segmenter', () => {
    const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
    const text =
      'Zu\u0308rich 👨‍👩‍👧‍👦🏳️‍🌈👍🏽🇩🇪🇫🇷🇯 ❤️‍🔥1️⃣#️⃣ 각한글 漢字かな が 😀😀\u200d a\u200db \u{1f1e6}\u{1f1e7}\u{1f1e8} é\u0323\u0302 ⌚️⌚︎ 👩🏻‍❤️‍👨🏿';
    expect(split(text)).toEqual([...segmenter.segment(text)].map((segment) => segment.segment));
  });

  test('four regional indicators are two flags', () => {
    expect(split('🇩🇪🇫🇷')).toEqual(['🇩🇪', '🇫🇷']);
  });

  test('a mark with nothing before it takes a column of its own', () => {
    expect(nextState(0x301, 0) & 1).toBe(0);
    expect(columns('\u0301')).toBe(1);
  });

  test('a cell holds a bounded number of marks', () => {
    const lengths = split(`a${'\u0301'.repeat(1000)}`).map((text) => text.length);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(33);
  });
});
