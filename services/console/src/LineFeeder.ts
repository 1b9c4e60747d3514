import { type DeferredLine, type DeferredLineClass, deferredLines, type LineClass } from './DeferredLine.js';
import type { ActiveBuffer, CoreLine, XtermCore } from './XtermCore.js';

/**
 * Takes the place of the emulator's line feed where a screen or a region scrolls and where the cursor only goes down: without the
 * emulator's events, which nobody here hears, and its copies. All else (a region at the top, a user who scrolled up) is left to it.
 */
export class LineFeeder {
  readonly #core: XtermCore;
  readonly #fed: () => void;
  readonly #Line: DeferredLineClass;
  /** Lines that fell off the scrollback and that nobody was told of. */
  #trimmed = 0;

  /** `fed` is told of each line feed. */
  constructor(core: XtermCore, fed: () => void) {
    this.#core = core;
    this.#fed = fed;
    this.#Line = deferredLines(core._bufferService.buffer.lines.get(0)!.constructor as LineClass);
  }

  /** Tells those who count lines what has scrolled away. To be done before anybody but the feeder and a printer is at work. */
  flush(): void {
    const trimmed = this.#trimmed;
    if (trimmed === 0) return;
    this.#trimmed = 0;
    this.#core._inputHandler._activeBuffer.lines.onTrimEmitter.fire(trimmed);
  }

  /** Hot. */
  feed(): void {
    const input = this.#core._inputHandler;
    const service = this.#core._bufferService;
    const buffer = input._activeBuffer;
    this.#fed();
    if (buffer.y === buffer.scrollBottom) {
      if (!this.#scroll(buffer, false)) {
        this.flush();
        input.lineFeed();
        return;
      }
    } else if (buffer.y + 1 < service.rows) {
      buffer.y++;
      buffer.lines.get(buffer.ybase + buffer.y)!.isWrapped = false;
    }
    if (buffer.x >= service.cols) buffer.x--;
  }

  /** The text goes on in the next line; false when that is the emulator's to do. */
  wrap(): boolean {
    const buffer = this.#core._inputHandler._activeBuffer;
    if (buffer.y === buffer.scrollBottom) {
      if (!this.#scroll(buffer, true)) return false;
    } else if (buffer.y + 1 < this.#core._bufferService.rows) {
      buffer.y++;
      buffer.lines.get(buffer.ybase + buffer.y)!.isWrapped = true;
    } else {
      return false;
    }
    buffer.x = 0;
    return true;
  }

  /** The lines go up and a blank one comes; false when that is the emulator's to do. */
  #scroll(buffer: ActiveBuffer, isWrapped: boolean): boolean {
    const service = this.#core._bufferService;
    const { lines, scrollTop } = buffer;
    const erased = this.#core._inputHandler._eraseAttrData();
    if (erased.fg !== 0 || service.isUserScrolling) return false;
    if (scrollTop === 0) {
      if (buffer.scrollBottom !== service.rows - 1 || buffer.ybase + service.rows !== lines.length)
        return false;
      if (lines._length < lines._maxLength) this.#grow(buffer);
      else {
        // What `recycle` does, told later.
        lines._startIndex = (lines._startIndex + 1) % lines._maxLength;
        this.#trimmed++;
      }
      this.#clear(buffer, lines.length - 1, lines.get(lines.length - 1), erased.bg, isWrapped);
      return true;
    }
    // Of a region nothing is kept: its first line becomes its last.
    const top = buffer.ybase + scrollTop;
    const bottom = buffer.ybase + buffer.scrollBottom;
    const first = lines.get(top);
    for (let y = top; y < bottom; y++) lines.set(y, lines.get(y + 1)!);
    this.#clear(buffer, bottom, first, erased.bg, isWrapped);
    return true;
  }

  #grow(buffer: ActiveBuffer): void {
    const { lines } = buffer;
    lines.push(new this.#Line(this.#core._bufferService.cols));
    buffer.ybase++;
    buffer.ydisp = buffer.ybase;
  }

  /** Puts a line there, which was another one's, or a new one in its stead. */
  #clear(
    buffer: ActiveBuffer,
    y: number,
    line: CoreLine | undefined,
    background: number,
    isWrapped: boolean,
  ): void {
    const columns = this.#core._bufferService.cols;
    const usable = line instanceof this.#Line && line.length === columns;
    const cleared = usable ? line : new this.#Line(columns);
    cleared.clear(background);
    cleared.isWrapped = isWrapped;
    buffer.lines.set(y, cleared);
  }

  /** The line, when text that is printed on it from its first column may be deferred. */
  deferrable(line: CoreLine): DeferredLine | undefined {
    const { cols } = this.#core._bufferService;
    return line instanceof this.#Line && line.isBlank && line.length === cols ? line : undefined;
  }
}
