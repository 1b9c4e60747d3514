export function clockOf(now: Date): string {
  return `${two(now.getHours())}:${two(now.getMinutes())}`;
}

export function dateOf(now: Date): string {
  return now.toLocaleDateString('en-GB', { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
}

/** Calls at each full minute, until it is disposed. */
export class Clock implements Disposable {
  readonly #tick: () => void;
  #timer: NodeJS.Timeout;

  constructor(tick: () => void) {
    this.#tick = tick;
    this.#timer = this.#next();
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }

  #next(): NodeJS.Timeout {
    const now = new Date();
    const rest = 60_000 - (now.getSeconds() * 1000 + now.getMilliseconds());
    return setTimeout(() => {
      this.#timer = this.#next();
      this.#tick();
    }, rest + 5);
  }
}

function two(number: number): string {
  return `${number}`.padStart(2, '0');
}
