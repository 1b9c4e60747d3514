/** Terminals: asm-generic/termbits.h, termios.h and ioctls.h. */
import { array } from './Field.js';
import { byValue, ior, iow, plain } from './Ioctl.js';
import { struct } from './Struct.js';

export const winsize = struct('winsize', {
  ws_row: 'u16',
  ws_col: 'u16',
  ws_xpixel: 'u16',
  ws_ypixel: 'u16',
});
/** Bits of c_lflag: lines are edited by the kernel; what is typed is shown. */
export const LFLAG = { ICANON: 0x2, ECHO: 0x8 } as const;
export const termios2 = struct('termios2', {
  c_iflag: 'u32',
  c_oflag: 'u32',
  c_cflag: 'u32',
  c_lflag: 'u32',
  c_line: 'u8',
  c_cc: array('u8', 19),
  c_ispeed: 'u32',
  c_ospeed: 'u32',
});

export const TIOCEXCL = plain('TIOCEXCL', 0x540c, 'none', undefined);
/** 1 steals the terminal from another session (CAP_SYS_ADMIN). */
export const TIOCSCTTY = plain('TIOCSCTTY', 0x540e, 'write', byValue);
export const TIOCGPGRP = plain('TIOCGPGRP', 0x540f, 'read', 'i32');
export const TIOCSPGRP = plain('TIOCSPGRP', 0x5410, 'write', 'i32');
export const TIOCSTI = plain('TIOCSTI', 0x5412, 'write', 'u8');
export const TIOCGWINSZ = plain('TIOCGWINSZ', 0x5413, 'read', winsize);
export const TIOCSWINSZ = plain('TIOCSWINSZ', 0x5414, 'write', winsize);
/** The first byte is one of TIOCL; what else there is depends on it. */
export const TIOCLINUX = plain('TIOCLINUX', 0x541c, 'both', 'u8');
export const TIOCNOTTY = plain('TIOCNOTTY', 0x5422, 'none', undefined);
export const TIOCGSID = plain('TIOCGSID', 0x5429, 'read', 'i32');
export const TCGETS2 = ior('TCGETS2', 'T', 0x2a, termios2);
export const TCSETS2 = iow('TCSETS2', 'T', 0x2b, termios2);
export const TCSETSF2 = iow('TCSETSF2', 'T', 0x2d, termios2);
export const TIOCGPTN = ior('TIOCGPTN', 'T', 0x30, 'u32');
export const TIOCSPTLCK = iow('TIOCSPTLCK', 'T', 0x31, 'i32');
/** Hangs up: every open file of the terminal is dead from then on (CAP_SYS_ADMIN). */
export const TIOCVHANGUP = plain('TIOCVHANGUP', 0x5437, 'none', undefined);
/** Opens the pty's other side with the flags that are the argument; the result is its fd. */
export const TIOCGPTPEER = plain('TIOCGPTPEER', 0x5441, 'write', byValue);
