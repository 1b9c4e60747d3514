import type { Log } from '@switchyard/runtime';
import { Bell } from './Bell.js';
import { Cursor } from './Cursor.js';
import { FONT_SIZES, type Font } from './Font.js';
import type { Canvas, Front } from './Front.js';
import { Mouse } from './Mouse.js';
import { Pictures } from './Pictures.js';
import { Screen } from './Screen.js';
import { Selection } from './Selection.js';
import { Shell } from './Shell.js';
import { TerminalInput } from './TerminalInput.js';
import { View } from './View.js';

const TITLE = 'Terminal';
/** Until the window has a size. */
const FIRST_COLUMNS = 80;
const FIRST_ROWS = 24;
/** @xterm/headless knows no narrower screen. */
const LEAST_COLUMNS = 2;
/** Each step of zooming changes the font's size by this factor. */
const ZOOM = 1.1;

export interface ConsoleOptions {
  readonly command: readonly string[];
  readonly directory: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly front: Front;
  /** At scale 1. */
  readonly font: Promise<Font>;
  readonly log: Log;
  /** The screen's size in characters is another one. */
  readonly resized?: () => void;
  /** The console came up again, somewhere else. */
  readonly frontChanged?: () => void;
}

/** The terminal session: a screen, a shell, and a front that shows it. The shell outlives what shows it. */
export class Console {
  readonly screen: Screen;
  /** Resolves with the exit status when the session is over. */
  readonly ended: Promise<number>;
  readonly #options: ConsoleOptions;
  readonly #selection: Selection;
  readonly #cursor: Cursor;
  readonly #bell: Bell;
  readonly #input: TerminalInput;
  readonly #mouse: Mouse;
  readonly #front: Front;
  readonly #pictures = new Pictures();
  #view: View | undefined;
  #canvas: Canvas | undefined;
  #shell: Shell | undefined;
  /** The program could not be started; a key ends the session. */
  #failed = false;
  #frontLost = false;
  #title = TITLE;
  #baseFont: Font | undefined;
  #zoom = 0;
  #pixels = { width: 0, height: 0, scale: 1 };
  #end: (status: number) => void = () => {};

  constructor(options: ConsoleOptions) {
    this.#options = options;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    const changed = () => this.#changed();
    this.#bell = new Bell(changed);
    this.screen = new Screen(
      FIRST_COLUMNS,
      FIRST_ROWS,
      {
        answer: (text) => this.#shell?.answer(text),
        changed,
        title: (title) => this.#setTitle(title),
        bell: () => this.#bell.ring(),
        copied: (board, text) => this.#input.copy(board, text),
        notified() {},
      },
      this.#pictures,
    );
    this.#selection = new Selection(this.screen, changed);
    this.#cursor = new Cursor(this.screen, changed);
    this.#input = this.#createInput();
    this.#mouse = new Mouse(this.screen, this.#selection, this.#input);
    this.#front = options.front;
    this.#front.open({
      prepared: () => this.#prepared(),
      appeared: (canvas) => this.#appeared(canvas),
      resized: (width, height, scale) => this.#resized(width, height, scale),
      frameDone: () => this.#view?.frameDone(),
      lost: (error) => this.#lost(error),
      gaveUp: (what, error) => this.#fail(what, error),
      closed: () => this.#end(0),
      keyboard: {
        focus: (focused) => this.#input.focus(focused),
        key: (key, modifiers, serial) => {
          if (this.#failed && key.event !== 'release') this.#end(1);
          else this.#input.key(key, modifiers, serial);
        },
      },
      pointer: this.#mouse,
    });
  }

  close(): void {
    this.#shell?.hangUp();
    this.#view?.close();
    this.#mouse.reset();
    this.#front.close();
    this.#cursor.close();
    this.#bell.close();
    this.screen.close();
  }

  #createInput(): TerminalInput {
    const console = this;
    return new TerminalInput(this.screen, this.#selection, this.#cursor, {
      get cell() {
        const font = console.#view?.font;
        return { width: font?.cellWidth ?? 1, height: font?.cellHeight ?? 1, scale: console.#pixels.scale };
      },
      get modifiers() {
        return console.#front.modifiers;
      },
      get clipboard() {
        return console.#front.clipboard;
      },
      send: (data) => this.#shell?.write(data),
      zoom: (step) => this.#zoomBy(step),
    });
  }

  async #prepared(): Promise<boolean> {
    // A font that cannot be loaded ends the program, at whoever made the promise.
    const font = await this.#options.font.catch(() => undefined);
    if (!font) return false;
    this.#baseFont ??= font;
    this.#view ??= new View(
      this.screen,
      font,
      { cursor: this.#cursor, selection: this.#selection, bell: this.#bell },
      this.#pictures,
    );
    return true;
  }

  #appeared(canvas: Canvas): void {
    this.#canvas = canvas;
    canvas.title = this.#title;
    if (this.#view) this.#view.canvas = canvas;
  }

  #lost(error: Error): void {
    this.#options.log.warn({ error: error.message }, 'the console is not shown any more; it waits');
    this.#frontLost = true;
    if (this.#view) this.#view.canvas = undefined;
    this.#canvas = undefined;
    this.#mouse.reset();
    this.#input.focus(false);
  }

  #fail(what: string, error: unknown): void {
    this.#options.log.error({ error: error instanceof Error ? error.message : String(error) }, what);
    this.#end(1);
  }

  #resized(width: number, height: number, scale: number): void {
    this.#pixels = { width, height, scale };
    this.#layOut();
    if (!this.#shell && !this.#failed) this.#startShell();
    if (this.#frontLost) this.#options.frontChanged?.();
    this.#frontLost = false;
  }

  /** As many cells as the window has room for. */
  #layOut(): void {
    const { width, height, scale } = this.#pixels;
    const base = this.#baseFont;
    const view = this.#view;
    if (!base || !view || width === 0) return;
    const wanted = Math.round(base.size * ZOOM ** this.#zoom * scale);
    const size = Math.max(FONT_SIZES.least, Math.min(wanted, FONT_SIZES.most * scale));
    const font = view.font.size === size ? view.font : base.resized(size);
    const columns = Math.max(LEAST_COLUMNS, Math.floor(width / font.cellWidth));
    const rows = Math.max(1, Math.floor(height / font.cellHeight));
    if (columns !== this.screen.columns || rows !== this.screen.rows) this.#selection.clear();
    this.screen.resize(columns, rows, [font.cellWidth, font.cellHeight]);
    this.#shell?.resize(columns, rows, width, height);
    view.resize(font);
    view.draw();
    this.#options.resized?.();
  }

  #zoomBy(step: -1 | 0 | 1): void {
    const before = this.#zoom;
    this.#zoom = step === 0 ? 0 : Math.max(-8, Math.min(before + step, 16));
    if (this.#zoom === before) return;
    this.#canvas?.renew();
    this.#layOut();
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
          output: (bytes) => {
            this.#view?.output(bytes.length);
            this.screen.write(bytes);
          },
          exited: (status, signal) => this.#end(signal > 0 ? 128 + signal : status),
        },
      );
      this.#shell.resize(this.screen.columns, this.screen.rows, this.#pixels.width, this.#pixels.height);
    } catch (error) {
      this.#failed = true;
      const message = error instanceof Error ? error.message : String(error);
      this.#options.log.error({ error: message }, 'the program could not be started');
      this.screen.write(`\x1b[31m${message}\x1b[m\r\nPress a key to close this terminal.`);
    }
  }

  #changed(): void {
    // Output of the very first turn comes before there is a cursor.
    this.#cursor?.update();
    this.#view?.invalidate();
  }

  #setTitle(title: string): void {
    this.#title = title || TITLE;
    if (this.#canvas) this.#canvas.title = this.#title;
  }
}
