import type {
  WlSeatResource,
  ZwpInputMethodManagerV2Requests,
  ZwpInputMethodV2Resource,
} from '@switchyard/wayland';
import type { Compositor } from '../Compositor.js';
import { InputMethod, unavailableInputMethod } from './InputMethod.js';
import type { TextInputs } from './TextInputs.js';

/** The zwp_input_method_manager_v2 global: one input method at a time. */
export class InputMethods implements ZwpInputMethodManagerV2Requests {
  readonly #compositor: Compositor;
  readonly #inputs: TextInputs;
  #current: InputMethod | undefined;

  constructor(compositor: Compositor, inputs: TextInputs) {
    this.#compositor = compositor;
    this.#inputs = inputs;
  }

  getInputMethod(_: unknown, __: WlSeatResource, id: ZwpInputMethodV2Resource): void {
    if (this.#current) {
      id.implement(unavailableInputMethod);
      id.sendUnavailable();
      return;
    }
    const method = new InputMethod(id, this.#compositor, this.#inputs);
    id.implement(method);
    this.#current = method;
    method.begin();
    id.onDestroy(() => {
      this.#current = undefined;
    });
  }

  destroy(): void {}
}
