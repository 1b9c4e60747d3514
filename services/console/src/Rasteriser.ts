import { accessSync, constants } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Canvas, SKRSContext2D } from '@napi-rs/canvas';
import { Coverage } from './Coverage.js';
import { replacementGlyph } from './DrawnGlyphs.js';
import type { FontMetrics, GlyphColumn, GlyphStyle } from './Glyph.js';
import { shippedFontFor } from './ShippedFonts.js';
import { familyOf, preferredFamilies } from './SystemFonts.js';

/** How much wider than its columns a fallback glyph may be before it is drawn smaller. */
const OVERFLOW = 1.05;

/** Every font for a terminal has Latin. */
const ALWAYS_THERE = 0x250;
/** Of the system's fonts, asked for characters that ours lack. Each makes a missing character slower to find missing. */
const SYSTEM_FAMILIES = 96;
/** Names that fontconfig has a font for, whatever is installed. */
const GENERIC = new Set(['monospace', 'mono', 'serif', 'sans-serif', 'sans']);

/** Skia takes long to load, and much memory: when it is needed, and not before. */
const require = createRequire(import.meta.url);

const SHIPPED = 'Switchyard Mono';
const SYMBOLS = 'Switchyard Symbols';
const CHOSEN = 'Switchyard Chosen';
/** Used when the system has it. */
const EMOJI = 'Noto Color Emoji';

/** How to draw a cluster. */
interface Face {
  readonly columns: 1 | 2;
  readonly style: GlyphStyle;
  readonly families: string;
}

type Skia = typeof import('@napi-rs/canvas');

/** Skia with the terminal's fonts: draws a character at exactly one or two cells. */
export class Rasteriser implements FontMetrics {
  readonly size: number;
  readonly cellWidth: number;
  readonly cellHeight: number;
  readonly baseline: number;
  readonly #skia: Skia;
  readonly #families: string;
  readonly #canvas: Canvas;
  readonly #context: SKRSContext2D;

  private constructor(skia: Skia, families: string, size: number) {
    this.size = size;
    this.#skia = skia;
    this.#families = families;
    const probe = skia.createCanvas(1, 1).getContext('2d');
    probe.font = `${size}px ${families}`;
    const metrics = probe.measureText('M');
    this.cellWidth = Math.max(1, Math.round(metrics.width));
    this.baseline = Math.ceil(metrics.fontBoundingBoxAscent);
    this.cellHeight = Math.max(1, this.baseline + Math.ceil(metrics.fontBoundingBoxDescent));
    this.#canvas = skia.createCanvas(2 * this.cellWidth, this.cellHeight);
    this.#context = this.#canvas.getContext('2d');
  }

  /** `font`: a file or a family to prefer to the one that is shipped; throws when it cannot be read or is none. */
  static load(size: number, font?: string): Rasteriser {
    const skia = require('@napi-rs/canvas') as Skia;
    registerShipped(skia);
    const families = [`"${SHIPPED}"`, `"${SYMBOLS}"`];
    if (font !== undefined)
      families.unshift(font.includes('/') ? registerFile(skia, font) : installed(skia, font));
    return new Rasteriser(skia, families.join(', '), size);
  }

  /** The same faces at another size. */
  resized(size: number): Rasteriser {
    return new Rasteriser(this.#skia, this.#families, size);
  }

  /** The columns of a cluster: as many as it takes. */
  glyph(text: string, columns: 1 | 2, style: GlyphStyle): GlyphColumn[] {
    const own = columns === 2 ? `"${EMOJI}", ${this.#families}` : this.#families;
    const has = (families: string) => !this.#isMissing(text, { columns, style, families });
    let families = [own, `${own}, ${this.#systemFamilies}`].find(has);
    if (families === undefined) {
      const shipped = registerPart(this.#skia, text.codePointAt(0)!);
      if (shipped !== undefined && has(shipped)) families = shipped;
    }
    if (families === undefined)
      return replacementGlyph(columns * this.cellWidth, this.cellHeight).columns(columns);
    const pixels = this.#rasterise(text, { columns, style, families });
    const words = new Uint32Array(pixels.buffer, pixels.byteOffset, pixels.byteLength >> 2);
    if (isColoured(words)) return this.#colourColumns(words, columns);
    return this.#inkColumns(pixels).slice(0, columns);
  }

  /** Whether no font has the cluster's first character: then it looks like one that is none. */
  #isMissing(text: string, face: Face): boolean {
    const first = text.codePointAt(0)!;
    if (first < ALWAYS_THERE) return false;
    const like = (character: string) => Buffer.from(this.#rasterise(character, face));
    return like(String.fromCodePoint(first)).equals(like('\u{10ffff}'));
  }

  /** The machine's other fonts, as its user prefers them, else those of fixed width first. */
  get #systemFamilies(): string {
    if (systemFamilies !== undefined) return systemFamilies;
    const all = this.#skia.GlobalFonts.families
      .map(({ family }) => family)
      .filter((family) => !family.startsWith('Switchyard ') && family !== EMOJI)
      .sort((a, b) => Number(/mono/i.test(b)) - Number(/mono/i.test(a)));
    const preferred = preferredFamilies().filter((family) => all.includes(family));
    systemFamilies = [...new Set([...preferred, ...all])].slice(0, SYSTEM_FAMILIES).map(quoted).join(', ');
    return systemFamilies;
  }

  /** White on nothing, at the cell's origin; two columns wide always. Premultiplied bytes R, G, B, A. */
  #rasterise(text: string, { columns, style, families }: Face): Uint8Array {
    const context = this.#context;
    const box = columns * this.cellWidth;
    const face = `${style.italic ? 'italic ' : ''}${style.bold ? 'bold ' : ''}`;
    context.clearRect(0, 0, 2 * this.cellWidth, this.cellHeight);
    context.fillStyle = '#ffffff';
    context.font = `${face}${this.size}px ${families}`;
    let advance = context.measureText(text).width;
    if (advance > box * OVERFLOW) {
      context.font = `${face}${(this.size * box) / advance}px ${families}`;
      advance = box;
    }
    context.save();
    context.beginPath();
    context.rect(0, 0, box, this.cellHeight);
    context.clip();
    context.fillText(text, Math.max(0, Math.round((box - advance) / 2)), this.baseline);
    context.restore();
    return this.#canvas.data();
  }

  /** The ink of a bitmap of two columns. */
  #inkColumns(pixels: Uint8Array): Coverage[] {
    const ink = new Coverage(2 * this.cellWidth, this.cellHeight);
    for (let at = 0; at < ink.bytes.length; at++) ink.bytes[at] = pixels[at * 4 + 3]!;
    return ink.columns(2);
  }

  #colourColumns(words: Uint32Array, columns: 1 | 2): Uint32Array[] {
    return [0, 1].slice(0, columns).map((column) => {
      const part = new Uint32Array(this.cellWidth * this.cellHeight);
      for (let y = 0; y < this.cellHeight; y++) {
        const from = (2 * y + column) * this.cellWidth;
        for (let x = 0; x < this.cellWidth; x++) part[y * this.cellWidth + x] = argb(words[from + x]!);
      }
      return part;
    });
  }
}

/** Skia's word has red lowest, a buffer's blue. */
function argb(word: number): number {
  return (word & 0xff00ff00) | ((word & 0xff) << 16) | ((word >>> 16) & 0xff);
}

/** White text leaves all four channels equal. */
function isColoured(words: Uint32Array): boolean {
  for (const word of words) {
    if (word !== Math.imul(word >>> 24, 0x01010101) >>> 0) return true;
  }
  return false;
}

let registered = false;
let systemFamilies: string | undefined;

function registerShipped(skia: Skia): void {
  if (registered) return;
  registered = true;
  const fonts = join(dirname(require.resolve('dejavu-fonts-ttf/package.json')), 'ttf');
  for (const face of ['', '-Bold', '-Oblique', '-BoldOblique']) {
    skia.GlobalFonts.registerFromPath(join(fonts, `DejaVuSansMono${face}.ttf`), SHIPPED);
  }
  skia.GlobalFonts.registerFromPath(join(fonts, 'DejaVuSans.ttf'), SYMBOLS);
}

const quoted = (family: string) => `"${family.replaceAll('"', '')}"`;

/** Names of files' own: another file is another family. */
const registeredFiles = new Map<string, string>();

function registerFile(skia: Skia, file: string): string {
  const known = registeredFiles.get(file);
  if (known !== undefined) return known;
  try {
    accessSync(file, constants.R_OK);
  } catch (error) {
    throw new Error(
      `cannot read the font ${file} (${(error as NodeJS.ErrnoException).code}); give a .ttf or .otf file`,
    );
  }
  const family = `${CHOSEN} ${registeredFiles.size}`;
  if (!skia.GlobalFonts.registerFromPath(file, family)) {
    throw new Error(`${file} is not a font; give a .ttf or .otf file`);
  }
  registeredFiles.set(file, quoted(family));
  return quoted(family);
}

/** The part of a shipped font that has a character. */
function registerPart(skia: Skia, code: number): string | undefined {
  const file = shippedFontFor(code);
  if (file === undefined) return undefined;
  try {
    return registerFile(skia, file);
  } catch {
    return undefined;
  }
}

/** A family of the machine's. */
function installed(skia: Skia, name: string): string {
  const has = (family: string) =>
    skia.GlobalFonts.families.some((one) => one.family.toLowerCase() === family.toLowerCase());
  const family = GENERIC.has(name.toLowerCase()) ? (familyOf(name) ?? SHIPPED) : name;
  if (!has(family)) throw new Error(`there is no font ${name}; fc-list : family says which there are`);
  return quoted(family);
}
