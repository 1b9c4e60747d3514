/** How far one may look closer. */
const LARGEST = 8;
/** One press of + or -. */
const STEP = 1.25;
/** One press of an arrow key moves the view by this part of it. */
const PAN = 0.1;

/**
 * Looks closer at a part of the screen. While its button is pressed, fingers pinch and move the view instead of
 * touching the seat, and on the button + - 0 and the arrow keys do the same.
 */
export class Zoom {
  readonly #button: HTMLButtonElement;
  readonly #canvas: HTMLCanvasElement;
  readonly #stage: HTMLElement;
  readonly #fingers = new Map<number, { x: number; y: number }>();
  #scale = 1;
  /** Of the canvas's middle, in CSS pixels. */
  #x = 0;
  #y = 0;

  constructor(button: HTMLButtonElement, stage: HTMLElement, canvas: HTMLCanvasElement) {
    this.#button = button;
    this.#stage = stage;
    this.#canvas = canvas;
    button.addEventListener('click', () => {
      button.setAttribute('aria-pressed', String(!this.active));
    });
    button.addEventListener('keydown', (event) => this.#key(event));
    stage.addEventListener('pointerdown', (event) => {
      if (!this.active || event.pointerType !== 'touch') return;
      stage.setPointerCapture(event.pointerId);
      this.#fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    });
    stage.addEventListener('pointermove', (event) => this.#move(event));
    for (const type of ['pointerup', 'pointercancel'] as const)
      stage.addEventListener(type, (event) => this.#fingers.delete(event.pointerId));
  }

  /** Fingers move the view. */
  get active(): boolean {
    return this.#button.getAttribute('aria-pressed') === 'true';
  }

  #move(event: PointerEvent): void {
    const finger = this.#fingers.get(event.pointerId);
    if (finger === undefined) return;
    const [other] = [...this.#fingers].filter(([id]) => id !== event.pointerId).map(([, place]) => place);
    const before = other && Math.hypot(finger.x - other.x, finger.y - other.y);
    // Two fingers tell of each motion twice: each moves the middle by half of its own way.
    const share = other === undefined ? 1 : 0.5;
    this.#x += (event.clientX - finger.x) * share;
    this.#y += (event.clientY - finger.y) * share;
    finger.x = event.clientX;
    finger.y = event.clientY;
    if (other !== undefined && before)
      this.#zoom(
        Math.hypot(finger.x - other.x, finger.y - other.y) / before,
        (finger.x + other.x) / 2,
        (finger.y + other.y) / 2,
      );
    this.#apply();
  }

  /** Around a point of the window, which stays where it is. */
  #zoom(factor: number, aroundX: number, aroundY: number): void {
    const scale = Math.max(1, Math.min(LARGEST, this.#scale * factor));
    const box = this.#stage.getBoundingClientRect();
    const [x, y] = [aroundX - box.left - box.width / 2, aroundY - box.top - box.height / 2];
    this.#x = x - ((x - this.#x) * scale) / this.#scale;
    this.#y = y - ((y - this.#y) * scale) / this.#scale;
    this.#scale = scale;
  }

  #key(event: KeyboardEvent): void {
    const { left, top, width, height } = this.#stage.getBoundingClientRect();
    const middle = [left + width / 2, top + height / 2] as const;
    if (event.key === '+' || event.key === '=') this.#zoom(STEP, ...middle);
    else if (event.key === '-') this.#zoom(1 / STEP, ...middle);
    else if (event.key === '0') this.#scale = 1;
    else if (event.key === 'ArrowLeft') this.#x += width * PAN;
    else if (event.key === 'ArrowRight') this.#x -= width * PAN;
    else if (event.key === 'ArrowUp') this.#y += height * PAN;
    else if (event.key === 'ArrowDown') this.#y -= height * PAN;
    else return;
    event.preventDefault();
    this.#apply();
  }

  /** The view never leaves the screen. */
  #apply(): void {
    const slack = (size: number) => ((this.#scale - 1) * size) / 2;
    const within = (at: number, size: number) => Math.max(-slack(size), Math.min(slack(size), at));
    this.#x = within(this.#x, this.#canvas.offsetWidth);
    this.#y = within(this.#y, this.#canvas.offsetHeight);
    this.#canvas.style.transform =
      this.#scale === 1 ? '' : `translate(${this.#x}px, ${this.#y}px) scale(${this.#scale})`;
  }
}
