import { CLIPBOARD_LIMIT } from '../wire/Control.js';
import {
  type ClipboardWord,
  clipboardCaps,
  clipboardNotify,
  clipboardProvide,
  clipboardRequest,
} from './ExtendedClipboard.js';
import { cutText, ServerMessage } from './Messages.js';

/** The seat's clipboard and a client's: extended, where text goes when it is pasted; else Latin-1 at once. */
export class RfbClipboard {
  readonly #write: (message: Buffer) => void;
  readonly #paste: (text: string) => void;
  #extended = false;
  /** What the seat has, for a client that asks for it later. */
  #text = '';

  /** `paste` puts text on the seat's clipboard. */
  constructor(write: (message: Buffer) => void, paste: (text: string) => void) {
    this.#write = write;
    this.#paste = paste;
  }

  setExtended(extended: boolean): void {
    if (extended && !this.#extended) this.#write(clipboardCaps());
    this.#extended = extended;
  }

  seatHas(text: string): void {
    this.#text = text;
    if (this.#extended) {
      this.#write(clipboardNotify(text !== ''));
      return;
    }
    // RFC 6143, 7.6.4, leaves no choice: what Latin-1 has not is a question mark.
    const characters = [...text.replaceAll('\r\n', '\n')];
    const latin = characters.map((character) => (character.codePointAt(0)! > 0xff ? '?' : character));
    const bytes = Buffer.from(latin.join(''), 'latin1');
    const head = cutText.write({ length: bytes.length });
    this.#write(Buffer.concat([Buffer.of(ServerMessage.cutText), head, bytes]));
  }

  /** The client sent all of its text. */
  pasted(text: string): void {
    if (text !== '') this.#paste(text.slice(0, CLIPBOARD_LIMIT));
  }

  said(word: ClipboardWord): void {
    if (word.kind === 'notify') this.#write(clipboardRequest());
    else if (word.kind === 'request') this.#write(clipboardProvide(this.#text));
    else if (word.kind === 'provide') this.pasted(word.text);
  }
}
