import type { Region } from '@switchyard/pixels';
import type { ClientState } from '../ClientState.js';
import type { Compositor } from '../Compositor.js';
import { Composer } from '../output/Composer.js';
import type { Shown } from '../output/Output.js';
import { Scene } from '../output/Scene.js';
import { reaches } from '../Privileges.js';
import { Picture } from './Picture.js';

/** The whole screen, as far as the client may see it: what it may not is empty. */
export class OutputPicture extends Picture {
  readonly #cursor: boolean;
  readonly #composer = new Composer();
  readonly #empty = new Scene();
  #shown: Shown | undefined;

  constructor(compositor: Compositor, client: ClientState, cursor: boolean) {
    super(compositor, client, cursor);
    this.#cursor = cursor;
    this.watch(
      compositor.output.onFrame((damage) => {
        this.stale.addRegion(damage);
        this.news();
      }),
    );
  }

  protected override size(): { width: number; height: number } {
    return this.compositor.output.mode;
  }

  protected override refresh(): void {
    const shown = this.#visible();
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.stale.set(0, 0, this.width, this.height);
  }

  protected override draw(area: Region): void {
    this.#composer.compose(this.bytes, this.stride, this.#shown?.scene ?? this.#empty, area);
  }

  protected override pointerPlace(): { x: number; y: number } | undefined {
    return this.#cursor && this.#shown ? this.compositor.seat.pointer : undefined;
  }

  #visible(): Shown | undefined {
    const { activeSession, output } = this.compositor;
    if (!activeSession || output.shown !== activeSession.windows) return undefined;
    if (activeSession.windows.curtain || !reaches(this.client.client, activeSession)) return undefined;
    return output.shown;
  }
}
