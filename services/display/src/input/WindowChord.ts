import { KEY } from '@switchyard/uapi';

/** Whose windows are gone through. */
export interface CyclingWindows {
  /** Shows the next (1) or the one before (-1); false when there is none but the one in front. */
  cycle(step: 1 | -1): boolean;
  /** The one in front stays there. */
  endCycle(): void;
}

/**
 * Alt+Tab and Alt+Shift+Tab: through the windows of the session in front. Sessions themselves are switched by chords of
 * services/seat. With one window it is that window's own: a desktop within a session has its own Alt+Tab.
 *
 *   idle ──Alt+Tab──▶ cycling ──Tab──▶ cycling ──Alt up──▶ idle
 */
export class WindowChord {
  readonly #windows: () => CyclingWindows | undefined;
  readonly #down = new Set<number>();
  /** Tab's press was taken, so its release is. */
  #tabTaken = false;
  #cycling: CyclingWindows | undefined;

  constructor(windows: () => CyclingWindows | undefined) {
    this.#windows = windows;
  }

  /** One EV_KEY event; whether it is not for clients. */
  takes(code: number, value: number): boolean {
    if (code === KEY.TAB) return this.#tab(value);
    if (value === 1) this.#down.add(code);
    else if (value === 0) this.#down.delete(code);
    if (code === KEY.LEFTALT && value === 0) this.#end();
    return false;
  }

  reset(): void {
    this.#down.clear();
    this.#tabTaken = false;
    this.#end();
  }

  #tab(value: number): boolean {
    if (value !== 1) {
      const taken = this.#tabTaken;
      if (value === 0) this.#tabTaken = false;
      return taken;
    }
    const down = this.#down;
    const others = [KEY.LEFTCTRL, KEY.RIGHTCTRL, KEY.LEFTMETA, KEY.RIGHTMETA].some((key) => down.has(key));
    if (!down.has(KEY.LEFTALT) || others) return false;
    const windows = this.#windows();
    const shift = down.has(KEY.LEFTSHIFT) || down.has(KEY.RIGHTSHIFT);
    this.#tabTaken = windows?.cycle(shift ? -1 : 1) ?? false;
    if (this.#tabTaken) this.#cycling = windows;
    return this.#tabTaken;
  }

  #end(): void {
    this.#cycling?.endCycle();
    this.#cycling = undefined;
  }
}
