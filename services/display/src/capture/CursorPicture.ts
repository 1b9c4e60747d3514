import type { CursorImage } from '@switchyard/seat';
import { WlShmFormat } from '@switchyard/wayland';
import type { ClientState } from '../ClientState.js';
import type { Compositor } from '../Compositor.js';
import { imageOf, Picture } from './Picture.js';

/** The pointer's picture alone. */
export class CursorPicture extends Picture {
  override readonly format = WlShmFormat.argb8888;
  readonly #visible: () => boolean;
  #image: CursorImage | undefined;

  /** `visible`: whether the client may see it now. */
  constructor(compositor: Compositor, client: ClientState, visible: () => boolean) {
    super(compositor, client, true);
    this.#visible = visible;
  }

  protected override size(): { width: number; height: number } {
    return this.#current() ?? { width: 1, height: 1 };
  }

  protected override refresh(): void {
    const image = this.#current();
    if (image === this.#image) return;
    this.#image = image;
    this.stale.set(0, 0, this.width, this.height);
  }

  protected override draw(): void {
    if (this.#image) this.bytes.set(this.#image.pixels.subarray(0, this.bytes.length));
    else this.bytes.fill(0);
  }

  #current(): CursorImage | undefined {
    return this.#visible() ? imageOf(this.compositor) : undefined;
  }
}
