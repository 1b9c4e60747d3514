import type { Terminal } from '@xterm/headless';
import type { XtermCore } from './XtermCore.js';

/** Hyperlink markers in a buffer. A link beyond them is printed as plain text. */
const MARKER_LIMIT = 10_000;
/** Lines that one link may cover: every character of an open link is checked against all of its lines. */
const LINES_PER_LINK = 200;

/** OSC 8, bounded: what a program links is kept by the emulator for as long as its lines are. */
export class Hyperlinks {
  readonly #core: XtermCore;
  #open = false;
  #lines = 0;

  constructor(terminal: Terminal, core: XtermCore) {
    this.#core = core;
    terminal.parser.registerOscHandler(8, (data) => {
      const opens = !data.endsWith(';');
      if (opens && core._bufferService.buffer.markers.length >= MARKER_LIMIT) return true;
      this.#open = opens;
      this.#lines = 0;
      return false;
    });
  }

  /** The cursor went down so many lines. */
  linesFed(lines: number): void {
    if (this.#open) this.#lines += lines;
  }

  /** Ends a link that somebody forgot to end. */
  written(): void {
    if (this.#open && this.#lines > LINES_PER_LINK) this.#core.writeSync('\x1b]8;;\x1b\\');
  }

  address(urlId: number): string | undefined {
    return this.#core._oscLinkService.getLinkData(urlId)?.uri;
  }
}
