import { KEY } from '@switchyard/uapi';

/** Beyond these the codes of an XT keyboard and evdev's part. */
const SAME_UP_TO = KEY.KPDOT;

/** The rest, as QEMU's key event has them: a key whose code begins with E0 has its highest bit set. */
const others = new Map<number, number>([
  [0x54, KEY.SYSRQ],
  [0x56, KEY['102ND']],
  [0x57, KEY.F11],
  [0x58, KEY.F12],
  [0x70, KEY.KATAKANAHIRAGANA],
  [0x73, KEY.RO],
  [0x79, KEY.HENKAN],
  [0x7b, KEY.MUHENKAN],
  [0x7d, KEY.YEN],
  [0x7e, KEY.KPCOMMA],
  [0x9c, KEY.KPENTER],
  [0x9d, KEY.RIGHTCTRL],
  [0xa0, KEY.MUTE],
  [0xae, KEY.VOLUMEDOWN],
  [0xb0, KEY.VOLUMEUP],
  [0xb5, KEY.KPSLASH],
  [0xb7, KEY.SYSRQ],
  [0xb8, KEY.RIGHTALT],
  [0xc6, KEY.PAUSE],
  [0xc7, KEY.HOME],
  [0xc8, KEY.UP],
  [0xc9, KEY.PAGEUP],
  [0xcb, KEY.LEFT],
  [0xcd, KEY.RIGHT],
  [0xcf, KEY.END],
  [0xd0, KEY.DOWN],
  [0xd1, KEY.PAGEDOWN],
  [0xd2, KEY.INSERT],
  [0xd3, KEY.DELETE],
  [0xdb, KEY.LEFTMETA],
  [0xdc, KEY.RIGHTMETA],
  [0xdd, KEY.COMPOSE],
]);

/** The evdev code of an XT scan code. */
export const keyOfScanCode = (code: number): number | undefined =>
  code > 0 && code <= SAME_UP_TO ? code : others.get(code);
