import xterm, { type Terminal } from '@xterm/headless';
import { registerColourCommands } from './ColourCommands.js';
import { graphemeWidths } from './GraphemeWidths.js';
import { Graphics, withoutTiles } from './Graphics.js';
import { Hyperlinks } from './Hyperlinks.js';
import { registerIdentity } from './Identity.js';
import { LineFeeder } from './LineFeeder.js';
import { Palette } from './Palette.js';
import { Pictures } from './Pictures.js';
import { PlainReader } from './PlainReader.js';
import { ShellMarks } from './ShellMarks.js';
import { TerminalModes } from './TerminalModes.js';
import { type Theme, usualTheme } from './Themes.js';
import { type CoreBuffer, type CoreLine, coreOf, type XtermCore } from './XtermCore.js';

/** Lines kept above the screen, as long as nobody set their bytes. */
const SCROLLBACK_LINES = 10_000;
/** … and their bytes: wide screens keep fewer lines. */
const SCROLLBACK_BYTES = 32 << 20;
/** A cell's words, and a line's own objects. */
const BYTES_PER_CELL = 12;
const BYTES_PER_LINE = 400;
/** A program's text for the clipboard (OSC 52), decoded. More is ignored. */
const CLIPBOARD_BYTES = 1 << 20;
const TITLE_LENGTH = 256;
/** A program that begins a synchronized update and never ends it is shown after this time (the specification suggests a second). */
const SYNCHRONIZED_MS = 1000;

export interface ScreenEvents {
  /** Text that the terminal itself sends to the application: answers to queries. */
  answer(text: string): void;
  /** Something that is drawn may have changed. */
  changed(): void;
  title(title: string): void;
  bell(): void;
  /** OSC 52: the application sets the clipboard (`c`) or the primary selection (`p`). */
  copied(selection: 'clipboard' | 'primary', text: string): void;
  /** The application wants the user to notice something; the title may be ''. */
  notified(title: string, text: string): void;
}

export type CursorShape = 'block' | 'underline' | 'bar';

/** What the user settles, beside what programs may change. */
export interface ScreenSettings {
  readonly theme: Theme;
  readonly boldIsBright: boolean;
  readonly cursorShape: CursorShape;
  readonly cursorBlinks: boolean;
  /** Undefined: 32 MiB, and 10,000 lines at most. */
  readonly scrollbackBytes: number | undefined;
  /** OSC 52 is obeyed. */
  readonly programsCopy: boolean;
}

const usualSettings: ScreenSettings = {
  theme: usualTheme,
  boldIsBright: true,
  cursorShape: 'block',
  cursorBlinks: false,
  scrollbackBytes: undefined,
  programsCopy: true,
};

function scrollbackFor(columns: number, bytes: number | undefined): number {
  const lines = Math.floor((bytes ?? SCROLLBACK_BYTES) / (columns * BYTES_PER_CELL + BYTES_PER_LINE));
  return bytes === undefined ? Math.min(SCROLLBACK_LINES, lines) : lines;
}

/** The emulated screen: bytes go in, cells, cursor, modes and text come out. Parsing is synchronous: what was written is on the screen. */
export class Screen {
  readonly palette = new Palette();
  readonly modes: TerminalModes;
  readonly links: Hyperlinks;
  readonly marks: ShellMarks;
  readonly #terminal: Terminal;
  readonly #core: XtermCore;
  readonly #events: ScreenEvents;
  readonly #graphics: Graphics;
  #settings = usualSettings;
  #trimmed = 0;
  #synchronizedTimer: NodeJS.Timeout | undefined;
  #cellPixels: readonly [number, number] = [0, 0];

  /** `pictures`: where those that programs show are kept; shared by the screens that one view shows. */
  constructor(columns: number, rows: number, events: ScreenEvents, pictures = new Pictures()) {
    this.#events = events;
    this.#terminal = new xterm.Terminal({
      cols: columns,
      rows,
      allowProposedApi: true,
      scrollback: scrollbackFor(columns, undefined),
      logLevel: 'off',
      windowOptions: {
        pushTitle: true,
        popTitle: true,
        getWinSizePixels: true,
        getCellSizePixels: true,
        getWinSizeChars: true,
      },
    });
    this.#core = coreOf(this.#terminal);
    this.#terminal.unicode.register(graphemeWidths);
    this.#terminal.unicode.activeVersion = graphemeWidths.version;
    this.modes = new TerminalModes(this.#terminal, events.answer);
    this.links = new Hyperlinks(this.#terminal, this.#core);
    const reader = new PlainReader(
      this.#core,
      new LineFeeder(this.#core, (lines) => this.links.linesFed(lines)),
    );
    this.#terminal.onData((text) => events.answer(text));
    this.#terminal.onTitleChange((title) => events.title(title.slice(0, TITLE_LENGTH)));
    this.#terminal.onBell(() => events.bell());
    this.#core._bufferService.buffers.normal.lines.onTrim((lines) => {
      this.#trimmed += lines;
    });
    const parser = this.#terminal.parser;
    this.marks = new ShellMarks(parser, this.#core, () => this.#trimmed, events.notified);
    this.#graphics = new Graphics(parser, this.#core, reader, pictures, events.answer);
    registerColourCommands(parser, this.palette, events.answer, events.changed);
    parser.registerOscHandler(52, (data) => this.#copy(data));
    parser.registerCsiHandler({ final: 't' }, (parameters) => this.#reportSize(parameters[0]));
    registerIdentity(parser, events.answer);
    parser.registerEscHandler({ final: 'c' }, () => {
      this.palette.resetAll();
      for (const name of ['foreground', 'background', 'cursor'] as const) this.palette.resetNamed(name);
      return false;
    });
  }

  get columns(): number {
    return this.#terminal.cols;
  }
  get rows(): number {
    return this.#terminal.rows;
  }
  get #buffer(): CoreBuffer {
    return this.#core._bufferService.buffer;
  }

  /** Other settings from now on. */
  configure(settings: ScreenSettings): void {
    this.#settings = settings;
    this.palette.boldIsBright = settings.boldIsBright;
    this.palette.use(settings.theme);
    this.modes.schemeChanged(this.palette.isDark);
    this.resize(this.columns, this.rows);
  }

  write(bytes: Uint8Array | string): void {
    if (typeof bytes === 'string') this.#core.writeSync(bytes);
    else this.#graphics.write(bytes);
    this.links.written();
    this.#watchSynchronizedOutput();
    this.#events.changed();
  }

  /** The text reflows. `cellPixels` is what programs are told when they ask for sizes in pixels. */
  resize(columns: number, rows: number, cellPixels: readonly [number, number] = this.#cellPixels): void {
    this.#cellPixels = cellPixels;
    this.#graphics.cell = cellPixels;
    this.marks.reflow(() => {
      this.#terminal.options.scrollback = scrollbackFor(columns, this.#settings.scrollbackBytes);
      this.#terminal.resize(columns, rows);
    });
    this.modes.resized(rows, columns, cellPixels);
    this.#events.changed();
  }

  /** The program has asked for its output so far not to be shown yet (DECSET 2026). */
  get holdsOutput(): boolean {
    return this.#core.coreService.decPrivateModes.synchronizedOutput;
  }

  /** One of the rows shown, with scrollback applied. */
  row(y: number): CoreLine | undefined {
    return this.#buffer.lines.get(this.#buffer.ydisp + y);
  }

  /** Lines are named by numbers that stay theirs while older ones fall off the scrollback. Of the alternate screen, by row. */
  lineNumber(y: number): number {
    return this.#buffer.ydisp + y + this.#offset;
  }
  line(number: number): CoreLine | undefined {
    return number < this.#offset ? undefined : this.#buffer.lines.get(number - this.#offset);
  }
  get firstLine(): number {
    return this.#offset;
  }
  get lastLine(): number {
    return this.#offset + this.#buffer.lines.length - 1;
  }
  get #offset(): number {
    return this.modes.alternateScreen ? 0 : this.#trimmed;
  }

  /** Where the cursor is drawn among the rows shown; undefined when it is hidden or scrolled out. */
  get cursor(): { x: number; y: number } | undefined {
    return this.#core.coreService.isCursorHidden ? undefined : this.place;
  }
  /** Where the program writes, be the cursor hidden or not; undefined when that is scrolled out. */
  get place(): { x: number; y: number } | undefined {
    const buffer = this.#buffer;
    const y = buffer.ybase + buffer.y - buffer.ydisp;
    if (y >= this.rows) return undefined;
    return { x: Math.min(buffer.x, this.columns - 1), y };
  }
  get cursorShape(): CursorShape {
    return this.#core.coreService.decPrivateModes.cursorStyle ?? this.#settings.cursorShape;
  }
  get cursorBlinks(): boolean {
    return this.#core.coreService.decPrivateModes.cursorBlink ?? this.#settings.cursorBlinks;
  }

  /** Scrolls what is shown by lines, down when positive; true when that moved it. */
  scroll(lines: number): boolean {
    const before = this.#buffer.ydisp;
    this.#terminal.scrollLines(lines);
    if (before === this.#buffer.ydisp) return false;
    this.#events.changed();
    return true;
  }
  /** Shows the line at the top, or as near to it as there are lines below. */
  scrollToLine(number: number): void {
    this.scroll(number - this.#offset - this.#buffer.ydisp);
  }
  scrollToTop(): void {
    this.scroll(-this.#buffer.ydisp);
  }
  scrollToBottom(): void {
    this.scroll(this.#buffer.ybase - this.#buffer.ydisp);
  }

  /** The rows of the screen proper, trailing spaces cut. */
  text(): string {
    return this.#textOf(this.#buffer.ybase, this.#buffer.ybase + this.rows);
  }
  /** The last `rows` rows above the screen. */
  scrollback(rows: number): string {
    return this.#textOf(Math.max(0, this.#buffer.ybase - rows), this.#buffer.ybase);
  }
  #textOf(from: number, to: number): string {
    const lines: string[] = [];
    for (let y = from; y < to; y++) {
      const text = this.#buffer.lines.get(y)?.translateToString(true) ?? '';
      lines.push(withoutTiles(text).trimEnd());
    }
    return lines.join('\n');
  }

  close(): void {
    clearTimeout(this.#synchronizedTimer);
    this.#terminal.dispose();
  }

  #watchSynchronizedOutput(): void {
    if (this.holdsOutput === (this.#synchronizedTimer !== undefined)) return;
    clearTimeout(this.#synchronizedTimer);
    this.#synchronizedTimer = this.holdsOutput
      ? setTimeout(() => {
          this.#synchronizedTimer = undefined;
          this.#core.coreService.decPrivateModes.synchronizedOutput = false;
          this.#events.changed();
        }, SYNCHRONIZED_MS)
      : undefined;
  }

  /** `OSC 52 ; selections ; base64`. A query (`?`) stays unanswered: a program must not read what the user copied elsewhere. */
  #copy(data: string): boolean {
    if (!this.#settings.programsCopy) return true;
    const separator = data.indexOf(';');
    const encoded = data.slice(separator + 1);
    if (separator < 0 || encoded === '?' || (encoded.length * 3) / 4 > CLIPBOARD_BYTES) return true;
    if (!/^[A-Za-z0-9+/]*={0,2}$/.test(encoded)) return true;
    const text = Buffer.from(encoded, 'base64').toString('utf8');
    this.#events.copied(data.slice(0, separator) === 'p' ? 'primary' : 'clipboard', text);
    return true;
  }

  /** CSI 14, 16, 18 t: the text area and a cell in pixels, the screen in characters. Other window operations stay xterm's. */
  #reportSize(operation: number | number[] | undefined): boolean {
    const [width, height] = this.#cellPixels;
    if (operation === 14) this.#events.answer(`\x1b[4;${height * this.rows};${width * this.columns}t`);
    else if (operation === 16) this.#events.answer(`\x1b[6;${height};${width}t`);
    else if (operation === 18) this.#events.answer(`\x1b[8;${this.rows};${this.columns}t`);
    else return false;
    return true;
  }
}
