/** Up to this scale the picture is left at its own size: crisp, with a small border, rather than blurred. */
const CRISP_UP_TO = 1.2;

/** Keeps a canvas as large as its shape allows within the stage, whatever becomes of either's size. */
export class Stage {
  readonly #stage: HTMLElement;
  readonly #canvas: HTMLCanvasElement;

  constructor(stage: HTMLElement, canvas: HTMLCanvasElement) {
    this.#stage = stage;
    this.#canvas = canvas;
    new ResizeObserver(() => this.fit()).observe(stage);
  }

  /** To be called when the canvas has another number of pixels. */
  fit(): void {
    const { width, height, style } = this.#canvas;
    const density = window.devicePixelRatio;
    const scale = Math.min(this.#stage.clientWidth / width, this.#stage.clientHeight / height) * density;
    const drawn = (scale >= 1 && scale < CRISP_UP_TO ? 1 : scale) / density;
    style.width = `${width * drawn}px`;
    style.height = `${height * drawn}px`;
  }
}
