/** Input devices made by programs, /dev/uinput: linux/uinput.h. */

import { ffEffect, inputAbsinfo, inputId } from './evdev.js';
import { array, text } from './Field.js';
import { byValue, io, ior, iow, iowr, plain } from './Ioctl.js';
import { struct } from './Struct.js';

export const UINPUT_MAX_NAME_SIZE = 80;
export const UINPUT_VERSION = 5;
/** The event type of the requests that the device's owner reads, and their codes. */
export const EV_UINPUT = 0x0101;
export const UI_FF = { UPLOAD: 1, ERASE: 2 } as const;

export const uinputSetup = struct('uinput_setup', {
  id: inputId,
  name: text(UINPUT_MAX_NAME_SIZE),
  ff_effects_max: 'u32',
});
export const uinputAbsSetup = struct('uinput_abs_setup', { code: 'u16', absinfo: inputAbsinfo });
/** What devices were set up with, by write(2), before UI_DEV_SETUP. */
export const uinputUserDev = struct('uinput_user_dev', {
  name: text(UINPUT_MAX_NAME_SIZE),
  id: inputId,
  ff_effects_max: 'u32',
  absmax: array('i32', 64),
  absmin: array('i32', 64),
  absfuzz: array('i32', 64),
  absflat: array('i32', 64),
});
export const uinputFfUpload = struct('uinput_ff_upload', {
  request_id: 'u32',
  retval: 'i32',
  effect: ffEffect,
  old: ffEffect,
});
export const uinputFfErase = struct('uinput_ff_erase', {
  request_id: 'u32',
  retval: 'i32',
  effect_id: 'u32',
});

export const UI_DEV_CREATE = io('UI_DEV_CREATE', 'U', 1);
export const UI_DEV_DESTROY = io('UI_DEV_DESTROY', 'U', 2);
export const UI_DEV_SETUP = iow('UI_DEV_SETUP', 'U', 3, uinputSetup);
export const UI_ABS_SETUP = iow('UI_ABS_SETUP', 'U', 4, uinputAbsSetup);
export const UI_SET_EVBIT = iow('UI_SET_EVBIT', 'U', 100, byValue);
export const UI_SET_KEYBIT = iow('UI_SET_KEYBIT', 'U', 101, byValue);
export const UI_SET_RELBIT = iow('UI_SET_RELBIT', 'U', 102, byValue);
export const UI_SET_ABSBIT = iow('UI_SET_ABSBIT', 'U', 103, byValue);
export const UI_SET_MSCBIT = iow('UI_SET_MSCBIT', 'U', 104, byValue);
export const UI_SET_LEDBIT = iow('UI_SET_LEDBIT', 'U', 105, byValue);
export const UI_SET_SNDBIT = iow('UI_SET_SNDBIT', 'U', 106, byValue);
export const UI_SET_FFBIT = iow('UI_SET_FFBIT', 'U', 107, byValue);
/** The number says the size of a pointer; the argument is the text itself, at most 1023 bytes and a NUL. */
export const UI_SET_PHYS = plain('UI_SET_PHYS', iow('', 'U', 108, 'u64').number, 'write', text(1024));
export const UI_SET_SWBIT = iow('UI_SET_SWBIT', 'U', 109, byValue);
export const UI_SET_PROPBIT = iow('UI_SET_PROPBIT', 'U', 110, byValue);
export const UI_BEGIN_FF_UPLOAD = iowr('UI_BEGIN_FF_UPLOAD', 'U', 200, uinputFfUpload);
export const UI_END_FF_UPLOAD = iow('UI_END_FF_UPLOAD', 'U', 201, uinputFfUpload);
export const UI_BEGIN_FF_ERASE = iowr('UI_BEGIN_FF_ERASE', 'U', 202, uinputFfErase);
export const UI_END_FF_ERASE = iow('UI_END_FF_ERASE', 'U', 203, uinputFfErase);
/** "inputN", below /sys/devices/virtual/input; results in its length. */
export const UI_GET_SYSNAME = (length: number) => ior('UI_GET_SYSNAME', 'U', 44, text(length));
export const UI_GET_VERSION = ior('UI_GET_VERSION', 'U', 45, 'u32');
