import type {
  WlSurfaceResource,
  ZwpInputMethodKeyboardGrabV2Resource,
  ZwpInputMethodV2Requests,
  ZwpInputMethodV2Resource,
  ZwpInputPopupSurfaceV2Resource,
  ZwpTextInputV3ChangeCause,
  ZwpTextInputV3ContentPurpose,
} from '@switchyard/wayland';
import type { Compositor } from '../Compositor.js';
import { Surface } from '../surface/Surface.js';
import { InputMethodGrab } from './InputMethodGrab.js';
import { InputPopup } from './InputPopup.js';
import type { TextInput } from './TextInput.js';
import { type Composition, isBoundary, nothing } from './TextInputState.js';
import type { TextInputs } from './TextInputs.js';

/**
 * The seat's zwp_input_method_v2.
 *
 *   inactive ──a field is edited, in a session that it reaches──▶ active ──no field any more──▶ inactive
 */
export class InputMethod implements ZwpInputMethodV2Requests {
  readonly #resource: ZwpInputMethodV2Resource;
  readonly #compositor: Compositor;
  readonly #inputs: TextInputs;
  readonly #popups = new Set<InputPopup>();
  #input: TextInput | undefined;
  #grab: InputMethodGrab | undefined;
  #pending: Composition = nothing;
  /** How many `done` it was sent: what its commits answer. */
  #dones = 0;

  constructor(resource: ZwpInputMethodV2Resource, compositor: Compositor, inputs: TextInputs) {
    this.#resource = resource;
    this.#compositor = compositor;
    this.#inputs = inputs;
    const stop = inputs.onChanged((change) => this.#update(change === 'field'));
    resource.onDestroy(() => {
      stop();
      this.#input = undefined;
      this.#grab?.end();
      this.#place();
    });
  }

  /** The resource is implemented: it hears of a field that is edited already. */
  begin(): void {
    if (this.#inputs.active) this.#update(true);
  }

  /** The field that it writes in. */
  get input(): TextInput | undefined {
    return this.#input;
  }

  // ---- requests

  commitString(_: unknown, text: string): void {
    this.#pending = { ...this.#pending, commit: text };
  }

  setPreeditString(_: unknown, text: string, begin: number, end: number): void {
    const inside = isBoundary(text, begin) && isBoundary(text, end);
    const [cursorBegin, cursorEnd] = inside ? [begin, end] : [-1, -1];
    this.#pending = { ...this.#pending, preedit: text, cursorBegin, cursorEnd };
  }

  deleteSurroundingText(_: unknown, before: number, after: number): void {
    this.#pending = { ...this.#pending, before, after };
  }

  /** What answers an older state is meant for a field that may be another one. */
  commit(_: unknown, serial: number): void {
    const composition = this.#pending;
    this.#pending = nothing;
    const input = this.#input;
    if (serial !== this.#dones || !input || input.resource.client.congested) return;
    input.compose(composition);
  }

  getInputPopupSurface(
    resource: ZwpInputMethodV2Resource,
    id: ZwpInputPopupSurfaceV2Resource,
    surfaceResource: WlSurfaceResource,
  ): void {
    id.implement({ destroy() {} });
    const surface = surfaceResource.handler;
    if (!(surface instanceof Surface)) return;
    const popup = new InputPopup(id, surface, () => this.#place());
    if (surface.role || !surface.setRole(popup)) {
      // The protocol demands an error and has none of its own.
      resource.client.postError(resource, 0, `${surfaceResource} has a role already`);
      return;
    }
    this.#popups.add(popup);
    id.onDestroy(() => {
      this.#popups.delete(popup);
      if (surface.role === popup) surface.role = undefined;
      this.#place();
    });
    this.#place();
  }

  /** One at a time: a second one gets nothing. */
  grabKeyboard(_: unknown, id: ZwpInputMethodKeyboardGrabV2Resource): void {
    const grab = new InputMethodGrab(id, this.#compositor.seat.keyboard, () => this.#input !== undefined);
    id.implement(grab);
    if (this.#grab) return;
    this.#grab = grab;
    grab.begin();
    id.onDestroy(() => {
      grab.end();
      this.#grab = undefined;
    });
  }

  destroy(): void {}

  // ----

  /** `anew`: another field, or none. */
  #update(anew: boolean): void {
    const resource = this.#resource;
    if (!resource.alive) return;
    const { active } = this.#inputs;
    const input = active && this.#compositor.reachesFront(resource.client) ? active : undefined;
    const before = this.#input;
    if (!input && !before) return;
    this.#input = input;
    if (anew || input !== before) {
      this.#pending = nothing;
      if (before) resource.sendDeactivate();
      if (input) resource.sendActivate();
    }
    if (input) {
      const { surrounding, cause, hint, purpose } = input.state;
      if (surrounding) {
        resource.sendSurroundingText(surrounding.text, surrounding.cursor, surrounding.anchor);
        resource.sendTextChangeCause(cause as ZwpTextInputV3ChangeCause);
      }
      resource.sendContentType(hint, purpose as ZwpTextInputV3ContentPurpose);
    }
    this.#dones++;
    resource.sendDone();
    this.#place();
  }

  /** Shows its popups at the text cursor, while there is one. */
  #place(): void {
    const { seat, outputs } = this.#compositor;
    const { windows } = seat;
    if (!windows) return;
    const input = this.#input;
    const shown = input ? [...this.#popups].flatMap((popup) => popup.place(input, outputs) ?? []) : [];
    windows.setInputPopups(shown);
  }
}

/** There is another one already. */
export const unavailableInputMethod: ZwpInputMethodV2Requests = {
  commitString() {},
  setPreeditString() {},
  deleteSurroundingText() {},
  commit() {},
  getInputPopupSurface: (_, id) => void id.implement({ destroy() {} }),
  grabKeyboard: (_, id) => void id.implement({ release() {} }),
  destroy() {},
};
