import { POINTER_MAX } from '../wire/Wire.js';

const CHANNEL = 'monitors';

/** A window of this browser that shows a monitor of the seat: where its canvas is on the person's own screen. */
interface Place {
  readonly type: 'place';
  readonly window: string;
  readonly monitor: number;
  /** Where the host says that the window begins. */
  readonly corner: string;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** What the pointer looks like there, as a value of the CSS property. */
  readonly cursor: string;
}

type Word = Place | { readonly type: 'drag' } | { readonly type: 'end' };

/**
 * The browser's other windows on the same seat. A browser gives all of a drag to the window where it began, so that one
 * asks the others where they are, and says in whose monitor the pointer is.
 *
 *   alone ──begin──▶ dragging: places come in ──end──▶ alone
 *   alone ──another's drag──▶ tells its place, and what the pointer looks like ──its end──▶ alone
 */
export class Neighbours {
  readonly #canvas: HTMLCanvasElement;
  readonly #changed: () => void;
  readonly #channel = new BroadcastChannel(CHANNEL);
  readonly #window = crypto.getRandomValues(new Uint32Array(4)).join();
  readonly #places = new Map<string, Place>();
  /** From the window's corner to the page's, as the last event told. */
  #inset: { x: number; y: number } | undefined;
  #cursor = 'default';
  #asked = false;

  /** `changed`: a place is another, or looks different. */
  constructor(canvas: HTMLCanvasElement, changed: () => void) {
    this.#canvas = canvas;
    this.#changed = changed;
    this.#channel.addEventListener('message', ({ data }: MessageEvent<Word>) => this.#hear(data));
  }

  /** What the pointer looks like on this window's monitor. */
  set cursor(cursor: string) {
    this.#cursor = cursor;
    if (this.#asked) this.#tellPlace();
  }

  /** A drag begins here. */
  begin(): void {
    this.#places.clear();
    this.#channel.postMessage({ type: 'drag' } satisfies Word);
  }

  end(): void {
    this.#places.clear();
    this.#channel.postMessage({ type: 'end' } satisfies Word);
  }

  /** An event of this window's tells where on the screen the page is. */
  learn({ screenX, screenY, clientX, clientY }: MouseEvent): void {
    this.#inset = { x: screenX - clientX - window.screenX, y: screenY - clientY - window.screenY };
  }

  /** The other window's monitor that is there; undefined on this one's own, or where there is none. */
  at(event: MouseEvent): { monitor: number; x: number; y: number } | undefined {
    const box = this.#canvas.getBoundingClientRect();
    const { clientX, clientY } = event;
    if (clientX >= box.left && clientX < box.right && clientY >= box.top && clientY < box.bottom)
      return undefined;
    for (const { monitor, left, top, width, height } of this.#places.values()) {
      const x = (event.screenX - left) / width;
      const y = (event.screenY - top) / height;
      if (x < 0 || x >= 1 || y < 0 || y >= 1) continue;
      return { monitor, x: Math.round(x * POINTER_MAX), y: Math.round(y * POINTER_MAX) };
    }
    return undefined;
  }

  /** What the pointer looks like there. */
  cursorOn(monitor: number): string | undefined {
    for (const place of this.#places.values()) if (place.monitor === monitor) return place.cursor;
    return undefined;
  }

  #hear(word: Word): void {
    if (word.type === 'drag') {
      this.#asked = true;
      this.#tellPlace();
    } else if (word.type === 'end') this.#asked = false;
    // Where the host tells no places (Wayland), all windows begin at the same corner.
    else if (word.corner !== this.#corner && word.monitor !== this.#monitor) {
      this.#places.set(word.window, word);
      this.#changed();
    }
  }

  #tellPlace(): void {
    const { left, top, width, height } = this.#canvas.getBoundingClientRect();
    const { x, y } = this.#insetNow;
    this.#channel.postMessage({
      type: 'place',
      window: this.#window,
      monitor: this.#monitor,
      corner: this.#corner,
      left: window.screenX + x + left,
      top: window.screenY + y + top,
      ...{ width, height, cursor: this.#cursor },
    } satisfies Word);
  }

  /** 0 until the seat has said it. */
  get #monitor(): number {
    return Number(this.#canvas.dataset['monitor'] ?? 0);
  }

  /**
   * Until the pointer was here, or when the window was moved as the event came: a frame of the same width at the left,
   * the right and the bottom.
   */
  get #insetNow(): { x: number; y: number } {
    const [across, down] = [window.outerWidth - window.innerWidth, window.outerHeight - window.innerHeight];
    const learnt = this.#inset;
    if (learnt && learnt.x >= 0 && learnt.x <= across && learnt.y >= 0 && learnt.y <= down) return learnt;
    return { x: across / 2, y: down - across / 2 };
  }

  get #corner(): string {
    return `${window.screenX},${window.screenY}`;
  }
}
