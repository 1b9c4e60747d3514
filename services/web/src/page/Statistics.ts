import type { PageMessage } from '../wire/Control.js';

/** How often they are counted anew (ms). */
const PERIOD_MS = 1000;

export interface Counted {
  /** Frames drawn since the page began. */
  frames(): number;
  /** Seconds of sound in hand; undefined while nobody listens. */
  sound(): number | undefined;
}

/** Frames, bytes and the round trip of the last second, over a corner of the screen while its button is pressed. */
export class Statistics {
  readonly #panel: HTMLElement;
  readonly #tell: (message: PageMessage) => void;
  readonly #counted: Counted;
  #bytes = 0;
  #frames = 0;
  #since = 0;
  #asked = 0;
  #serial = 0;
  #roundTrip: number | undefined;
  #timer: number | undefined;

  constructor(
    button: HTMLButtonElement,
    panel: HTMLElement,
    tell: (message: PageMessage) => void,
    counted: Counted,
  ) {
    this.#panel = panel;
    this.#tell = tell;
    this.#counted = counted;
    button.addEventListener('click', () => {
      panel.hidden = !panel.hidden;
      button.setAttribute('aria-pressed', String(!panel.hidden));
      clearInterval(this.#timer);
      if (panel.hidden) return;
      this.#begin();
      this.#timer = setInterval(() => this.#show(), PERIOD_MS);
    });
  }

  received(bytes: number): void {
    this.#bytes += bytes;
  }

  answered(serial: number): void {
    if (serial === this.#serial) this.#roundTrip = performance.now() - this.#asked;
  }

  #begin(): void {
    this.#bytes = 0;
    this.#frames = this.#counted.frames();
    this.#since = performance.now();
    this.#asked = this.#since;
    this.#tell({ type: 'ping', serial: ++this.#serial });
  }

  #show(): void {
    const seconds = (performance.now() - this.#since) / 1000;
    const values = {
      frames: `${Math.round((this.#counted.frames() - this.#frames) / seconds)} /s`,
      received: `${(this.#bytes / seconds / 1024).toFixed(1)} KiB/s`,
      latency: this.#roundTrip === undefined ? '–' : `${this.#roundTrip.toFixed(1)} ms`,
      sound: sound(this.#counted.sound()),
    };
    for (const [name, value] of Object.entries(values))
      this.#panel.querySelector(`[data-value="${name}"]`)!.textContent = value;
    this.#begin();
  }
}

const sound = (held: number | undefined): string =>
  held === undefined ? 'off' : `${Math.round(held * 1000)} ms in hand`;
