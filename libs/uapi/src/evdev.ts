/** Input devices, /dev/input/event*: the structs and ioctls of linux/input.h. Its codes and input_event are in input.ts. */
import { array, bytes, pointer, text } from './Field.js';
import { byValue, ior, iow, plain } from './Ioctl.js';
import { struct, union } from './Struct.js';

/** Bits of each event type's codes, as EVIOCGBIT gives them; PROP is EVIOCGPROP's. */
export const CNT = {
  EV: 32,
  KEY: 768,
  REL: 16,
  ABS: 64,
  MSC: 8,
  SW: 17,
  LED: 16,
  SND: 8,
  FF: 128,
  INPUT_PROP: 32,
} as const;
export const INPUT_PROP = {
  POINTER: 0,
  DIRECT: 1,
  BUTTONPAD: 2,
  SEMI_MT: 3,
  TOPBUTTONPAD: 4,
  POINTING_STICK: 5,
  ACCELEROMETER: 6,
} as const;
export const BUS = { PCI: 1, USB: 3, BLUETOOTH: 5, VIRTUAL: 6, I8042: 0x11, I2C: 0x18, HOST: 0x19 } as const;
export const EV_VERSION = 0x010001;

export const inputId = struct('input_id', { bustype: 'u16', vendor: 'u16', product: 'u16', version: 'u16' });
export const inputAbsinfo = struct('input_absinfo', {
  value: 'i32',
  minimum: 'i32',
  maximum: 'i32',
  fuzz: 'i32',
  flat: 'i32',
  /** Units per mm; of rotation per radian. */
  resolution: 'i32',
});
export const inputKeymapEntry = struct('input_keymap_entry', {
  flags: 'u8',
  len: 'u8',
  index: 'u16',
  keycode: 'u32',
  scancode: bytes(32),
});
export const inputMask = struct('input_mask', {
  type: 'u32',
  codes_size: 'u32',
  codes_ptr: pointer('u8', 'codes_size'),
});

export const ffReplay = struct('ff_replay', { length: 'u16', delay: 'u16' });
export const ffTrigger = struct('ff_trigger', { button: 'u16', interval: 'u16' });
export const ffEnvelope = struct('ff_envelope', {
  attack_length: 'u16',
  attack_level: 'u16',
  fade_length: 'u16',
  fade_level: 'u16',
});
export const ffConstantEffect = struct('ff_constant_effect', { level: 'i16', envelope: ffEnvelope });
export const ffRampEffect = struct('ff_ramp_effect', {
  start_level: 'i16',
  end_level: 'i16',
  envelope: ffEnvelope,
});
export const ffConditionEffect = struct('ff_condition_effect', {
  right_saturation: 'u16',
  left_saturation: 'u16',
  right_coeff: 'i16',
  left_coeff: 'i16',
  deadband: 'u16',
  center: 'i16',
});
export const ffPeriodicEffect = struct('ff_periodic_effect', {
  waveform: 'u16',
  period: 'u16',
  magnitude: 'i16',
  offset: 'i16',
  phase: 'u16',
  envelope: ffEnvelope,
  custom_len: 'u32',
  custom_data: pointer('i16', 'custom_len'),
});
export const ffRumbleEffect = struct('ff_rumble_effect', { strong_magnitude: 'u16', weak_magnitude: 'u16' });
export const ffEffect = struct('ff_effect', {
  type: 'u16',
  id: 'i16',
  direction: 'u16',
  trigger: ffTrigger,
  replay: ffReplay,
  u: union('', {
    constant: ffConstantEffect,
    ramp: ffRampEffect,
    periodic: ffPeriodicEffect,
    condition: array(ffConditionEffect, 2),
    rumble: ffRumbleEffect,
  }),
});

export const EVIOCGVERSION = ior('EVIOCGVERSION', 'E', 0x01, 'i32');
export const EVIOCGID = ior('EVIOCGID', 'E', 0x02, inputId);
/** ms: delay and period. */
export const EVIOCGREP = ior('EVIOCGREP', 'E', 0x03, array('u32', 2));
export const EVIOCSREP = iow('EVIOCSREP', 'E', 0x03, array('u32', 2));
const keycode = array('u32', 2);
/** Their numbers say `read`; the kernel reads the scan code first. */
export const EVIOCGKEYCODE = plain('EVIOCGKEYCODE', ior('', 'E', 0x04, keycode).number, 'both', keycode);
export const EVIOCGKEYCODE_V2 = plain(
  'EVIOCGKEYCODE_V2',
  ior('', 'E', 0x04, inputKeymapEntry).number,
  'both',
  inputKeymapEntry,
);
export const EVIOCSKEYCODE = iow('EVIOCSKEYCODE', 'E', 0x04, keycode);
export const EVIOCSKEYCODE_V2 = iow('EVIOCSKEYCODE_V2', 'E', 0x04, inputKeymapEntry);

/** These result in the number of bytes written, the text's NUL included. ENOENT: the device has no such text. */
export const EVIOCGNAME = (length: number) => ior('EVIOCGNAME', 'E', 0x06, text(length));
export const EVIOCGPHYS = (length: number) => ior('EVIOCGPHYS', 'E', 0x07, text(length));
export const EVIOCGUNIQ = (length: number) => ior('EVIOCGUNIQ', 'E', 0x08, text(length));
/** Bit sets, the lowest bit of byte 0 first. */
export const EVIOCGPROP = (length: number) => ior('EVIOCGPROP', 'E', 0x09, bytes(length));
/** The first u32 is the code to ask for, the rest its value in each slot (i32): EVIOCGMTSLOTS of linux/input.h. */
export const EVIOCGMTSLOTS = (length: number) =>
  plain(
    'EVIOCGMTSLOTS',
    ior('', 'E', 0x0a, bytes(length)).number,
    'both',
    array('i32', Math.floor(length / 4)),
  );
export const EVIOCGKEY = (length: number) => ior('EVIOCGKEY', 'E', 0x18, bytes(length));
export const EVIOCGLED = (length: number) => ior('EVIOCGLED', 'E', 0x19, bytes(length));
export const EVIOCGSND = (length: number) => ior('EVIOCGSND', 'E', 0x1a, bytes(length));
export const EVIOCGSW = (length: number) => ior('EVIOCGSW', 'E', 0x1b, bytes(length));
/** The codes of an event type that the device has; of type 0, the types. */
export const EVIOCGBIT = (type: number, length: number) =>
  ior(`EVIOCGBIT(${type})`, 'E', 0x20 + type, bytes(length));
export const EVIOCGABS = (axis: number) => ior(`EVIOCGABS(${axis})`, 'E', 0x40 + axis, inputAbsinfo);
export const EVIOCSABS = (axis: number) => iow(`EVIOCSABS(${axis})`, 'E', 0xc0 + axis, inputAbsinfo);

/** The kernel writes the new effect's id back, though the number says `write`. */
export const EVIOCSFF = plain('EVIOCSFF', iow('', 'E', 0x80, ffEffect).number, 'both', ffEffect);
export const EVIOCRMFF = iow('EVIOCRMFF', 'E', 0x81, byValue);
export const EVIOCGEFFECTS = ior('EVIOCGEFFECTS', 'E', 0x84, 'i32');
/** 1 takes all events for this open file alone, 0 lets go. */
export const EVIOCGRAB = iow('EVIOCGRAB', 'E', 0x90, byValue);
/** Only 0. Ends this open file, and with it every dup of it, for good. */
export const EVIOCREVOKE = iow('EVIOCREVOKE', 'E', 0x91, byValue);
export const EVIOCGMASK = plain('EVIOCGMASK', ior('', 'E', 0x92, inputMask).number, 'both', inputMask);
export const EVIOCSMASK = iow('EVIOCSMASK', 'E', 0x93, inputMask);
export const EVIOCSCLOCKID = iow('EVIOCSCLOCKID', 'E', 0xa0, 'i32');
