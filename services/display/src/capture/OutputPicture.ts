import type { Region } from '@switchyard/pixels';
import type { ClientState } from '../ClientState.js';
import type { Compositor } from '../Compositor.js';
import { Composer } from '../output/Composer.js';
import type { Output } from '../output/Output.js';
import { Scene } from '../output/Scene.js';
import type { Shown } from '../output/Shown.js';
import { reaches } from '../Privileges.js';
import { Picture } from './Picture.js';

/** A whole screen, as far as the client may see it: what it may not is empty. */
export class OutputPicture extends Picture {
  readonly #output: Output;
  readonly #cursor: boolean;
  readonly #composer = new Composer();
  readonly #empty = new Scene();
  #shown: Shown | undefined;

  constructor(compositor: Compositor, client: ClientState, cursor: boolean, output: Output) {
    super(compositor, client, cursor);
    this.#output = output;
    this.#cursor = cursor;
    this.watch(
      output.onFrame((damage) => {
        this.stale.addRegion(damage);
        this.news();
      }),
    );
  }

  /** Its monitor is unplugged. */
  override get stopped(): boolean {
    return !this.compositor.outputs.list.includes(this.#output);
  }

  protected override size(): { width: number; height: number } {
    return this.#output.mode;
  }

  protected override refresh(): void {
    const shown = this.#visible();
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.stale.set(0, 0, this.width, this.height);
  }

  protected override draw(area: Region): void {
    this.#composer.compose(this.bytes, this.stride, this.#shown?.scene ?? this.#empty, area, this.#output);
  }

  protected override pointerPlace(): { x: number; y: number } | undefined {
    const { pointer } = this.compositor.seat;
    if (!this.#cursor || !this.#shown || pointer.output !== this.#output) return undefined;
    return { x: pointer.x - this.#output.x, y: pointer.y };
  }

  #visible(): Shown | undefined {
    const { activeSession } = this.compositor;
    const output = this.#output;
    if (!activeSession || output.shown !== activeSession.windows) return undefined;
    if (activeSession.windows.curtain || !reaches(this.client.client, activeSession)) return undefined;
    return output.shown;
  }
}
