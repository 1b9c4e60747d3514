/** A VT's screen and keyboard: linux/kd.h, and TIOCLINUX's subcodes of linux/tiocl.h. */
import { pointer } from './Field.js';
import { byValue, plain } from './Ioctl.js';
import { struct } from './Struct.js';

/** TEXT0 and TEXT1 are obsolete names for TEXT. */
export const KD = { TEXT: 0, GRAPHICS: 1, TEXT0: 2, TEXT1: 3 } as const;
/** The keyboard's modes. OFF: no characters, and no switching by keys of the kernel's own. */
export const K = { RAW: 0, XLATE: 1, MEDIUMRAW: 2, UNICODE: 3, OFF: 4 } as const;
/** The tables of KDGKBENT, as modifiers choose them. */
export const K_TABLE = { NORMTAB: 0, SHIFTTAB: 1, ALTTAB: 2, ALTSHIFTTAB: 3 } as const;
/** Lock states (KDGKBLED) and lights (KDGETLED), which have other bits. */
export const K_LOCK = { SCROLLLOCK: 1, NUMLOCK: 2, CAPSLOCK: 4 } as const;
export const KD_LED = { SCR: 1, NUM: 2, CAP: 4 } as const;
export const KB = { 84: 1, 101: 2, OTHER: 3 } as const;
/** The first byte of TIOCLINUX's argument. */
export const TIOCL = {
  SETSEL: 2,
  PASTESEL: 3,
  UNBLANKSCREEN: 4,
  GETSHIFTSTATE: 6,
  SETKMSGREDIRECT: 11,
  GETFGCONSOLE: 12,
  BLANKSCREEN: 14,
  BLANKEDSCREEN: 15,
  GETKMSGREDIRECT: 17,
} as const;

export const kbentry = struct('kbentry', { kb_table: 'u8', kb_index: 'u8', kb_value: 'u16' });
/** ms; what is not above 0 stays as it is, and the values in force come back. */
export const kbdRepeat = struct('kbd_repeat', { delay: 'i32', period: 'i32' });
export const consolefontdesc = struct('consolefontdesc', {
  charcount: 'u16',
  charheight: 'u16',
  chardata: pointer('u8'),
});
export const unipair = struct('unipair', { unicode: 'u16', fontpos: 'u16' });
export const consoleFontOp = struct('console_font_op', {
  op: 'u32',
  flags: 'u32',
  width: 'u32',
  height: 'u32',
  charcount: 'u32',
  /** `charcount` glyphs, each 32 rows of whole bytes. */
  data: pointer('u8'),
});

export const KIOCSOUND = plain('KIOCSOUND', 0x4b2f, 'write', byValue);
/** Low 16 bits: period; high: ms. */
export const KDMKTONE = plain('KDMKTONE', 0x4b30, 'write', byValue);
export const KDGETLED = plain('KDGETLED', 0x4b31, 'read', 'u8');
/** More than 7 bits: the lights show the lock states again. */
export const KDSETLED = plain('KDSETLED', 0x4b32, 'write', byValue);
export const KDGKBTYPE = plain('KDGKBTYPE', 0x4b33, 'read', 'u8');
export const KDSETMODE = plain('KDSETMODE', 0x4b3a, 'write', byValue);
export const KDGETMODE = plain('KDGETMODE', 0x4b3b, 'read', 'i32');
export const KDGKBMODE = plain('KDGKBMODE', 0x4b44, 'read', 'i32');
export const KDSKBMODE = plain('KDSKBMODE', 0x4b45, 'write', byValue);
export const KDGKBENT = plain('KDGKBENT', 0x4b46, 'both', kbentry);
export const KDSKBENT = plain('KDSKBENT', 0x4b47, 'write', kbentry);
/** The signal that the key KeyboardSignal sends to the caller. */
export const KDSIGACCEPT = plain('KDSIGACCEPT', 0x4b4e, 'write', byValue);
export const KDKBDREP = plain('KDKBDREP', 0x4b52, 'both', kbdRepeat);
export const KDGKBMETA = plain('KDGKBMETA', 0x4b62, 'read', 'i32');
export const KDSKBMETA = plain('KDSKBMETA', 0x4b63, 'write', byValue);
export const KDGKBLED = plain('KDGKBLED', 0x4b64, 'read', 'u8');
export const KDSKBLED = plain('KDSKBLED', 0x4b65, 'write', byValue);
export const KDFONTOP = plain('KDFONTOP', 0x4b72, 'both', consoleFontOp);
