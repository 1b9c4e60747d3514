import type { Region } from '@switchyard/pixels';
import type { ClientState } from '../ClientState.js';
import type { Compositor } from '../Compositor.js';
import { Composer } from '../output/Composer.js';
import type { Output } from '../output/Output.js';
import { Scene } from '../output/Scene.js';
import type { ListedToplevel } from '../session/Toplevels.js';
import { addWindow } from '../session/Windows.js';
import type { Surface } from '../surface/Surface.js';
import { Picture } from './Picture.js';

/** One window with its popups, wherever it is: also in the background, and behind others. */
export class ToplevelPicture extends Picture {
  readonly #listed: ListedToplevel;
  readonly #cursor: boolean;
  readonly #composer = new Composer();
  readonly #scene = new Scene(false);
  #moved = true;
  #stopped = false;

  constructor(compositor: Compositor, client: ClientState, cursor: boolean, listed: ListedToplevel) {
    super(compositor, client, cursor);
    this.#listed = listed;
    this.#cursor = cursor;
    const { watchers } = listed.session.windows;
    const watcher = {
      damaged: (surface: Surface, damage: Region) => this.#damaged(surface, damage),
      changed: () => {
        this.#moved = true;
        this.news();
      },
    };
    watchers.add(watcher);
    this.watch(() => watchers.delete(watcher));
    this.watch(
      compositor.toplevels.onNews((news, other) => {
        if (news !== 'unmapped' || other !== listed) return;
        this.#stopped = true;
        this.news();
      }),
    );
  }

  override get stopped(): boolean {
    return this.#stopped;
  }

  protected override size(): { width: number; height: number } {
    const { width, height } = this.#listed.toplevel.geometry;
    const { scale, mode } = this.#output;
    // A client may say any geometry; what nobody could show needs no picture.
    const bounded = (side: number, most: number) => Math.max(1, Math.min(2 * most, Math.round(side * scale)));
    return { width: bounded(width, mode.width), height: bounded(height, mode.height) };
  }

  protected override refresh(): void {
    if (!this.#moved) return;
    this.#moved = false;
    const { curtain } = this.#listed.session.windows;
    this.#scene.rebuild((scene) => {
      if (!curtain) addWindow(scene, this.#listed.toplevel.xdgSurface, 0, 0, this.#output.scale);
    }, this.stale);
  }

  protected override draw(area: Region): void {
    this.#composer.compose(this.bytes, this.stride, this.#scene, area);
  }

  protected override pointerPlace(): { x: number; y: number } | undefined {
    const { pointer } = this.compositor.seat;
    const { session, toplevel } = this.#listed;
    if (!this.#cursor || !pointer.focus || session.windows.toplevelOf(pointer.focus) !== toplevel)
      return undefined;
    const { view } = toplevel.xdgSurface.surface;
    if (!view) return undefined;
    const { geometry } = toplevel;
    const { scale } = this.#output;
    return {
      x: (view.localX(pointer.x) - geometry.x) * scale,
      y: (view.localY(pointer.y) - geometry.y) * scale,
    };
  }

  get #output(): Output {
    const { session, toplevel } = this.#listed;
    return session.windows.outputOf(toplevel);
  }

  #damaged(surface: Surface, damage: Region): void {
    const { views, count } = this.#scene;
    for (let i = 0; i < count; i++) {
      if (views[i]!.surface !== surface) continue;
      views[i]!.addToOutput(damage, this.stale);
      this.news();
      return;
    }
  }
}
