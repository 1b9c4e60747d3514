import { type DeferredLine, type DeferredLineClass, deferredLines, type LineClass } from './DeferredLine.js';
import { type ActiveBuffer, type CoreLine, colourMode, type XtermCore } from './XtermCore.js';

/** Of an attribute's word. */
const COLOUR = colourMode.mask | 0xffffff;

/**
 * Takes the place of the emulator's line feed where a screen or a region scrolls and where the cursor only goes down: without the
 * emulator's events, which nobody here hears, and its copies. All else (a region at the top, a user who scrolled up) is left to it.
 */
export class LineFeeder {
  readonly #core: XtermCore;
  readonly #fed: (lines: number) => void;
  readonly #Line: DeferredLineClass;
  /** Lines that fell off the scrollback and that nobody was told of. */
  #trimmed = 0;
  /** The ring of lines while it does nothing but turn: each line feed takes the oldest line for the new one. */
  #ring: (CoreLine | undefined)[] | undefined;
  #oldest = 0;
  #turned = 0;
  #feeds = 0;

  /** `fed` is told of line feeds. */
  constructor(core: XtermCore, fed: (lines: number) => void) {
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
    this.#fed(1);
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

  /** The cursor's line, when text that is printed on it from its first column may be deferred. */
  deferrable(): DeferredLine | undefined {
    const { cols } = this.#core._bufferService;
    const buffer = this.#core._inputHandler._activeBuffer;
    const line = buffer.lines.get(buffer.ybase + buffer.y);
    return line instanceof this.#Line && line.isBlank && line.length === cols ? line : undefined;
  }

  /** Between this and `end` there is nothing but `next`, and nobody looks. */
  begin(): void {
    const { _activeBuffer: buffer } = this.#core._inputHandler;
    const service = this.#core._bufferService;
    const { lines } = buffer;
    const turns =
      buffer.y === service.rows - 1 &&
      buffer.scrollTop === 0 &&
      buffer.scrollBottom === buffer.y &&
      buffer.ybase + service.rows === lines._maxLength &&
      lines._length === lines._maxLength &&
      !service.isUserScrolling &&
      this.#core._inputHandler._eraseAttrData().fg === 0;
    this.#ring = turns ? lines._array : undefined;
    this.#oldest = lines._startIndex % lines._maxLength;
  }

  /**
   * Hot. The cursor goes from the first column to that of the next line, where the text goes on or a new one begins. That line, when text
   * may be deferred on it. `attributes`: the word with the background of new lines.
   */
  next(isWrapped: boolean, attributes: number): DeferredLine | undefined {
    const ring = this.#ring;
    if (!ring) return this.#nextByStep(isWrapped);
    if (!isWrapped) this.#feeds++;
    const at = this.#oldest;
    const oldest = ring[at];
    this.#oldest = at + 1 === ring.length ? 0 : at + 1;
    this.#turned++;
    const usable = oldest instanceof this.#Line && oldest.length === this.#core._bufferService.cols;
    const line = usable ? oldest : new this.#Line(this.#core._bufferService.cols);
    if (!usable) ring[at] = line;
    line.clear(attributes & COLOUR);
    line.isWrapped = isWrapped;
    return line;
  }

  end(): void {
    if (this.#turned > 0) {
      this.#core._inputHandler._activeBuffer.lines._startIndex = this.#oldest;
      this.#trimmed += this.#turned;
    }
    if (this.#feeds > 0) this.#fed(this.#feeds);
    this.#turned = 0;
    this.#feeds = 0;
    this.#ring = undefined;
  }

  #nextByStep(isWrapped: boolean): DeferredLine | undefined {
    const buffer = this.#core._inputHandler._activeBuffer;
    if (!isWrapped) this.feed();
    else if (!this.wrap()) {
      buffer.x = this.#core._bufferService.cols;
      return undefined;
    }
    return this.deferrable();
  }
}
