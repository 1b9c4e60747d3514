import type { Log } from '@switchyard/runtime';
import type { Globals } from '@switchyard/wayland';
import { Cursor } from './Cursor.js';
import { DisplayLink } from './DisplayLink.js';
import type { Font } from './Font.js';
import { encodeKey, type KeyModifiers, type KeyPress } from './KeyEncoder.js';
import { Screen } from './Screen.js';
import { Seat } from './Seat.js';
import { Shell } from './Shell.js';
import { View } from './View.js';
import { Window } from './Window.js';

const TITLE = 'Terminal';
/** Until the window has a size. */
const FIRST_COLUMNS = 80;
const FIRST_ROWS = 24;

export interface ConsoleOptions {
  readonly command: readonly string[];
  readonly directory: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Sockets of the display, the preferred one first. */
  readonly displays: readonly string[];
  /** At scale 1. */
  readonly font: Promise<Font>;
  readonly log: Log;
}

/** The terminal session: a screen, a shell, and a window while there is a display. */
export class Console {
  readonly screen: Screen;
  /** Resolves with the exit status when the session is over. */
  readonly ended: Promise<number>;
  readonly #options: ConsoleOptions;
  readonly #cursor: Cursor;
  readonly #link: DisplayLink;
  #view: View | undefined;
  #window: Window | undefined;
  #seat: Seat | undefined;
  #shell: Shell | undefined;
  #title = TITLE;
  #baseFont: Font | undefined;
  #end: (status: number) => void = () => {};

  constructor(options: ConsoleOptions) {
    this.#options = options;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    const changed = () => this.#changed();
    this.screen = new Screen(FIRST_COLUMNS, FIRST_ROWS, {
      answer: (text) => this.#shell?.write(text),
      changed,
      title: (title) => this.#setTitle(title),
      bell() {},
      copied() {},
    });
    this.#cursor = new Cursor(this.screen, changed);
    this.#link = new DisplayLink(options.displays, {
      connected: (_, globals) => void this.#connected(globals),
      lost: (error) => this.#lost(error),
      gaveUp: (error) => {
        this.#options.log.error({ error: error.message }, 'no display');
        this.#end(1);
      },
    });
    this.#link.open();
  }

  close(): void {
    this.#shell?.hangUp();
    this.#link.close();
    this.#view?.close();
    this.#cursor.close();
    this.screen.close();
  }

  async #connected(globals: Globals): Promise<void> {
    // A font that cannot be loaded ends the program, at whoever made the promise.
    const font = await this.#options.font.catch(() => undefined);
    if (!font) return;
    this.#baseFont ??= font;
    this.#view ??= new View(this.screen, font, {
      cursor: this.#cursor,
      selection: { columnsOf: () => undefined },
      flash: false,
    });
    try {
      this.#window = new Window(globals, this.#title, {
        resized: (width, height, scale) => this.#resized(width, height, scale),
        frameDone: () => this.#view?.frameDone(),
        closed: () => this.#end(0),
      });
      this.#seat = new Seat(globals, {
        focus: (focused) => this.#focus(focused),
        key: (key, modifiers) => this.#key(key, modifiers),
        modifiers() {},
      });
    } catch (error) {
      this.#options.log.error({ error: String(error) }, 'this display cannot show a terminal');
      this.#end(1);
      return;
    }
    this.#view.window = this.#window;
  }

  #lost(error: Error): void {
    this.#options.log.warn({ error: error.message }, 'the display is gone; waiting for it');
    if (this.#view) this.#view.window = undefined;
    this.#window?.dispose();
    this.#seat?.dispose();
    this.#window = undefined;
    this.#seat = undefined;
    this.#cursor.focus(false);
  }

  #resized(width: number, height: number, scale: number): void {
    const base = this.#baseFont;
    if (!base || !this.#view) return;
    const size = base.size * scale;
    const font = this.#view.font.size === size ? this.#view.font : base.resized(size);
    const columns = Math.max(2, Math.floor(width / font.cellWidth));
    const rows = Math.max(1, Math.floor(height / font.cellHeight));
    this.screen.resize(columns, rows, [font.cellWidth, font.cellHeight]);
    this.#shell?.resize(columns, rows);
    this.#view.resize(font);
    this.#view.draw();
    if (!this.#shell) this.#startShell();
  }

  #startShell(): void {
    try {
      this.#shell = new Shell(
        {
          command: this.#options.command,
          columns: this.screen.columns,
          rows: this.screen.rows,
          environment: this.#options.environment,
          directory: this.#options.directory,
        },
        {
          output: (bytes) => this.screen.write(bytes),
          exited: (status, signal) => this.#end(signal > 0 ? 128 + signal : status),
        },
      );
    } catch (error) {
      this.screen.write(`\x1b[31m${(error as Error).message}\x1b[m\r\nPress a key to close this terminal.`);
    }
  }

  #changed(): void {
    this.#cursor?.update();
    this.#view?.invalidate();
  }

  #setTitle(title: string): void {
    this.#title = title || TITLE;
    if (this.#window) this.#window.title = this.#title;
  }

  #focus(focused: boolean): void {
    this.#cursor.focus(focused);
    if (this.screen.modes.focusReports) this.#shell?.write(focused ? '\x1b[I' : '\x1b[O');
  }

  #key(key: KeyPress, modifiers: KeyModifiers): void {
    if (!this.#shell) {
      this.#end(1);
      return;
    }
    const text = encodeKey(key, modifiers, this.screen.modes);
    if (text === '') return;
    this.#cursor.typed();
    this.screen.scrollToBottom();
    this.#shell.write(text);
  }
}
