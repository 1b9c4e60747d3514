import type { Connection, Variant } from '@switchyard/dbus';
import type { SeatInput } from './SeatInput.js';
import type { SeatKeymap } from './SeatKeymap.js';

const displayPath = '/org/switchyard/Display1';
const textInput = 'org.switchyard.TextInput1';
/** What TextInput1 takes at once, in bytes of UTF-8. */
const COMPOSE_MAX = 4000;
/** Characters that are told as missing; the rest is known by then. */
const MISSING_TOLD = 8;

/**
 * Writes text on the seat, in this order: into the text field that the focused program has enabled; by the keys of the
 * seat's layout, if it has one for every character; as the display types what no layout has. Where no program of the
 * display has the keyboard (a desktop that took the devices itself), only the keys are left.
 */
export class Typist {
  readonly #seat: string;
  readonly #display: string;
  readonly #keymap: SeatKeymap;
  #connection: Connection | undefined;
  /** One after the other, whatever each waits for. */
  #last: Promise<void> = Promise.resolve();
  #waiting = 0;
  #composing = false;

  /** `display`: its bus name. */
  constructor(seat: string, display: string, keymap: SeatKeymap) {
    this.#seat = seat;
    this.#display = display;
    this.#keymap = keymap;
  }

  /** All that was asked for is written. */
  get idle(): boolean {
    return this.#waiting === 0;
  }

  /** Does it when what was asked for before is written. */
  after(work: () => void): Promise<void> {
    return this.#inOrder(async () => work());
  }

  connected(connection: Connection): void {
    this.#connection = connection;
  }

  lost(): void {
    this.#connection = undefined;
  }

  /** `input`: the keys to write with. Rejects, with nothing written, when there is no way to write some of it: half of a word would be worse than none. */
  write(text: string, input: SeatInput): Promise<void> {
    return this.#inOrder(async () => {
      const { enabled, focused } = await this.#state();
      this.#composing = false;
      if (enabled) return this.#compose(text);
      const strokes = this.#strokes(text, input);
      if (strokes.missing.length === 0) strokes.press();
      else if (focused) return this.#compose(text);
      else {
        const told = strokes.missing.slice(0, MISSING_TOLD).join(' ');
        throw new Error(`the seat’s keyboard has no key for ${told}; paste it instead`);
      }
    });
  }

  /** Shows what is being composed, where the program can. */
  preedit(text: string): Promise<void> {
    return this.#inOrder(async () => {
      if (text === '' && !this.#composing) return;
      if (text !== '' && !(await this.#state()).enabled) return;
      this.#composing = text !== '';
      const [piece = ''] = pieces(text);
      const end = Buffer.byteLength(piece);
      await this.#call('Compose', 'sssiiuu', this.#seat, '', piece, end, end, 0, 0);
    });
  }

  #inOrder(work: () => Promise<void>): Promise<void> {
    this.#waiting++;
    const done = this.#last.then(work);
    this.#last = done.then(
      () => void this.#waiting--,
      () => void this.#waiting--,
    );
    return done;
  }

  async #state(): Promise<{ enabled: boolean; focused: boolean }> {
    try {
      const [state] = (await this.#call('GetState', 's', this.#seat)) as [Map<string, Variant>];
      return { enabled: state.get('enabled')?.value === true, focused: state.get('focused')?.value === true };
    } catch {
      return { enabled: false, focused: false }; // The display is away, or is another than ours.
    }
  }

  async #compose(text: string): Promise<void> {
    for (const piece of pieces(text))
      await this.#call('Compose', 'sssiiuu', this.#seat, piece, '', 0, 0, 0, 0);
  }

  async #call(member: string, signature: string, ...body: unknown[]): Promise<unknown[]> {
    if (this.#connection === undefined) throw new Error('the bus is away; try again');
    return this.#connection.proxy(this.#display, displayPath).call(textInput, member, signature, ...body);
  }

  #strokes(text: string, input: SeatInput): { missing: string[]; press(): void } {
    const keymap = this.#keymap.current;
    const strokes = [...text].map((character) => ({ character, keys: keymap.keysFor(character) }));
    const missing = strokes.filter(({ keys }) => keys === undefined).map(({ character }) => character);
    return {
      missing: [...new Set(missing)],
      press: () => {
        for (const { keys } of strokes) this.#press(input, [...keys!.modifiers, keys!.code]);
      },
    };
  }

  #press(input: SeatInput, codes: readonly number[]): void {
    for (const code of codes) input.key(this, code, true);
    for (const code of codes.toReversed()) input.key(this, code, false);
  }
}

/** Text in pieces that TextInput1 takes, whole characters each. */
function pieces(text: string): string[] {
  const all: string[] = [];
  let piece = '';
  let bytes = 0;
  for (const character of text) {
    const more = Buffer.byteLength(character);
    if (bytes + more > COMPOSE_MAX) {
      all.push(piece);
      piece = '';
      bytes = 0;
    }
    piece += character;
    bytes += more;
  }
  if (piece !== '') all.push(piece);
  return all;
}
