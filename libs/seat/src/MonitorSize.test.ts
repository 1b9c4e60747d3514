import { describe, expect, it } from 'vitest';
import { parseMonitorSize } from './MonitorSize.js';

describe('a monitor’s size as people write it', () => {
  it('has a scale of 1 unless it says another', () => {
    expect(parseMonitorSize('1280x720')).toEqual({ width: 1280, height: 720, scale: 120 });
    expect(parseMonitorSize('2560x1440@2')).toEqual({ width: 2560, height: 1440, scale: 240 });
    expect(parseMonitorSize('1081x1999@2.75')).toEqual({ width: 1081, height: 1999, scale: 330 });
  });

  it('is none when it cannot be meant', () => {
    for (const text of [
      '1280',
      '1280x',
      'x720',
      '1280x720@',
      '1280x720@0',
      '1280x720@5',
      '1280x720@-1',
      '1x1@1e1',
    ])
      expect(parseMonitorSize(text), text).toBeUndefined();
  });
});
