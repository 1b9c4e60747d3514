import type { XClient } from './XClient.js';

/** Xwayland's release number since which it makes new buffers when its root is resized. */
const mended = 12_301_000;
/**
 * It forgets a buffer that was not used for a second (xwayland-window-buffers.c, BUFFER_TIMEOUT); and what was drawn
 * before is shown a frame or two later, which is 0.2 s each while nobody looks.
 */
const forgetTime = 1600;

/**
 * Xwayland before 23.1 goes on to show its root in buffers of the size before, for as long as anything is drawn at least
 * once a second. So after each resize its other clients are held up for that time (GrabServer), and then one pixel is
 * drawn.
 */
export class RootBuffers {
  readonly #client: XClient;
  #size = '';
  #timer: NodeJS.Timeout | undefined;

  constructor(client: XClient) {
    this.#client = client;
    if (client.release >= mended) return;
    client.onEvent(({ name, wid1, width, height }) => {
      if (name !== 'ConfigureNotify' || wid1 !== client.root) return;
      const size = `${String(width)}x${String(height)}`;
      if (size !== this.#size) this.#resized(size);
    });
  }

  #resized(size: string): void {
    this.#size = size;
    if (this.#timer === undefined) this.#client.send('GrabServer');
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#client.send('UngrabServer');
      this.#client.drawPixel();
    }, forgetTime);
  }
}
