/** The bits of XKB's eight real modifiers, which every keymap has at these places, in wl_keyboard.modifiers. */
export const MODIFIER = {
  SHIFT: 1 << 0,
  LOCK: 1 << 1,
  CONTROL: 1 << 2,
  /** Alt, by convention. */
  MOD1: 1 << 3,
  /** Num Lock, by convention. */
  MOD2: 1 << 4,
  MOD3: 1 << 5,
  /** Super, by convention. */
  MOD4: 1 << 6,
  /** AltGr (level 3), by convention. */
  MOD5: 1 << 7,
} as const;

/** Bits of KeyboardState.leds: 1 << LED_… of linux/input-event-codes.h. */
export const LED = { NUM: 1 << 0, CAPS: 1 << 1, SCROLL: 1 << 2 } as const;
