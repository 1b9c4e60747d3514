import { type CallContext, type Connection, DBusError, type Interface, Variant } from '@switchyard/dbus';
import { monotonicNow } from '@switchyard/sys';
import { ZwpTextInputV3ContentHint, ZwpTextInputV3ContentPurpose } from '@switchyard/wayland';
import type { Keyboard } from '../input/Keyboard.js';
import { isTrusted } from '../Privileges.js';
import { StateListeners } from './StateListeners.js';
import type { TextInput } from './TextInput.js';
import { isBoundary, longestText } from './TextInputState.js';
import type { TextInputs } from './TextInputs.js';
import type { TypedText } from './TypedText.js';

export const textInput1 = {
  path: '/org/switchyard/Display1',
  interface: 'org.switchyard.TextInput1',
} as const;

/** Fields change as fast as a client likes; the bus hears of it this often (ms). */
const signalInterval = 50;

const invalidArgs = 'org.freedesktop.DBus.Error.InvalidArgs';

/**
 * org.switchyard.TextInput1: the page composes text, by the input method of the machine that it is shown on. It goes to
 * the field that the focused program has enabled; for a program that has no such fields, what is committed is typed.
 */
export class PageTextInput {
  readonly #inputs: TextInputs;
  readonly #typed: TypedText;
  readonly #keyboard: Keyboard;
  readonly #seat: string;
  #listeners: StateListeners | undefined;
  #signal: NodeJS.Timeout | undefined;
  #told = '';

  constructor(inputs: TextInputs, typed: TypedText, keyboard: Keyboard, seat: string) {
    this.#inputs = inputs;
    this.#typed = typed;
    this.#keyboard = keyboard;
    this.#seat = seat;
    inputs.onChanged(() => this.#changed());
  }

  /** Beside org.switchyard.Display1, on the same object. */
  serve(connection: Connection): void {
    this.#listeners?.close();
    this.#listeners = new StateListeners(connection);
    connection.export(textInput1.path, this.#interface());
  }

  close(): void {
    clearTimeout(this.#signal);
    this.#listeners?.close();
    this.#listeners = undefined;
    this.#typed.close();
  }

  #interface(): Interface {
    return {
      name: textInput1.interface,
      methods: {
        Compose: {
          in: 'sssiiuu',
          inNames: ['seat', 'commit', 'preedit', 'cursor_begin', 'cursor_end', 'before', 'after'],
          out: 'b',
          outNames: ['composed'],
          call: async (
            context: CallContext,
            seat: string,
            commit: string,
            preedit: string,
            begin: number,
            end: number,
            before: number,
            after: number,
          ) => {
            await this.#check(context, seat);
            checkText('commit', commit);
            checkText('preedit', preedit);
            const hidden = begin === -1 && end === -1;
            if (!hidden && !(isBoundary(preedit, begin) && isBoundary(preedit, end))) {
              throw new DBusError(invalidArgs, `${begin} to ${end} is no place in the preedit, in bytes`);
            }
            return [this.#compose({ commit, preedit, cursorBegin: begin, cursorEnd: end, before, after })];
          },
        },
        GetState: {
          in: 's',
          inNames: ['seat'],
          out: 'a{sv}',
          outNames: ['state'],
          call: async (context: CallContext, seat: string) => {
            await this.#check(context, seat);
            this.#listeners?.add(context.sender);
            return [this.#state(true)];
          },
        },
      },
      signals: { StateChanged: { args: 'sa{sv}', names: ['seat', 'state'] } },
    };
  }

  #compose(composition: Parameters<TextInput['compose']>[0]): boolean {
    const { active } = this.#inputs;
    if (active) {
      if (!active.resource.client.congested) active.compose(composition);
      return true;
    }
    if (this.#keyboard.focus?.state.client.congested === false) {
      this.#typed.type(composition.commit, Number((monotonicNow() / 1_000_000n) & 0xffff_ffffn));
    }
    return false;
  }

  /** `whole`: with the text of the field, which is for who asks for it. */
  #state(whole: boolean): Map<string, Variant> {
    const { active } = this.#inputs;
    const state = new Map<string, Variant>([
      ['enabled', new Variant('b', active !== undefined)],
      ['focused', new Variant('b', this.#keyboard.focus !== undefined)],
    ]);
    if (!active) return state;
    const { hint, purpose, surrounding } = active.state;
    state.set('purpose', new Variant('s', nameOf(ZwpTextInputV3ContentPurpose, purpose)));
    const hints = Object.entries(ZwpTextInputV3ContentHint).filter(([, bit]) => (hint & bit) !== 0);
    state.set(
      'hints',
      new Variant(
        'as',
        hints.map(([name]) => name),
      ),
    );
    const place = placeOf(active);
    if (place) {
      state.set('cursor', new Variant('(iiii)', place));
      state.set('monitor', new Variant('u', active.surface?.view?.output?.number ?? 1));
    }
    if (whole && surrounding) {
      const { text, cursor, anchor } = surrounding;
      state.set('surrounding', new Variant('(sii)', [text, cursor, anchor]));
    }
    return state;
  }

  async #check(context: CallContext, seat: string): Promise<void> {
    if (seat !== this.#seat) {
      throw new DBusError(
        'org.freedesktop.login1.NoSuchSeat',
        `this display shows ${this.#seat}, not ${seat}`,
      );
    }
    const { uid } = await context.credentials();
    if (!isTrusted(uid)) {
      throw new DBusError('org.freedesktop.DBus.Error.AccessDenied', `uid ${uid} cannot type on the seat`);
    }
  }

  #changed(): void {
    this.#signal ??= setTimeout(() => {
      this.#signal = undefined;
      const state = this.#state(false);
      const text = JSON.stringify([...state].map(([key, { value }]) => [key, value]));
      if (text === this.#told) return;
      this.#told = text;
      this.#listeners?.tell({
        path: textInput1.path,
        interface: textInput1.interface,
        member: 'StateChanged',
        signature: 'sa{sv}',
        body: [this.#seat, state],
      });
    }, signalInterval);
  }
}

/** The field's cursor in pixels of its output; undefined when it does not tell, or is not shown. */
export function placeOf(input: TextInput): [x: number, y: number, width: number, height: number] | undefined {
  const view = input.surface?.view;
  const { cursor } = input.state;
  if (!view || !cursor) return undefined;
  const originX = view.originX - (view.output?.x ?? 0);
  const left = Math.round(originX + cursor.x * view.scale);
  const top = Math.round(view.originY + cursor.y * view.scale);
  const right = Math.round(originX + (cursor.x + cursor.width) * view.scale);
  const bottom = Math.round(view.originY + (cursor.y + cursor.height) * view.scale);
  return [left, top, right - left, bottom - top].map(clampInt) as [number, number, number, number];
}

function clampInt(value: number): number {
  return Math.max(-0x8000_0000, Math.min(0x7fff_ffff, value));
}

function checkText(what: string, text: string): void {
  const bytes = Buffer.byteLength(text);
  if (bytes > longestText)
    throw new DBusError(invalidArgs, `${what}: ${bytes} bytes, at most ${longestText}`);
}

function nameOf(entries: Readonly<Record<string, number>>, value: number): string {
  return Object.entries(entries).find(([, entry]) => entry === value)?.[0] ?? 'normal';
}
