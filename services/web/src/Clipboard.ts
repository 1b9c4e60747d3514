import type { Connection } from '@switchyard/dbus';
import { type Fd, fileStat, pread, sealedMemfd } from '@switchyard/sys';
import { IMAGE_MAX } from './Transfers.js';
import { CLIPBOARD_LIMIT } from './wire/Control.js';

const displayPath = '/org/switchyard/Display1';
const clipboardInterface = 'org.switchyard.Clipboard1';

/** What text is called on Wayland and X11, best first. All are UTF-8 in practice, and the first two by definition. */
const textTypes = ['text/plain;charset=utf-8', 'UTF8_STRING', 'text/plain', 'TEXT', 'STRING'];
/** What every browser and toolkit writes and reads. */
const imageType = 'image/png';
/** UTF-8 takes at most 3 bytes for one UTF-16 unit. */
const BYTES_MAX = 3 * CLIPBOARD_LIMIT;

/** The seat's clipboard, text and images: what the active session copied, and what a browser pastes. */
export class Clipboard {
  readonly #seat: string;
  /** Its bus name. */
  readonly #display: string;
  readonly #onText: (text: string | null) => void;
  readonly #onImage: (png: Fd) => void;
  #connection: Connection | undefined;
  #watch: Disposable | undefined;
  #type: string | undefined;
  #hasImage = false;
  /** The next change is the image that a page has put there itself. */
  #ownImage = false;

  /** A session copied `onText`'s text (null when it is none, or too long), or `onImage`'s image, whose memfd is the callee's. */
  constructor(
    seat: string,
    display: string,
    onText: (text: string | null) => void,
    onImage: (png: Fd) => void,
  ) {
    this.#seat = seat;
    this.#display = display;
    this.#onText = onText;
    this.#onImage = onImage;
  }

  connected(connection: Connection): void {
    this.lost();
    this.#connection = connection;
    this.#watch = connection.match(
      { type: 'signal', sender: this.#display, interface: clipboardInterface, member: 'SelectionChanged' },
      (message) => {
        const [seat, types] = message.body as [string, string[]];
        if (seat !== this.#seat) return;
        this.#type = textTypes.find((type) => types.includes(type));
        this.#hasImage = types.includes(imageType);
        const own = this.#ownImage;
        this.#ownImage = false;
        if (own && this.holdsImage) return;
        if (this.holdsImage) void this.image().catch(() => {});
        else void this.text().then(this.#onText, () => this.#onText(null));
      },
    );
  }

  lost(): void {
    this.#watch?.[Symbol.dispose]();
    this.#watch = undefined;
    this.#connection = undefined;
    this.#type = undefined;
  }

  /** What the clipboard holds now, or null when that is not text or too long. Rejects with the display's error. */
  async text(): Promise<string | null> {
    if (this.#connection === undefined || this.#type === undefined) return null;
    const [fd] = (await this.#connection
      .proxy(this.#display, displayPath)
      .call(clipboardInterface, 'GetSelection', 'ss', this.#seat, this.#type)) as [Fd];
    using file = fd;
    const { size } = fileStat(file);
    if (size > BYTES_MAX) return null;
    const bytes = new Uint8Array(size);
    const text = Buffer.from(bytes.buffer, 0, pread(file, bytes, 0)).toString('utf8');
    return text.length > CLIPBOARD_LIMIT ? null : text;
  }

  /** Whether there is an image and no text. */
  get holdsImage(): boolean {
    return this.#type === undefined && this.#hasImage;
  }

  /** Gives the image to `onImage`. Rejects with the display's error, or when it is too large. */
  async image(): Promise<void> {
    if (this.#connection === undefined) throw new Error('the bus is away; try again');
    const [fd] = (await this.#connection
      .proxy(this.#display, displayPath)
      .call(clipboardInterface, 'GetSelection', 'ss', this.#seat, imageType)) as [Fd];
    if (fileStat(fd).size > IMAGE_MAX) {
      fd.close();
      throw new Error('the image on the clipboard is too large');
    }
    this.#onImage(fd);
  }

  async setImage(png: Buffer): Promise<void> {
    if (this.#connection === undefined) throw new Error('the bus is away; try again');
    this.#ownImage = true;
    const data = new Map([[imageType, sealedMemfd('yard-clipboard', png)]]);
    await this.#connection
      .proxy(this.#display, displayPath)
      .call(clipboardInterface, 'SetSelection', 'sa{sh}', this.#seat, data);
  }

  /**
   * Puts text on the seat's clipboard, and with `primary` on the primary selection too; when this resolves, a paste in
   * the session gives it.
   */
  async setText(text: string, primary: boolean): Promise<void> {
    if (this.#connection === undefined) throw new Error('the bus is away; try again');
    const display1 = this.#connection.proxy(this.#display, displayPath);
    const set = (member: string) =>
      display1.call(clipboardInterface, member, 'sa{sh}', this.#seat, asText(text));
    await Promise.all([set('SetSelection'), ...(primary ? [set('SetPrimarySelection')] : [])]);
  }
}

/** Text under its most common names, as sealed memfds. */
function asText(text: string): Map<string, Fd> {
  const memfd = sealedMemfd('yard-clipboard', Buffer.from(text, 'utf8'));
  const data = new Map(textTypes.slice(1, 3).map((type) => [type, memfd.dup()]));
  data.set(textTypes[0]!, memfd);
  return data;
}
