import type { ZwpInputPopupSurfaceV2Resource } from '@switchyard/wayland';
import type { Outputs } from '../output/Outputs.js';
import type { Overlay } from '../session/SessionScene.js';
import type { Surface } from '../surface/Surface.js';
import type { SurfaceRole } from '../surface/SurfaceRole.js';
import { placeOf } from './PageTextInput.js';
import type { TextInput } from './TextInput.js';

/** A zwp_input_popup_surface_v2: what an input method shows at the text cursor, below it or, where there is no room, above. */
export class InputPopup implements SurfaceRole {
  readonly name = 'input popup';
  readonly surface: Surface;
  readonly #resource: ZwpInputPopupSurfaceV2Resource;
  readonly #changed: () => void;
  #size = '';
  #told = '';

  /** `changed`: it is to be placed anew. */
  constructor(resource: ZwpInputPopupSurfaceV2Resource, surface: Surface, changed: () => void) {
    this.#resource = resource;
    this.surface = surface;
    this.#changed = changed;
  }

  get mapped(): boolean {
    return this.#resource.alive;
  }

  applied(): void {
    const size = `${this.surface.width}×${this.surface.height}`;
    if (size === this.#size) return;
    this.#size = size;
    this.#changed();
  }

  /** undefined: it is not to be seen. */
  place(input: TextInput, outputs: Outputs): Overlay | undefined {
    const { surface } = this;
    if (!surface.pixels || !surface.alive) return undefined;
    const output = input.surface?.view?.output ?? outputs.first;
    const place = placeOf(input) ?? [0, 0, 0, 0];
    const [left, top, width, height] = place.map((pixels) => pixels / output.scale) as typeof place;
    const x = Math.max(0, Math.min(output.width - surface.width, left));
    const below = top + height;
    const y = below + surface.height <= output.height ? below : Math.max(0, top - surface.height);
    const rectangle = [left - x, top - y, width, height].map(Math.round) as typeof place;
    if (rectangle.join() !== this.#told) this.#resource.sendTextInputRectangle(...rectangle);
    this.#told = rectangle.join();
    return { surface, output, x, y };
  }
}
