import type { Crtc, CrtcState, Resources } from '@switchyard/drm';
import { SystemError } from '@switchyard/sys';

/** When it is looked whether the console has come, in ms after a session has left: VTs go back to text a little later. */
const LOOKS = [0, 10, 50, 200, 1000, 3000];

interface Scene {
  readonly state: CrtcState;
  readonly connectors: readonly number[];
}

/**
 * When a VT goes from graphics to text, the kernel puts its console on all screens of the card, whoever is master: X servers say
 * KD_TEXT before they give the card up. Screens of other seats get back what they showed; it flashes there.
 */
export class ConsoleGuard implements Disposable {
  /** Ids of the console's framebuffers. */
  console: ReadonlySet<number> = new Set();
  /** What the other seats showed when a session left, by CRTC. */
  readonly #scenes = new Map<Crtc, Scene>();
  #looks: NodeJS.Timeout[] = [];

  /** While no session has a lease: what is on the screens is the console, but for `own`. */
  learn(resources: Resources, own: ReadonlySet<number>): void {
    const shown = resources.crtcs.map(({ state }) => state.framebuffer);
    const found = shown.filter((framebuffer) => framebuffer !== 0 && !own.has(framebuffer));
    // Numbers are used again.
    if (found.length > 0) this.console = new Set(found);
  }

  /** A session leaves: these CRTCs are other sessions'. */
  remember(resources: Resources, crtcs: readonly Crtc[]): void {
    this.#stop();
    this.#scenes.clear();
    for (const { id } of crtcs) {
      const crtc = resources.crtc(id);
      const state = crtc?.state;
      if (!crtc || !state?.mode || this.console.has(state.framebuffer)) continue;
      const driven = resources.connectors.filter((connector) => resources.crtcOf(connector)?.id === id);
      this.#scenes.set(crtc, { state, connectors: driven.map((connector) => connector.id) });
    }
    if (this.#scenes.size > 0)
      this.#looks = LOOKS.map((delay) => setTimeout(() => this.restore(), delay).unref());
  }

  restore(): void {
    for (const [crtc, { state, connectors }] of this.#scenes) {
      try {
        if (!this.console.has(crtc.state.framebuffer)) continue;
        const { framebuffer, mode, x, y } = state;
        crtc.card.calls.modes.setCrtc(crtc.id, { framebuffer, mode: mode!.timings, connectors, x, y });
      } catch (error) {
        // ENOENT: its session has drawn another picture since, and shows it with its next frame. EACCES, ENODEV: nothing is ours.
        if (!(error instanceof SystemError)) throw error;
        this.#scenes.delete(crtc);
      }
    }
  }

  [Symbol.dispose](): void {
    this.#stop();
    this.#scenes.clear();
  }

  #stop(): void {
    for (const look of this.#looks.splice(0)) clearTimeout(look);
  }
}
