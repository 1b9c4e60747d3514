import type { Connection } from '@switchyard/dbus';

/** How often a terminal is asked for its text while somebody reads it (ms): no faster than it is read aloud. */
const PERIOD_MS = 400;

/** The text of the terminal in front, for pages that read it to their person. */
export class TerminalText {
  readonly #session: () => string | undefined;
  readonly #onText: (text: string | null, reader: object) => void;
  /** Who reads, and what each was told last. */
  readonly #readers = new Map<object, string | null | undefined>();
  #connection: Connection | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** `session`: the one in front. `onText`: a reader is to be told; null: no terminal is in front. */
  constructor(session: () => string | undefined, onText: (text: string | null, reader: object) => void) {
    this.#session = session;
    this.#onText = onText;
  }

  connected(connection: Connection): void {
    this.#connection = connection;
  }

  lost(): void {
    this.#connection = undefined;
  }

  read(reader: object, on: boolean): void {
    if (on) this.#readers.set(reader, undefined);
    else this.#readers.delete(reader);
    if (this.#readers.size === 0) this.close();
    else this.#timer ??= setTimeout(() => void this.#ask(), 0);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  async #ask(): Promise<void> {
    const text = await this.#text();
    for (const [reader, told] of this.#readers) {
      if (told === text) continue;
      this.#readers.set(reader, text);
      this.#onText(text, reader);
    }
    this.#timer = this.#readers.size === 0 ? undefined : setTimeout(() => void this.#ask(), PERIOD_MS);
  }

  async #text(): Promise<string | null> {
    const session = this.#session();
    if (this.#connection === undefined || session === undefined) return null;
    try {
      const [text] = (await this.#connection
        .proxy(`org.switchyard.Terminal1.${session}`, '/org/switchyard/Terminal1')
        .call('org.switchyard.Terminal1', 'Text')) as [string];
      return text;
    } catch {
      return null; // The session in front is no terminal.
    }
  }
}
