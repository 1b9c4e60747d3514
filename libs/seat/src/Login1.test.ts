import { expect, test } from 'vitest';
import { escapeLabel, seatPath, sessionPath, userPath } from './Login1.js';

test('ids become path elements as systemd writes them', () => {
  expect(escapeLabel('c1')).toBe('c1');
  expect(escapeLabel('1')).toBe('_31');
  expect(escapeLabel('seat-usb')).toBe('seat_2dusb');
  expect(escapeLabel('a_é')).toBe('a_5f_c3_a9');
  expect(escapeLabel('')).toBe('_');
  expect(sessionPath('c12')).toBe('/org/freedesktop/login1/session/c12');
  expect(seatPath('seat0')).toBe('/org/freedesktop/login1/seat/seat0');
  expect(userPath(1000)).toBe('/org/freedesktop/login1/user/_1000');
});
