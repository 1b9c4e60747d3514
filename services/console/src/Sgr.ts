import { bgFlags, colourMode, fgFlags } from './XtermCore.js';

/** What SGR changes: the words that are written into cells, and what the emulator keeps beside them. */
export interface Attributes<Underline = unknown> {
  fg: number;
  bg: number;
  extended: Underline;
}

const RGB = 0xffffff;
/** A colour by its number leaves the upper bits of an RGB one before it, as the emulator does. */
const NUMBERED = ~(colourMode.mask | 0xff);
const DEFAULT = ~(colourMode.mask | RGB);

/**
 * SGR, for what is said by the two words of a cell: all but styles and colours of underlines. An underline is a bit there; that the
 * emulator also notes it as a style (`extended`, with a bit of its own) is kept up for it, in the attributes but not in cells.
 */
export class Sgr<Underline> {
  readonly #none: Underline;
  readonly #single: Underline;

  /** The emulator's notes of no underline and of a single one; it never changes them. */
  constructor(none: Underline, single: Underline) {
    this.#none = none;
    this.#single = single;
  }

  /**
   * Hot. False: one of the parameters is not ours, and all of them are the emulator's; obeying the first ones twice changes nothing. The
   * attributes have no underline before, or a single one.
   */
  apply(attributes: Attributes<Underline>, parameters: Int32Array, count: number): boolean {
    for (let at = 0; at < count; at++) {
      const parameter = parameters[at]!;
      if (parameter >= 30 && parameter <= 37)
        attributes.fg = (attributes.fg & NUMBERED) | colourMode.sixteen | (parameter - 30);
      else if (parameter >= 40 && parameter <= 47)
        attributes.bg = (attributes.bg & NUMBERED) | colourMode.sixteen | (parameter - 40);
      else if (parameter >= 90 && parameter <= 97)
        attributes.fg = (attributes.fg & NUMBERED) | colourMode.sixteen | (parameter - 90) | 8;
      else if (parameter >= 100 && parameter <= 107)
        attributes.bg = (attributes.bg & NUMBERED) | colourMode.sixteen | (parameter - 100) | 8;
      else if (parameter === 38 || parameter === 48) {
        const length = colourLength(parameters, at, count);
        if (length === 0) return false;
        if (parameter === 38) attributes.fg = coloured(attributes.fg, parameters, at);
        else attributes.bg = coloured(attributes.bg, parameters, at);
        at += length - 1;
      } else if (!this.#applyFlag(attributes, parameter)) return false;
    }
    return true;
  }

  #applyFlag(attributes: Attributes<Underline>, parameter: number): boolean {
    switch (parameter) {
      case 0:
        attributes.fg = 0;
        attributes.bg = 0;
        attributes.extended = this.#none;
        return true;
      case 1:
        attributes.fg |= fgFlags.bold;
        return true;
      case 2:
        attributes.bg |= bgFlags.dim;
        return true;
      case 3:
        attributes.bg |= bgFlags.italic;
        return true;
      case 4:
        attributes.fg |= fgFlags.underline;
        attributes.bg |= bgFlags.extended;
        attributes.extended = this.#single;
        return true;
      case 7:
        attributes.fg |= fgFlags.inverse;
        return true;
      case 22:
        attributes.fg &= ~fgFlags.bold;
        attributes.bg &= ~bgFlags.dim;
        return true;
      case 23:
        attributes.bg &= ~bgFlags.italic;
        return true;
      case 24:
        attributes.fg &= ~fgFlags.underline;
        attributes.bg &= ~bgFlags.extended;
        attributes.extended = this.#none;
        return true;
      case 27:
        attributes.fg &= ~fgFlags.inverse;
        return true;
      case 39:
        attributes.fg &= DEFAULT;
        return true;
      case 49:
        attributes.bg &= DEFAULT;
        return true;
      default:
        return false;
    }
  }
}

/** Of `38;5;n` and `38;2;r;g;b`; 0 for anything else. */
function colourLength(parameters: Int32Array, at: number, count: number): number {
  const length = parameters[at + 1] === 5 ? 3 : parameters[at + 1] === 2 ? 5 : 0;
  return at + length <= count ? length : 0;
}

function coloured(word: number, parameters: Int32Array, at: number): number {
  if (parameters[at + 1] === 5) return (word & NUMBERED) | colourMode.palette | (parameters[at + 2]! & 0xff);
  const red = parameters[at + 2]! & 0xff;
  const green = parameters[at + 3]! & 0xff;
  return (word & DEFAULT) | colourMode.rgb | (red << 16) | (green << 8) | (parameters[at + 4]! & 0xff);
}
