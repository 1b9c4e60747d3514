/** Colours are 0xRRGGBB. */
export interface Theme {
  readonly foreground: number;
  readonly background: number;
  readonly cursor: number;
  readonly selection: number;
  /** What programs mean by 0…15: black, red, green, yellow, blue, magenta, cyan, white, and each of them bright. */
  readonly sixteen: readonly number[];
}

/**
 * The usual colours. Each but black stands out from the background (contrast ≥ 3.5), and white and black stand out from each as a
 * background (mc writes white on blue, htop black on green and cyan).
 */
const switchyard: Theme = {
  foreground: 0xd7dbe2,
  background: 0x14161a,
  cursor: 0xe8eaf0,
  selection: 0x2f4f85,
  sixteen: [
    0x1d2026, 0xd6494f, 0x4f9f45, 0xc09a2f, 0x3a6fd8, 0xb458c4, 0x2e9eae, 0xc8cdd6, 0x7a828f, 0xff7b7f,
    0x8bd67a, 0xf2d064, 0x7fb0ff, 0xe090ee, 0x6fd9e5, 0xffffff,
  ],
};

/** Names that a configuration may give. The known palettes have their authors' colours. */
export const themes: Readonly<Record<string, Theme>> = {
  switchyard,
  'switchyard-light': {
    foreground: 0x23272e,
    background: 0xfafafa,
    cursor: 0x23272e,
    selection: 0xb8d0f5,
    sixteen: [
      0x23272e, 0xb32d33, 0x2f7a26, 0x8a6a00, 0x2456b8, 0x8f3aa0, 0x127583, 0xc4c9d1, 0x5c6470, 0xcf3f46,
      0x3b8a30, 0x9a7600, 0x3468d0, 0xa44bb6, 0x1a8696, 0xfafafa,
    ],
  },
  'solarized-dark': {
    foreground: 0x93a1a1,
    background: 0x002b36,
    cursor: 0x93a1a1,
    selection: 0x274d59,
    sixteen: [
      0x073642, 0xdc322f, 0x859900, 0xb58900, 0x268bd2, 0xd33682, 0x2aa198, 0xeee8d5, 0x586e75, 0xcb4b16,
      0x859900, 0xb58900, 0x839496, 0x6c71c4, 0x93a1a1, 0xfdf6e3,
    ],
  },
  'solarized-light': {
    foreground: 0x586e75,
    background: 0xfdf6e3,
    cursor: 0x586e75,
    selection: 0xd9d2c0,
    sixteen: [
      0x073642, 0xdc322f, 0x6b7c00, 0x946f00, 0x1f78b8, 0xd33682, 0x1f857d, 0xeee8d5, 0x586e75, 0xcb4b16,
      0x6b7c00, 0x946f00, 0x657b83, 0x6c71c4, 0x586e75, 0xfdf6e3,
    ],
  },
  'gruvbox-dark': {
    foreground: 0xebdbb2,
    background: 0x282828,
    cursor: 0xebdbb2,
    selection: 0x504945,
    sixteen: [
      0x282828, 0xe5453a, 0x98971a, 0xd79921, 0x5f979b, 0xc0729a, 0x689d6a, 0xa89984, 0x928374, 0xfb4934,
      0xb8bb26, 0xfabd2f, 0x83a598, 0xd3869b, 0x8ec07c, 0xebdbb2,
    ],
  },
  dracula: {
    foreground: 0xf8f8f2,
    background: 0x282a36,
    cursor: 0xf8f8f2,
    selection: 0x44475a,
    sixteen: [
      0x21222c, 0xff5555, 0x50fa7b, 0xf1fa8c, 0xbd93f9, 0xff79c6, 0x8be9fd, 0xf8f8f2, 0x7283b5, 0xff6e6e,
      0x69ff94, 0xffffa5, 0xd6acff, 0xff92df, 0xa4ffff, 0xffffff,
    ],
  },
};

export const usualTheme = switchyard;

/** WCAG's relative luminance, 0…1. */
export function luminance(colour: number): number {
  const channel = (shift: number) => {
    const value = ((colour >> shift) & 0xff) / 255;
    return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(16) + 0.7152 * channel(8) + 0.0722 * channel(0);
}

/** WCAG's contrast of two colours, 1…21. */
export function contrast(one: number, other: number): number {
  const [a, b] = [luminance(one), luminance(other)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}
