import { decode, encode } from '@switchyard/uapi';
import { DRM_MODE_FLAG, drmModeModeinfo } from '@switchyard/uapi/tables';
import { expect, test } from 'vitest';
import { Mode } from './Mode.js';

const timings = (given: Parameters<typeof encode<typeof drmModeModeinfo>>[1]) =>
  decode(drmModeModeinfo, encode(drmModeModeinfo, given));

/** CEA-861, formats 16 and 5: the rates are those of its table. */
const fullHd = timings({
  clock: 148_500,
  hdisplay: 1920,
  htotal: 2200,
  vdisplay: 1080,
  vtotal: 1125,
  vrefresh: 60,
  name: '1920x1080',
});
const interlaced = timings({
  clock: 74_250,
  hdisplay: 1920,
  htotal: 2200,
  vdisplay: 1080,
  vtotal: 1125,
  flags: DRM_MODE_FLAG.INTERLACE,
});

test('the refresh rate is exact, not rounded to Hz', () => {
  expect(new Mode(fullHd).refresh).toBe(60_000);
  expect(new Mode({ ...fullHd, clock: 148_352 }).refresh).toBe(59_940);
  expect(String(new Mode({ ...fullHd, clock: 148_352 }))).toBe('1920x1080@59.940');
});

test('an interlaced mode counts its fields, a doubled line counts once', () => {
  expect(new Mode(interlaced).refresh).toBe(60_000);
  expect(new Mode({ ...fullHd, flags: DRM_MODE_FLAG.DBLSCAN }).refresh).toBe(30_000);
  expect(new Mode({ ...fullHd, vscan: 2 }).refresh).toBe(30_000);
});

test('a mode without timings has no rate', () => {
  expect(new Mode(timings({ hdisplay: 640, vdisplay: 480 })).refresh).toBe(0);
});

test('modes are equal when all of their timings are', () => {
  expect(new Mode(fullHd).equals(new Mode({ ...fullHd }))).toBe(true);
  expect(new Mode(fullHd).equals(new Mode(interlaced))).toBe(false);
});
