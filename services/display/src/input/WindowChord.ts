import { KEY } from '@switchyard/uapi';

/** Whose windows are gone through. */
export interface CyclingWindows {
  /** Shows the next (1) or the one before (-1); false when there is none but the one in front. */
  cycle(step: 1 | -1): boolean;
  /** The one in front stays there. */
  endCycle(): void;
  /** Moves the one in front to the next monitor (1) or the one before (-1); false when there is none but its own. */
  moveFocused(step: 1 | -1): boolean;
}

/**
 * The chords for the windows of the session in front: Alt+Tab and Alt+Shift+Tab go through them, Super+Shift+Right and
 * Left move the one in front to another monitor, as in GNOME, KDE and Windows. Sessions themselves are switched by chords of
 * services/seat. With one window it is that window's own: a desktop within a session has its own Alt+Tab.
 *
 *   idle ──Alt+Tab──▶ cycling ──Tab──▶ cycling ──Alt up──▶ idle
 */
export class WindowChord {
  readonly #windows: () => CyclingWindows | undefined;
  readonly #down = new Set<number>();
  /** Keys whose press was taken, so that their release is. */
  readonly #taken = new Set<number>();
  #cycling: CyclingWindows | undefined;

  constructor(windows: () => CyclingWindows | undefined) {
    this.#windows = windows;
  }

  /** One EV_KEY event; whether it is not for clients. */
  takes(code: number, value: number): boolean {
    if (code === KEY.TAB || code === KEY.LEFT || code === KEY.RIGHT) return this.#stroke(code, value);
    if (value === 1) this.#down.add(code);
    else if (value === 0) this.#down.delete(code);
    if (code === KEY.LEFTALT && value === 0) this.#end();
    return false;
  }

  reset(): void {
    this.#down.clear();
    this.#taken.clear();
    this.#end();
  }

  #stroke(code: number, value: number): boolean {
    if (value === 0) return this.#taken.delete(code);
    if (value !== 1) return this.#taken.has(code);
    const taken = code === KEY.TAB ? this.#cycle() : this.#move(code === KEY.RIGHT ? 1 : -1);
    if (taken) this.#taken.add(code);
    return taken;
  }

  #cycle(): boolean {
    if (!this.#down.has(KEY.LEFTALT) || this.#has(KEY.LEFTCTRL, KEY.RIGHTCTRL, KEY.LEFTMETA, KEY.RIGHTMETA))
      return false;
    const windows = this.#windows();
    if (!windows?.cycle(this.#has(KEY.LEFTSHIFT, KEY.RIGHTSHIFT) ? -1 : 1)) return false;
    this.#cycling = windows;
    return true;
  }

  #move(step: 1 | -1): boolean {
    if (!this.#has(KEY.LEFTMETA, KEY.RIGHTMETA) || !this.#has(KEY.LEFTSHIFT, KEY.RIGHTSHIFT)) return false;
    if (this.#has(KEY.LEFTCTRL, KEY.RIGHTCTRL, KEY.LEFTALT, KEY.RIGHTALT)) return false;
    return this.#windows()?.moveFocused(step) ?? false;
  }

  #has(...keys: number[]): boolean {
    return keys.some((key) => this.#down.has(key));
  }

  #end(): void {
    this.#cycling?.endCycle();
    this.#cycling = undefined;
  }
}
