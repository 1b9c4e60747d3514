import { keysymByName, keysymToUtf8 } from '@switchyard/input';
import { KEY } from '@switchyard/uapi';
import type { SeatKeymap } from '../SeatKeymap.js';

/** Keys that write nothing, by the names of X's keysyms. */
const named: readonly [name: string, code: number][] = [
  ['BackSpace', KEY.BACKSPACE],
  ['Tab', KEY.TAB],
  ['ISO_Left_Tab', KEY.TAB],
  ['Return', KEY.ENTER],
  ['Escape', KEY.ESC],
  ['Delete', KEY.DELETE],
  ['Home', KEY.HOME],
  ['Left', KEY.LEFT],
  ['Up', KEY.UP],
  ['Right', KEY.RIGHT],
  ['Down', KEY.DOWN],
  ['Prior', KEY.PAGEUP],
  ['Next', KEY.PAGEDOWN],
  ['End', KEY.END],
  ['Insert', KEY.INSERT],
  ['Menu', KEY.COMPOSE],
  ['Pause', KEY.PAUSE],
  ['Print', KEY.SYSRQ],
  ['Num_Lock', KEY.NUMLOCK],
  ['Scroll_Lock', KEY.SCROLLLOCK],
  ['Caps_Lock', KEY.CAPSLOCK],
  ['Shift_L', KEY.LEFTSHIFT],
  ['Shift_R', KEY.RIGHTSHIFT],
  ['Control_L', KEY.LEFTCTRL],
  ['Control_R', KEY.RIGHTCTRL],
  ['Alt_L', KEY.LEFTALT],
  ['Alt_R', KEY.RIGHTALT],
  ['Meta_L', KEY.LEFTMETA],
  ['Meta_R', KEY.RIGHTMETA],
  ['Super_L', KEY.LEFTMETA],
  ['Super_R', KEY.RIGHTMETA],
  ['ISO_Level3_Shift', KEY.RIGHTALT],
  ['Mode_switch', KEY.RIGHTALT],
  ['KP_Enter', KEY.KPENTER],
  ['KP_Add', KEY.KPPLUS],
  ['KP_Subtract', KEY.KPMINUS],
  ['KP_Multiply', KEY.KPASTERISK],
  ['KP_Divide', KEY.KPSLASH],
  ['KP_Decimal', KEY.KPDOT],
  ['KP_Delete', KEY.KPDOT],
  ['KP_Home', KEY.KP7],
  ['KP_Up', KEY.KP8],
  ['KP_Prior', KEY.KP9],
  ['KP_Left', KEY.KP4],
  ['KP_Begin', KEY.KP5],
  ['KP_Right', KEY.KP6],
  ['KP_End', KEY.KP1],
  ['KP_Down', KEY.KP2],
  ['KP_Next', KEY.KP3],
  ['KP_Insert', KEY.KP0],
  ...[KEY.KP0, KEY.KP1, KEY.KP2, KEY.KP3, KEY.KP4, KEY.KP5, KEY.KP6, KEY.KP7, KEY.KP8, KEY.KP9].map(
    (code, digit): [string, number] => [`KP_${digit}`, code],
  ),
  ...[KEY.F1, KEY.F2, KEY.F3, KEY.F4, KEY.F5, KEY.F6, KEY.F7, KEY.F8, KEY.F9, KEY.F10, KEY.F11, KEY.F12].map(
    (code, index): [string, number] => [`F${index + 1}`, code],
  ),
];

/** Which key a client means by a keysym: by its name, or the one that writes the character in the seat's layout. */
export class KeysymKeys {
  readonly #keymap: SeatKeymap;
  readonly #named = new Map(
    named.map(([name, code]) => [keysymByName(name), code] as const).filter(([keysym]) => keysym !== 0),
  );

  constructor(keymap: SeatKeymap) {
    this.#keymap = keymap;
  }

  /** `modifiers`: what must be held for it; undefined for keys that write nothing. */
  find(keysym: number): { code: number; modifiers: number[] | undefined } | undefined {
    const code = this.#named.get(keysym);
    if (code !== undefined) return { code, modifiers: undefined };
    const character = keysymToUtf8(keysym);
    return character === '' ? undefined : this.#keymap.current.keysFor(character);
  }
}
