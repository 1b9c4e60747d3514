/**
 * What the person is told about the connection.
 *
 *   connecting ──first frame──▶ live ⇄ paused (nobody draws on the seat, or nobody looks at the tab)
 *                                │ ▲
 *                       lost     ▼ │ first frame
 *                          disconnected (trying again)
 */
export type State = 'connecting' | 'live' | 'paused' | 'disconnected';

const words: Record<State, string> = {
  connecting: 'Connecting…',
  live: 'Live',
  paused: 'Paused: no session is on this seat',
  disconnected: 'Disconnected — trying again',
};

/** How long a passing remark stands in the bar (ms). */
const REMARK_MS = 6000;

export class Status {
  readonly #canvas: HTMLCanvasElement;
  readonly #line: HTMLElement;
  readonly #notice: HTMLElement;
  #state: State = 'connecting';
  #timer: number | undefined;

  constructor(canvas: HTMLCanvasElement, line: HTMLElement, notice: HTMLElement) {
    this.#canvas = canvas;
    this.#line = line;
    this.#notice = notice;
  }

  get state(): State {
    return this.#state;
  }

  /** `detail` instead of the state's usual words. */
  set(state: State, detail = words[state]): void {
    if (state === this.#state && this.#line.textContent === detail) return;
    clearTimeout(this.#timer);
    this.#state = state;
    this.#canvas.dataset['state'] = state;
    this.#line.dataset['state'] = state;
    this.#line.textContent = detail;
    this.#notice.textContent = detail;
    this.#notice.hidden = state === 'live';
  }

  /** Something to know in passing. */
  remark(text: string): void {
    clearTimeout(this.#timer);
    this.#line.textContent = text;
    this.#timer = setTimeout(() => {
      this.#line.textContent = words[this.#state];
    }, REMARK_MS);
  }
}
