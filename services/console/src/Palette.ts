import { luminance, type Theme, usualTheme } from './Themes.js';

/** Colours are 0xRRGGBB. */
export type Rgb = number;

/** xterm's 256 colours: the sixteen, a 6×6×6 cube, 24 greys. */
function defaultColour(theme: Theme, index: number): Rgb {
  if (index < 16) return theme.sixteen[index]!;
  if (index >= 232) return 0x010101 * (8 + (index - 232) * 10);
  const level = (step: number) => (step === 0 ? 0 : 55 + 40 * step);
  const cube = index - 16;
  return (level(Math.floor(cube / 36)) << 16) | (level(Math.floor(cube / 6) % 6) << 8) | level(cube % 6);
}

export type NamedColour = 'foreground' | 'background' | 'cursor';

/** What the terminal's colour numbers mean now; programs may ask and change it (OSC 4, 10, 11, 12 and their resets 104, 110…112). */
export class Palette {
  #theme = usualTheme;
  readonly colours = Uint32Array.from({ length: 256 }, (_, index) => defaultColour(this.#theme, index));
  foreground: Rgb = usualTheme.foreground;
  background: Rgb = usualTheme.background;
  cursor: Rgb = usualTheme.cursor;
  /** Bold text in one of the first eight colours is bright, as on every terminal since the VGA. */
  boldIsBright = true;

  get selection(): Rgb {
    return this.#theme.selection;
  }
  /** Text on that: white, where the theme's own would not be read. */
  get selected(): Rgb {
    return this.isDark ? 0xffffff : this.#theme.foreground;
  }
  /** The background is darker than the text. */
  get isDark(): boolean {
    return luminance(this.background) < luminance(this.foreground);
  }

  /** From now on these are the colours that nobody changed. What programs changed is theirs no more. */
  use(theme: Theme): void {
    this.#theme = theme;
    this.resetAll();
    for (const name of ['foreground', 'background', 'cursor'] as const) this.resetNamed(name);
  }

  reset(index: number): void {
    if (index >= 0 && index < 256) this.colours[index] = defaultColour(this.#theme, index);
  }

  resetAll(): void {
    for (let index = 0; index < 256; index++) this.reset(index);
  }

  resetNamed(name: NamedColour): void {
    this[name] = this.#theme[name];
  }
}

/** `rgb:R/G/B` with one to four hex digits each, or `#` with three, six, nine or twelve (XParseColor(3)); undefined when it is neither. */
export function parseColour(text: string): Rgb | undefined {
  const parts = /^rgb:([0-9a-f]{1,4})\/([0-9a-f]{1,4})\/([0-9a-f]{1,4})$/i.exec(text);
  if (parts) return join(parts.slice(1).map((part) => scaled(part)));
  const hash = /^#([0-9a-f]{3}|[0-9a-f]{6}|[0-9a-f]{9}|[0-9a-f]{12})$/i.exec(text)?.[1];
  if (!hash) return undefined;
  const digits = hash.length / 3;
  return join([0, 1, 2].map((part) => leading(hash.slice(part * digits, (part + 1) * digits))));
}

/** `f` is full in `rgb:f/…`: a value of n digits is a fraction of 16ⁿ - 1. */
function scaled(hex: string): number {
  return Math.round((Number.parseInt(hex, 16) * 255) / (16 ** hex.length - 1));
}

/** `f` is 0xf0 in `#fff`: the digits are the most significant ones. */
function leading(hex: string): number {
  return Number.parseInt(hex.padEnd(2, '0').slice(0, 2), 16);
}

function join(channels: number[]): Rgb {
  return (channels[0]! << 16) | (channels[1]! << 8) | channels[2]!;
}

/** As xterm answers a query: sixteen bits a channel. */
export function formatColour(colour: Rgb): string {
  const channel = (shift: number) => {
    const hex = ((colour >> shift) & 0xff).toString(16).padStart(2, '0');
    return hex + hex;
  };
  return `rgb:${channel(16)}/${channel(8)}/${channel(0)}`;
}

/** `share`/256 of `over`, the rest `under`. */
export function mix(over: Rgb, under: Rgb, share: number): Rgb {
  const rest = 256 - share;
  const redBlue = ((over & 0xff00ff) * share + (under & 0xff00ff) * rest) >>> 8;
  const green = ((over & 0xff00) * share + (under & 0xff00) * rest) >>> 8;
  return (redBlue & 0xff00ff) | (green & 0xff00);
}
