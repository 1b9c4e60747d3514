import { type Connector, type Crtc, Framebuffer } from '@switchyard/drm';
import { SystemError } from '@switchyard/sys';

/**
 * Black in front of what a session has left on its screens. Without it whoever lost a lease could still draw: his framebuffer is
 * shown until there is another, and his memory stays his.
 */
export class Curtain implements Disposable {
  /** By CRTC, of the size that it last needed. What hangs in front of a screen must live. */
  readonly #black = new Map<number, Framebuffer>();

  /** Their ids. */
  get framebuffers(): Set<number> {
    return new Set([...this.#black.values()].map(({ id }) => id));
  }

  /** `connectors`: those that the CRTC drives. In the mode that is set, so that nothing flickers. */
  draw(crtc: Crtc, connectors: readonly Connector[]): void {
    const { mode } = crtc.state;
    try {
      if (mode && connectors.length > 0) {
        crtc.show(this.#picture(crtc, mode.width, mode.height), mode, connectors);
        hideCursor(crtc);
      } else crtc.off();
    } catch (error) {
      if (!(error instanceof SystemError)) throw error;
      // No signal is as good as black.
      this.#dark(crtc);
    }
  }

  /** With the card's file, which it must not outlive. */
  [Symbol.dispose](): void {
    for (const framebuffer of this.#black.values()) remove(framebuffer);
    this.#black.clear();
  }

  #dark(crtc: Crtc): void {
    try {
      crtc.off();
    } catch (error) {
      // ENODEV: the card was just unplugged.
      if (!(error instanceof SystemError)) throw error;
    }
  }

  #picture(crtc: Crtc, width: number, height: number): Framebuffer {
    const kept = this.#black.get(crtc.id);
    if (kept?.width === width && kept.height === height) return kept;
    using buffer = crtc.card.createDumbBuffer(width, height);
    const fresh = Framebuffer.create(buffer);
    this.#black.set(crtc.id, fresh);
    // It may still be on the screen, where its end would turn the screen off.
    if (kept) setImmediate(() => remove(kept));
    return fresh;
  }
}

/** Its plane is not the picture's. */
function hideCursor(crtc: Crtc): void {
  try {
    crtc.hideCursor();
  } catch (error) {
    // The driver has none.
    if (!(error instanceof SystemError && error.code === 'ENXIO')) throw error;
  }
}

function remove(framebuffer: Framebuffer): void {
  try {
    framebuffer[Symbol.dispose]();
  } catch (error) {
    // ENODEV: its card is unplugged, and it with it.
    if (!(error instanceof SystemError)) throw error;
  }
}
