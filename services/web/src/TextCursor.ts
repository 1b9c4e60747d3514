import type { Connection, Variant } from '@switchyard/dbus';
import type { CaretPlace } from './wire/Control.js';

const displayPath = '/org/switchyard/Display1';
const textInput = 'org.switchyard.TextInput1';

/** Where the text cursor of the program in front is on the output, as far as it tells the display. */
export class TextCursor {
  readonly #seat: string;
  readonly #display: string;
  readonly #onChanged: () => void;
  #connection: Connection | undefined;
  #watches: Disposable[] = [];
  #places = new Map<number, CaretPlace>();

  /** `display`: its bus name. `onChanged`: `on` is another. */
  constructor(seat: string, display: string, onChanged: () => void) {
    this.#seat = seat;
    this.#display = display;
    this.#onChanged = onChanged;
  }

  /** On the seat's `monitor`, counted from 1; null while nobody edits text there, or the program does not tell. */
  on(monitor: number): CaretPlace | null {
    return this.#places.get(monitor) ?? null;
  }

  connected(connection: Connection): void {
    this.lost();
    this.#connection = connection;
    this.#watches = [
      connection.watchName(this.#display, {
        appeared: () => void this.#ask(),
        vanished: () => this.#set(undefined),
      }),
      connection.match(
        {
          type: 'signal',
          sender: this.#display,
          interface: textInput,
          member: 'StateChanged',
          path: displayPath,
        },
        ({ body }) => {
          const [seat, state] = body as [string, Map<string, Variant>];
          if (seat === this.#seat) this.#set(state);
        },
      ),
    ];
  }

  lost(): void {
    for (const watch of this.#watches.splice(0)) watch[Symbol.dispose]();
    this.#connection = undefined;
    this.#set(undefined);
  }

  async #ask(): Promise<void> {
    if (this.#connection === undefined) return;
    try {
      const display = this.#connection.proxy(this.#display, displayPath);
      const [state] = (await display.call(textInput, 'GetState', 's', this.#seat)) as [Map<string, Variant>];
      this.#set(state);
    } catch {
      // It went away again, or is another display than ours.
    }
  }

  #set(state: Map<string, Variant> | undefined): void {
    const place = state?.get('cursor')?.value as [number, number, number, number] | undefined;
    const monitor = Number(state?.get('monitor')?.value ?? 1);
    const before = this.#places;
    const same = place === undefined ? before.size === 0 : String(place) === String(before.get(monitor));
    if (same) return;
    this.#places = new Map(place === undefined ? [] : [[monitor, place]]);
    this.#onChanged();
  }
}
