import { KEY } from '@switchyard/uapi';

/** Names that people use beside the kernel's. A modifier without a side is either. */
const aliases: Readonly<Record<string, readonly number[]>> = {
  CTRL: [KEY.LEFTCTRL, KEY.RIGHTCTRL],
  CONTROL: [KEY.LEFTCTRL, KEY.RIGHTCTRL],
  ALT: [KEY.LEFTALT, KEY.RIGHTALT],
  SHIFT: [KEY.LEFTSHIFT, KEY.RIGHTSHIFT],
  META: [KEY.LEFTMETA, KEY.RIGHTMETA],
  SUPER: [KEY.LEFTMETA, KEY.RIGHTMETA],
  ESCAPE: [KEY.ESC],
  RETURN: [KEY.ENTER],
  DEL: [KEY.DELETE],
  PRINT: [KEY.SYSRQ],
};
/** More keys than this no hand holds down, and few keyboards tell apart. */
const KEYS_MAX = 5;

/**
 * Keys that mean something when they are all down, in evdev codes so that no layout matters. Other keys may be down as
 * well: a chord that gets somebody out of trouble must not fail because of a key that is stuck.
 *
 *   open ──the last of its keys is pressed──▶ complete ──any of its keys is released──▶ open
 */
export class KeyChord {
  readonly name: string;
  /** One of each must be down. */
  readonly #keys: readonly (readonly number[])[];
  readonly #down = new Set<number>();

  private constructor(name: string, keys: readonly (readonly number[])[]) {
    this.name = name;
    this.#keys = keys;
  }

  /** `ctrl+alt+shift+esc`: the kernel's names without KEY_, or ctrl, alt, shift, meta of either side. Throws RangeError. */
  static parse(name: string): KeyChord {
    const parts = name.split('+');
    if (parts.length < 2 || parts.length > KEYS_MAX) {
      throw new RangeError(`${name}: a chord is 2…${KEYS_MAX} keys, joined by +`);
    }
    return new KeyChord(
      name,
      parts.map((part) => keysNamed(part, name)),
    );
  }

  /** One EV_KEY event (0 released, 1 pressed, 2 repeated); true when this press completes the chord. */
  feed(code: number, value: number): boolean {
    if (value === 0) this.#down.delete(code);
    if (value !== 1 || !this.#keys.some((keys) => keys.includes(code))) return false;
    this.#down.add(code);
    return this.#keys.every((keys) => keys.some((key) => this.#down.has(key)));
  }

  /** All keys are up: events were lost, or come from another keyboard now. */
  reset(): void {
    this.#down.clear();
  }
}

function keysNamed(name: string, chord: string): readonly number[] {
  const upper = name.toUpperCase().replace(/^KEY_/, '');
  const keys = Object.hasOwn(aliases, upper)
    ? aliases[upper]
    : Object.hasOwn(KEY, upper)
      ? [KEY[upper as keyof typeof KEY]]
      : undefined;
  if (!keys) throw new RangeError(`${chord}: there is no key ${name}`);
  return keys;
}
