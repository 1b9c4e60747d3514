import { noModifiers } from './Front.js';
import { encodeKey, type KeyModifiers } from './KeyEncoder.js';
import { keysyms } from './keysyms.js';
import { type Link, linkAt } from './Links.js';
import { encodeMouse, type MouseAction, NO_BUTTON } from './MouseEncoder.js';
import type { PointerEvents } from './Pointer.js';
import type { Screen } from './Screen.js';
import type { Place, Selection, Unit } from './Selection.js';

/** input-event-codes.h: BTN_LEFT, BTN_RIGHT, BTN_MIDDLE, then the side buttons, as xterm numbers them. */
const buttons = new Map<number, number>([
  [0x110, 0],
  [0x112, 1],
  [0x111, 2],
  [0x113, 8],
  [0x114, 9],
  [0x115, 10],
  [0x116, 11],
]);
const LEFT = 0;
const MIDDLE = 1;
const WHEEL_UP = 4;
const WHEEL_LEFT = 6;

/** Clicks that follow each other within this time on the same cell count together. */
const MULTI_CLICK_MS = 400;
const units: readonly Unit[] = ['character', 'word', 'line'];
const LINES_A_STEP = 3;
/** While the pointer is dragged beyond the top or bottom, what is shown scrolls by a line this often. */
const DRAG_SCROLL_MS = 40;
/** Steps of one event that are reported or scrolled; a broken device may claim any number. */
const STEP_LIMIT = 50;

export interface MouseHost {
  /** A cell's size and the scale, to turn surface coordinates into cells. */
  readonly cell: { readonly width: number; readonly height: number; readonly scale: number };
  readonly modifiers: KeyModifiers;
  /** To the application. */
  send(data: Uint8Array | string): void;
  selected(text: string, serial: number): void;
  pastePrimary(): void;
  followLink(link: Link, serial: number): void;
  /** The link that the pointer is on; undefined: none any more. */
  hovered(link: Link | undefined): void;
}

/**
 * The mouse over the terminal. It belongs to the application when that asked for it (DECSET 9, 1000, 1002, 1003), unless Shift is held;
 * else it selects, pastes and scrolls.
 */
export class Mouse implements PointerEvents {
  readonly #screen: Screen;
  readonly #selection: Selection;
  readonly #host: MouseHost;
  /** In buffer pixels. */
  #x = 0;
  #y = 0;
  /** xterm's number of the button that the application saw going down. */
  #reported: number | undefined;
  #reportedCell = -1;
  #hoveredCell = -1;
  #hoveredControl = false;
  #dragging = false;
  #serial = 0;
  #clicks = 0;
  #lastClick = { time: 0, cell: -1 };
  #fraction = 0;
  #scrollTimer: NodeJS.Timeout | undefined;

  constructor(screen: Screen, selection: Selection, host: MouseHost) {
    this.#screen = screen;
    this.#selection = selection;
    this.#host = host;
  }

  moved(x: number, y: number): void {
    const { scale } = this.#host.cell;
    this.#x = Math.floor(x * scale);
    this.#y = Math.floor(y * scale);
    if (this.#dragging) {
      this.#selection.extend(this.#place());
      this.#scrollWhileBeyond();
      return;
    }
    this.#hover();
    if (!this.#reports) return;
    const pixels = this.#screen.modes.mouseEncoding === 'sgr-pixels';
    const cell = pixels ? this.#y * 65_536 + this.#x : this.#row * this.#screen.columns + this.#column;
    if (cell === this.#reportedCell) return;
    this.#reportedCell = cell;
    this.#report('move', this.#reported ?? NO_BUTTON);
  }

  button(code: number, pressed: boolean, serial: number): void {
    const button = buttons.get(code);
    if (button === undefined) return;
    this.#serial = serial;
    if (!pressed) this.#released(button);
    else if (this.#reports) {
      this.#reported = button;
      this.#reportedCell = this.#row * this.#screen.columns + this.#column;
      this.#report('press', button);
    } else if (button === LEFT) this.#beginSelection();
    else if (button === MIDDLE) this.#host.pastePrimary();
  }

  scrolled(horizontal: number, vertical: number): void {
    const { modes } = this.#screen;
    if (this.#reports) {
      this.#reportWheel(WHEEL_UP, this.#whole(vertical));
      this.#reportWheel(WHEEL_LEFT, Math.trunc(horizontal));
      return;
    }
    const lines = this.#whole(vertical * LINES_A_STEP);
    if (lines === 0) return;
    if (modes.alternateScreen) {
      if (!modes.alternateScroll) return;
      const key = { keysym: lines < 0 ? keysyms.Up : keysyms.Down, text: '', latin: '' };
      const count = Math.min(Math.abs(lines), STEP_LIMIT * LINES_A_STEP);
      this.#host.send(encodeKey(key, noModifiers, modes).repeat(count));
    } else {
      this.#screen.scroll(lines);
    }
  }

  left(): void {
    this.#reportedCell = -1;
    this.#hoveredCell = -1;
    this.#host.hovered(undefined);
  }

  /** The pointer, the window or the screen is another now. */
  reset(): void {
    clearInterval(this.#scrollTimer);
    this.#scrollTimer = undefined;
    this.#dragging = false;
    this.#reported = undefined;
  }

  get #reports(): boolean {
    const tracked = this.#screen.modes.mouseTracking !== 'none';
    return this.#reported !== undefined || (tracked && !this.#host.modifiers.shift);
  }

  get #column(): number {
    return Math.max(0, Math.min(Math.floor(this.#x / this.#host.cell.width), this.#screen.columns - 1));
  }

  get #row(): number {
    return Math.max(0, Math.min(Math.floor(this.#y / this.#host.cell.height), this.#screen.rows - 1));
  }

  /** Between characters for plain selections: the nearer edge of the cell. */
  #place(): Place {
    const line = this.#screen.lineNumber(this.#row);
    if (this.#clicks > 1) return { line, column: this.#column };
    const column = Math.round(this.#x / this.#host.cell.width);
    return { line, column: Math.max(0, Math.min(column, this.#screen.columns)) };
  }

  #beginSelection(): void {
    const { shift, alt, control } = this.#host.modifiers;
    const cell = this.#row * this.#screen.columns + this.#column;
    const now = performance.now();
    const again = now - this.#lastClick.time < MULTI_CLICK_MS && this.#lastClick.cell === cell;
    this.#lastClick = { time: now, cell };
    const link = control ? linkAt(this.#screen, this.#column, this.#row) : undefined;
    if (link) {
      this.#host.followLink(link, this.#serial);
      return;
    }
    this.#dragging = true;
    if (shift && this.#clicks > 0 && !again) {
      this.#selection.extend(this.#place());
      return;
    }
    this.#clicks = again ? (this.#clicks % units.length) + 1 : 1;
    this.#selection.begin(this.#place(), units[this.#clicks - 1]!, alt);
  }

  #released(button: number): void {
    if (this.#reported === button) {
      this.#report('release', button);
      this.#reported = undefined;
      return;
    }
    if (button !== LEFT || !this.#dragging) return;
    this.reset();
    this.#selection.finish();
    const text = this.#selection.text();
    if (text !== '') this.#host.selected(text, this.#serial);
  }

  /** Links that programs made show where they lead; addresses are there to be read, and are marked while Control is held. */
  #hover(): void {
    const cell = this.#row * this.#screen.columns + this.#column;
    const { control } = this.#host.modifiers;
    if (cell === this.#hoveredCell && control === this.#hoveredControl) return;
    this.#hoveredCell = cell;
    this.#hoveredControl = control;
    const link = linkAt(this.#screen, this.#column, this.#row);
    this.#host.hovered(link && (link.declared || control) ? link : undefined);
  }

  #scrollWhileBeyond(): void {
    const height = this.#screen.rows * this.#host.cell.height;
    const direction = this.#y < 0 ? -1 : this.#y >= height ? 1 : 0;
    if (direction === 0) {
      clearInterval(this.#scrollTimer);
      this.#scrollTimer = undefined;
      return;
    }
    this.#scrollTimer ??= setInterval(() => {
      this.#screen.scroll(this.#y < 0 ? -1 : 1);
      this.#selection.extend(this.#place());
    }, DRAG_SCROLL_MS);
  }

  /** Touchpads send fractions of a step; what is left over counts next time. */
  #whole(steps: number): number {
    if (Math.sign(steps) !== Math.sign(this.#fraction)) this.#fraction = 0;
    const sum = this.#fraction + steps;
    const whole = Math.trunc(sum);
    this.#fraction = sum - whole;
    return whole;
  }

  #reportWheel(first: number, steps: number): void {
    for (let step = 0; step < Math.min(Math.abs(steps), STEP_LIMIT); step++) {
      this.#report('press', first + (steps > 0 ? 1 : 0));
    }
  }

  #report(action: MouseAction, button: number): void {
    const { modes } = this.#screen;
    const { shift, alt, control } = this.#host.modifiers;
    const report = encodeMouse(
      {
        action,
        button,
        column: this.#column,
        row: this.#row,
        pixelX: Math.max(0, this.#x),
        pixelY: Math.max(0, this.#y),
        shift,
        alt,
        control,
      },
      modes.mouseTracking,
      modes.mouseEncoding,
    );
    if (report) this.#host.send(report);
  }
}
