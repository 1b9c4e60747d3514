import { CLIPBOARD_LIMIT, type PageMessage } from '../wire/Control.js';
import type { Status } from './Status.js';

/** The display answers at once or is away; the keys behind a paste do not wait longer (ms). */
const PASTED_TIMEOUT = 500;

const imageType = 'image/png';

export interface ClipboardElements {
  copy: HTMLButtonElement;
  paste: HTMLButtonElement;
  dialog: HTMLDialogElement;
  text: HTMLTextAreaElement;
  heading: HTMLElement;
  confirm: HTMLButtonElement;
}

/**
 * The browser's clipboard and the seat's. What a session copies is written to the browser's when the browser lets a
 * page do so unasked; the buttons do the same on request; where the browser allows neither, a dialog holds the text
 * for the person to copy or paste by hand.
 */
export class ClipboardBridge {
  readonly #elements: ClipboardElements;
  readonly #tell: (message: PageMessage) => void;
  readonly #status: Status;
  readonly #sendImage: (image: Blob) => Promise<void>;
  /** The browser's clipboard as last seen: only what the person copied since then overrides what the seat has. */
  #seen: string | undefined;
  /** The same of what Shift+Insert brought to the seat's primary selection. */
  #seenPrimary: string | undefined;
  #serial = 0;
  readonly #pasting = new Map<number, () => void>();
  #wanted = false;

  constructor(
    elements: ClipboardElements,
    tell: (message: PageMessage) => void,
    sendImage: (image: Blob) => Promise<void>,
    status: Status,
  ) {
    this.#elements = elements;
    this.#tell = tell;
    this.#sendImage = sendImage;
    this.#status = status;
    elements.copy.addEventListener('click', () => {
      this.#wanted = true;
      this.#tell({ type: 'copy' });
    });
    elements.paste.addEventListener('click', () => void this.#pasteOnRequest());
    elements.dialog.addEventListener('close', () => {
      if (elements.dialog.returnValue === 'paste') void this.paste(elements.text.value, { always: true });
      elements.text.value = '';
    });
  }

  /** The seat's clipboard is this now. */
  async selection(text: string | null): Promise<void> {
    const wanted = this.#wanted;
    this.#wanted = false;
    if (text === null) {
      if (wanted) this.#status.remark('The seat’s clipboard holds no text');
      return;
    }
    try {
      await navigator.clipboard.writeText(text);
      this.#seen = text;
      this.#status.remark('Copied from the seat');
    } catch {
      // No permission, no focus, or no secure context: the person can still take it by hand.
      if (wanted) this.#showDialog('Copied on the seat', text);
    }
  }

  /** The seat's clipboard is an image, which can be fetched there. */
  async image(file: string): Promise<void> {
    const wanted = this.#wanted;
    this.#wanted = false;
    try {
      const answer = await fetch(`/file/${file}`);
      if (!answer.ok) return;
      await navigator.clipboard.write([new ClipboardItem({ [imageType]: answer.blob() })]);
      this.#status.remark('Image copied from the seat');
    } catch {
      if (wanted) this.#status.remark('The browser does not let the image on its clipboard');
    }
  }

  /** Brings an image to the seat's clipboard and resolves when it is there, or cannot be. */
  pasteImage(image: Blob): Promise<void> {
    return this.#sendImage(image);
  }

  /** Brings text to the seat and resolves when it is there, or cannot be. `primary`: to the primary selection as well. */
  async paste(text: string, { always = false, primary = false } = {}): Promise<void> {
    const seen = primary ? this.#seenPrimary : this.#seen;
    if (text === '' || (text === seen && !always)) return;
    if (text.length > CLIPBOARD_LIMIT) {
      this.#status.remark(`Not pasted: more than ${CLIPBOARD_LIMIT / 1024} thousand characters`);
      return;
    }
    this.#seen = text;
    if (primary) this.#seenPrimary = text;
    const serial = this.#serial++;
    this.#tell({ type: 'paste', serial, text, primary });
    await new Promise<void>((resolve) => {
      this.#pasting.set(serial, resolve);
      setTimeout(() => this.pasted(serial), PASTED_TIMEOUT);
    });
    if (always) this.#status.remark('On the seat’s clipboard: paste it there as usual');
  }

  /** The server's answer to a paste. */
  pasted(serial: number, error?: string): void {
    const resolve = this.#pasting.get(serial);
    if (resolve === undefined) return;
    this.#pasting.delete(serial);
    if (error !== undefined) this.#status.remark(`Not pasted: ${error}`);
    resolve();
  }

  async #pasteOnRequest(): Promise<void> {
    try {
      const [item] = await navigator.clipboard.read();
      if (item?.types.includes(imageType) && !item.types.includes('text/plain'))
        await this.pasteImage(await item.getType(imageType));
      else await this.paste(await navigator.clipboard.readText(), { always: true });
    } catch {
      this.#showDialog('Paste to the seat', '');
    }
  }

  #showDialog(heading: string, text: string): void {
    const { dialog, text: field, confirm } = this.#elements;
    this.#elements.heading.textContent = heading;
    const copies = text !== '';
    field.value = text;
    field.readOnly = copies;
    confirm.hidden = copies;
    dialog.returnValue = '';
    dialog.showModal();
    field.select();
  }
}
