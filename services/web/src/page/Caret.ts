import type { CaretPlace } from '../wire/Control.js';

/** Where the seat's text cursor is in this window: what is composed here is to be seen beside it. */
export class Caret {
  readonly #canvas: HTMLCanvasElement;
  readonly #listeners: (() => void)[] = [];
  #place: CaretPlace | null = null;

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
    new ResizeObserver(() => this.show(this.#place)).observe(canvas);
  }

  onMoved(listener: () => void): void {
    this.#listeners.push(listener);
  }

  show(place: CaretPlace | null): void {
    this.#place = place;
    for (const listener of this.#listeners) listener();
  }

  /** In the window's CSS pixels, within the canvas; undefined while nobody knows. */
  get bounds(): DOMRect | undefined {
    if (this.#place === null) return undefined;
    const [x, y, width, height] = this.#place;
    const box = this.#canvas.getBoundingClientRect();
    const scale = box.width / this.#canvas.width;
    const within = (at: number, size: number) => Math.max(0, Math.min(at * scale, size));
    const left = within(x, box.width);
    const top = within(y, box.height);
    const right = within(x + width, box.width);
    const bottom = within(y + height, box.height);
    return new DOMRect(box.left + left, box.top + top, Math.max(1, right - left), Math.max(1, bottom - top));
  }
}
