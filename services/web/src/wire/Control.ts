/** The rare messages of the seat protocol, as JSON text. */
import { type MonitorSize, SCALE_MAX, SCALE_MIN, SCALE_UNIT } from '@switchyard/seat/MonitorSize';

/** The largest text on the clipboard, in UTF-16 units: a page of code, not a database dump; it is held once a viewer. */
export const CLIPBOARD_LIMIT = 256 * 1024;
/** The longest text that is written at once, in UTF-16 units: more than anybody dictates in one breath. */
export const TEXT_LIMIT = 4096;
/** The smallest and largest output, each side. */
export const SIZE_MIN = 64;
export const SIZE_MAX = 8192;

export interface SessionEntry {
  id: string;
  name: string;
  class: string;
  state: string;
  active: boolean;
  locked: boolean;
  /** One of its programs does not answer. */
  hung: boolean;
}

/** A keyboard layout by XKB's name and by what people call it. */
export interface LayoutEntry {
  layout: string;
  name: string;
}

/** A page that looks at the seat. */
export interface ViewerEntry {
  id: number;
  /** Where it comes from: the link's name, and the address. */
  name: string;
  /** It may only watch. */
  watches: boolean;
  /** It acted last, or holds the floor. */
  controls: boolean;
}

/** A size in pixels of the output; `scale`: how many are as long as one at 1, in 120ths (absent: 120). */
export interface SizeWish {
  width: number;
  height: number;
  scale?: number;
}

export interface MonitorWish extends SizeWish {
  number: number;
}

export function wishedSize({ width, height, scale = SCALE_UNIT }: SizeWish): MonitorSize {
  return { width, height, scale };
}

/** The close reason (with code 1008) for a page whose proof is none. */
export const NO_ENTRY = 'no entry';

/** In the output's pixels. */
export type CaretPlace = readonly [x: number, y: number, width: number, height: number];

export type ServerMessage =
  /** The first message. `build` changes with the page's files: a page of another build loads itself anew. */
  | { type: 'hello'; seat: string; build: string; monitor: number }
  /** The output's size from now on; its pixels are black until the next frame. */
  | ({ type: 'mode' } & MonitorSize)
  /** The numbers of the monitors that there are. */
  | { type: 'monitors'; monitors: number[] }
  /** Whether a session draws on the seat. */
  | { type: 'presenting'; presenting: boolean }
  | { type: 'sessions'; sessions: SessionEntry[] }
  /** Who looks at the seat; `you` is this page, `holder` who has the seat to itself (null: all who may act may act). */
  | { type: 'viewers'; you: number; holder: number | null; viewers: ViewerEntry[] }
  /** The seat's clipboard holds this text now, or (null) nothing that is text. */
  | { type: 'selection'; text: string | null }
  /** A file for this page, to be fetched once from /file/ and this: the seat's clipboard (an image), or one to keep. */
  | { type: 'file'; file: string; name: string; size: number; clipboard: boolean }
  /** The seat's keyboard layout; `layouts` answers 'layouts'. */
  | { type: 'layout'; layout: string; layouts?: LayoutEntry[] }
  /** What the terminal in front shows, for a page that reads it; null when none is in front. */
  | { type: 'terminal'; text: string | null }
  /** Where the text cursor of the program in front is, if it tells. */
  | { type: 'caret'; place: CaretPlace | null }
  /** The answer to a 'ping'. */
  | { type: 'pong'; serial: number }
  /** Whether there is sound to listen to. */
  | { type: 'soundAvailable'; available: boolean }
  /** The text of a 'paste' message is on the seat's clipboard (or could not be put there: `error`). */
  | { type: 'pasted'; serial: number; error?: string }
  /** What the page asked for last could not be done. */
  | { type: 'failed'; message: string };

export type PageMessage =
  /** The first message. `touch`: fingers may come. */
  | {
      type: 'hello';
      version: number;
      visible: boolean;
      proof?: string;
      touch?: boolean;
      /** Which it wants to look at, the first if it does not say; one that is not there is made, in this size. */
      monitor?: MonitorWish;
      /** The same of all windows of one person, and nobody else's. */
      party?: string;
    }
  /** A hidden page gets no frames. */
  | { type: 'visible'; visible: boolean }
  /** Whether it decodes H.264; it is not sent any before. */
  | { type: 'video'; decodes: boolean }
  | { type: 'activate'; session: string }
  /** Ends a session that does not answer. */
  | { type: 'end'; session: string }
  /** Takes the seat for this page alone, or lets go of it. */
  | { type: 'floor'; take: boolean }
  /** Hands the seat to another page. */
  | { type: 'give'; viewer: number }
  | ({ type: 'setMode' } & SizeWish)
  /** Asks for the seat's clipboard; answered by 'selection'. */
  | { type: 'copy' }
  /** Asks for the layouts that there are; chooses one. */
  | { type: 'layouts' }
  | { type: 'layout'; layout: string }
  /** Begins or ends to read the terminal's text. */
  | { type: 'read'; on: boolean }
  /** Answered by a 'pong' with the same serial. */
  | { type: 'ping'; serial: number }
  /** Begins or ends to listen. */
  | { type: 'sound'; on: boolean }
  /** Writes text where the seat's cursor is, however the keyboard is laid out. */
  | { type: 'text'; text: string }
  /** What an input method is composing there; '' is nothing more. */
  | { type: 'preedit'; text: string }
  /** Puts text on the seat's clipboard (and its primary selection); answered by 'pasted' with the same serial. */
  | { type: 'paste'; serial: number; text: string; primary: boolean };

/** The message in `text`, or undefined if it is none that a page may send. */
export function parsePageMessage(text: string): PageMessage | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const fields = value as Record<string, unknown>;
  const {
    type,
    version,
    visible,
    session,
    width,
    height,
    serial,
    text: pasted,
    proof,
    take,
    viewer,
    touch,
    primary,
    decodes,
    on,
    layout,
    monitor,
    party,
    scale,
  } = fields;
  switch (type) {
    case 'hello':
      if (!isCount(version) || typeof visible !== 'boolean' || !isProof(proof)) return undefined;
      if (!isProof(party) || !isMonitorWish(monitor)) return undefined;
      return {
        ...{ type, version, visible, touch: touch === true },
        ...(proof === undefined ? {} : { proof }),
        ...(party === undefined ? {} : { party }),
        ...(monitor === undefined ? {} : { monitor }),
      };
    case 'visible':
      return typeof visible === 'boolean' ? { type, visible } : undefined;
    case 'video':
      return typeof decodes === 'boolean' ? { type, decodes } : undefined;
    case 'activate':
    case 'end':
      return typeof session === 'string' && session.length <= 64 ? { type, session } : undefined;
    case 'floor':
      return typeof take === 'boolean' ? { type, take } : undefined;
    case 'give':
      return isCount(viewer) ? { type, viewer } : undefined;
    case 'setMode':
      return isCount(width) && isCount(height) && isScale(scale)
        ? { type, width, height, ...(scale === undefined ? {} : { scale }) }
        : undefined;
    case 'layout':
      return typeof layout === 'string' && layout.length <= 64 ? { type, layout } : undefined;
    case 'layouts':
    case 'copy':
      return { type };
    case 'ping':
      return isCount(serial) ? { type, serial } : undefined;
    case 'read':
    case 'sound':
      return typeof on === 'boolean' ? { type, on } : undefined;
    case 'text':
    case 'preedit':
      return typeof pasted === 'string' && pasted.length <= TEXT_LIMIT ? { type, text: pasted } : undefined;
    case 'paste':
      return isCount(serial) && typeof pasted === 'string' && pasted.length <= CLIPBOARD_LIMIT
        ? { type, serial, text: pasted, primary: primary === true }
        : undefined;
    default:
      return undefined;
  }
}

const isCount = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 0;
const isScale = (value: unknown): value is number | undefined =>
  value === undefined || (isCount(value) && value >= SCALE_MIN && value <= SCALE_MAX);
const isProof = (value: unknown): value is string | undefined =>
  value === undefined || (typeof value === 'string' && value.length <= 64);

function isMonitorWish(value: unknown): value is MonitorWish | undefined {
  if (value === undefined) return true;
  if (typeof value !== 'object' || value === null) return false;
  const { number, width, height, scale } = value as Record<string, unknown>;
  const isSide = (side: unknown) => isCount(side) && side >= SIZE_MIN && side <= SIZE_MAX;
  return isCount(number) && isSide(width) && isSide(height) && isScale(scale);
}
