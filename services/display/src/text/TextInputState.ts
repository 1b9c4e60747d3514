import type { Rectangle } from '../geometry/Rectangle.js';

/** The text around the cursor, without what is being composed. Offsets in bytes of UTF-8. */
export interface SurroundingText {
  readonly text: string;
  readonly cursor: number;
  readonly anchor: number;
}

/** What a field tells of itself by zwp_text_input_v3. */
export interface TextInputState {
  readonly surrounding: SurroundingText | undefined;
  /** zwp_text_input_v3.change_cause */
  readonly cause: number;
  /** zwp_text_input_v3.content_hint and content_purpose */
  readonly hint: number;
  readonly purpose: number;
  /** In surface units. */
  readonly cursor: Rectangle | undefined;
}

export const initialState: TextInputState = {
  surrounding: undefined,
  cause: 0,
  hint: 0,
  purpose: 0,
  cursor: undefined,
};

/** One change of a field's text: what an input method, or the page, has composed. Applied in the order of the fields. */
export interface Composition {
  /** Bytes of UTF-8 before and after the cursor to delete. */
  readonly before: number;
  readonly after: number;
  readonly commit: string;
  readonly preedit: string;
  /** Bytes of UTF-8 in `preedit`; both -1 hides the cursor. */
  readonly cursorBegin: number;
  readonly cursorEnd: number;
}

export const nothing: Composition = {
  before: 0,
  after: 0,
  commit: '',
  preedit: '',
  cursorBegin: 0,
  cursorEnd: 0,
};

/** A Wayland message holds no more. */
export const longestText = 4000;

/** Whether an offset of so many bytes is at a character's begin or the text's end. */
export function isBoundary(text: string, offset: number): boolean {
  const bytes = Buffer.from(text);
  if (offset < 0 || offset > bytes.length) return false;
  return offset === bytes.length || (bytes[offset]! & 0xc0) !== 0x80;
}
