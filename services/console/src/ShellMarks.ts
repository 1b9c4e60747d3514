import { hostname } from 'node:os';
import type { IParser } from '@xterm/headless';
import type { CoreBuffer, CoreLine, XtermCore } from './XtermCore.js';

/** Prompts that are remembered; older ones go. */
const PROMPT_LIMIT = 5000;
/** A path as long as the kernel takes. */
const PATH_LIMIT = 4096;
/** A notification's text. More is cut: it is shown on one line. */
const NOTICE_LENGTH = 300;
/** Notifications at most this often: nobody reads faster. */
const NOTICE_PAUSE_MS = 500;

/**
 * What shells say about themselves: where prompts begin (OSC 133;A), the directory they are in (OSC 7), and what programs want the user
 * to notice (OSC 9, OSC 777;notify).
 *
 * Prompts are kept as line numbers (Screen.lineNumber), not as the emulator's markers, which cost every scrolled line a call each.
 */
export class ShellMarks {
  readonly #core: XtermCore;
  readonly #trimmed: () => number;
  #prompts: number[] = [];
  #noticeAt = Number.NEGATIVE_INFINITY;
  /** The shell's directory as it told it; undefined when it never did. */
  directory: string | undefined;

  constructor(
    parser: IParser,
    core: XtermCore,
    trimmed: () => number,
    notified: (title: string, text: string) => void,
  ) {
    this.#core = core;
    this.#trimmed = trimmed;
    parser.registerOscHandler(133, (data) => {
      if (data[0] === 'A') this.#mark();
      return true;
    });
    parser.registerOscHandler(7, (data) => {
      this.directory = localPath(data) ?? this.directory;
      return true;
    });
    const notify = (title: string, text: string) => {
      const now = performance.now();
      if (now - this.#noticeAt < NOTICE_PAUSE_MS || text === '') return;
      this.#noticeAt = now;
      notified(title.slice(0, NOTICE_LENGTH), text.slice(0, NOTICE_LENGTH));
    };
    parser.registerOscHandler(9, (data) => {
      // `9;4;…` is a progress bar's state.
      if (!/^\d+(;|$)/.test(data)) notify('', data);
      return true;
    });
    parser.registerOscHandler(777, (data) => {
      const [kind, title = '', ...text] = data.split(';');
      if (kind === 'notify') notify(title, text.join(';'));
      return true;
    });
  }

  /** The nearest prompt above a line, or below it. */
  promptBefore(line: number): number | undefined {
    return this.#prompts.findLast((prompt) => prompt < line && prompt >= this.#trimmed());
  }
  promptAfter(line: number): number | undefined {
    return this.#prompts.find((prompt) => prompt > line);
  }

  /** Runs what reflows the text, and finds the prompts again: a paragraph keeps its first line's object. */
  reflow(resize: () => void): void {
    const { lines } = this.#normal;
    const before = this.#trimmed();
    const marked = new Set<CoreLine>();
    for (const prompt of this.#prompts) {
      const line = prompt >= before ? lines.get(prompt - before) : undefined;
      if (line) marked.add(line);
    }
    resize();
    this.#prompts = [];
    if (marked.size === 0) return;
    const offset = this.#trimmed();
    for (let y = 0; y < lines.length; y++) if (marked.has(lines.get(y)!)) this.#prompts.push(y + offset);
  }

  get #normal(): CoreBuffer {
    return this.#core._bufferService.buffers.normal;
  }

  #mark(): void {
    const buffer = this.#core._bufferService.buffer;
    if (buffer !== this.#normal) return;
    const line = buffer.ybase + buffer.y + this.#trimmed();
    // A screen that was cleared begins again above.
    while (this.#prompts.length > 0 && this.#prompts[this.#prompts.length - 1]! >= line) this.#prompts.pop();
    this.#prompts.push(line);
    if (this.#prompts.length > PROMPT_LIMIT) this.#prompts.splice(0, PROMPT_LIMIT / 10);
  }
}

/** `file://HOST/PATH`, percent-encoded; undefined when it is another machine's, or none. */
function localPath(address: string): string | undefined {
  if (address.length > 3 * PATH_LIMIT) return undefined;
  try {
    const { protocol, host, pathname } = new URL(address);
    const here = host === '' || host === 'localhost' || host.toLowerCase() === hostname().toLowerCase();
    if (protocol !== 'file:' || !here) return undefined;
    const path = decodeURIComponent(pathname);
    return path.includes('\0') || path.length > PATH_LIMIT ? undefined : path;
  } catch {
    return undefined;
  }
}
