import { readlinkSync, statSync } from 'node:fs';
import type { Fd } from '@switchyard/sys';
import { type Config, themeOf } from './Config.js';
import { Cursor } from './Cursor.js';
import { Mouse } from './Mouse.js';
import type { Pictures } from './Pictures.js';
import { Recorder } from './Recorder.js';
import { Screen } from './Screen.js';
import { Selection } from './Selection.js';
import { Shell } from './Shell.js';
import type { TabName } from './TabBar.js';
import { type InputHost, TerminalInput } from './TerminalInput.js';

const TITLE = 'Terminal';
/** Recordings of one terminal at a time. */
const RECORDER_LIMIT = 8;
/** Until the window has a size. */
const FIRST_COLUMNS = 80;
const FIRST_ROWS = 24;

export interface TabHost extends Omit<InputHost, 'send'> {
  readonly pictures: Pictures;
  /** What this tab shows may be different now. */
  changed(tab: Tab): void;
  /** So many bytes came. */
  output(tab: Tab, bytes: number): void;
  titleChanged(tab: Tab): void;
  bell(tab: Tab): void;
  notified(tab: Tab, title: string, text: string): void;
  ended(tab: Tab, status: number): void;
}

export interface Program {
  readonly command: readonly string[];
  readonly directory: string;
  readonly environment: NodeJS.ProcessEnv;
}

/**
 * One terminal: a screen, the program behind it, and what the user does with both.
 *
 *   new ──start──▶ running ──exit──▶ ended
 *          └─cannot─▶ failed ──a key──▶ ended
 */
export class Tab implements TabName {
  readonly screen: Screen;
  readonly selection: Selection;
  readonly cursor: Cursor;
  readonly input: TerminalInput;
  readonly mouse: Mouse;
  readonly #host: TabHost;
  #shell: Shell | undefined;
  #title = '';
  readonly #recorders = new Set<Recorder>();
  /** The program could not be started; a key ends the tab. */
  #failure: string | undefined;
  /** Something happened while another one was shown. */
  noticed = false;

  constructor(host: TabHost) {
    this.#host = host;
    const changed = () => {
      // Output of the very first turn comes before there is a cursor.
      this.cursor?.update();
      host.changed(this);
    };
    this.screen = new Screen(
      FIRST_COLUMNS,
      FIRST_ROWS,
      {
        answer: (text) => this.#shell?.answer(text),
        changed,
        title: (title) => {
          this.#title = title;
          host.titleChanged(this);
        },
        bell: () => host.bell(this),
        copied: (board, text) => this.input.copy(board, text),
        notified: (title, text) => host.notified(this, title, text),
      },
      host.pictures,
    );
    this.selection = new Selection(this.screen, changed);
    this.cursor = new Cursor(this.screen, changed);
    const send = (data: string | Uint8Array) => this.#shell?.write(data);
    this.input = new TerminalInput(this.screen, this.selection, this.cursor, {
      get cell() {
        return host.cell;
      },
      get modifiers() {
        return host.modifiers;
      },
      get clipboard() {
        return host.clipboard;
      },
      get bindings() {
        return host.bindings;
      },
      get tabs() {
        return host.tabs;
      },
      send,
      command: (command) => host.command(command),
      hovered: (link) => host.hovered(link),
      follow: (link) => host.follow(link),
    });
    this.mouse = new Mouse(this.screen, this.selection, this.input);
  }

  get title(): string {
    return this.#title || TITLE;
  }
  get started(): boolean {
    return this.#shell !== undefined || this.failed;
  }
  get failed(): boolean {
    return this.#failure !== undefined;
  }

  /** The program asks for a password. */
  get readsSecret(): boolean {
    return this.#shell?.readsSecret ?? false;
  }

  /** Where the program is: as the shell told, else as the kernel knows. */
  get directory(): string | undefined {
    const told = this.screen.marks.directory;
    if (told !== undefined && isDirectory(told)) return told;
    try {
      return this.#shell && readlinkSync(`/proc/${this.#shell.pid}/cwd`);
    } catch {
      return undefined;
    }
  }

  configure(config: Config): void {
    this.screen.configure({
      theme: themeOf(config),
      boldIsBright: config['bold-is-bright'],
      cursorShape: config.cursor.style,
      cursorBlinks: config.cursor.blink,
      scrollbackBytes: config['scrollback-mib'] === 32 ? undefined : config['scrollback-mib'] << 20,
      programsCopy: config['programs-copy'],
    });
    this.cursor.update();
  }

  /** Starts the program; what is wrong with it is told on the screen, and returned. */
  start(program: Program, width: number, height: number): string | undefined {
    const { columns, rows } = this.screen;
    try {
      this.#shell = new Shell(
        { ...program, columns, rows },
        {
          output: (bytes) => {
            this.#host.output(this, bytes.length);
            for (const recorder of this.#recorders) recorder.output(bytes);
            this.screen.write(bytes);
          },
          exited: (status, signal) => this.#host.ended(this, signal > 0 ? 128 + signal : status),
        },
      );
      this.#shell.resize(columns, rows, width, height);
    } catch (error) {
      this.#failure = error instanceof Error ? error.message : String(error);
      this.screen.write(`\x1b[31m${this.#failure}\x1b[m\r\nPress a key to close this terminal.`);
    }
    return this.#failure;
  }

  /** `width` and `height` of the screen in pixels. */
  resize(
    columns: number,
    rows: number,
    cell: readonly [number, number],
    width: number,
    height: number,
  ): void {
    if (columns !== this.screen.columns || rows !== this.screen.rows) this.selection.clear();
    if (columns !== this.screen.columns || rows !== this.screen.rows) {
      for (const recorder of this.#recorders) recorder.resized(columns, rows);
    }
    this.screen.resize(columns, rows, cell);
    this.#shell?.resize(columns, rows, width, height);
  }

  /** What the program prints is left unread. */
  hold(held: boolean): void {
    this.#shell?.hold(held);
  }

  /** Takes the fd. */
  record(fd: Fd): void {
    if (this.#recorders.size >= RECORDER_LIMIT) {
      fd.close();
      return;
    }
    const { columns, rows } = this.screen;
    this.#recorders.add(new Recorder(fd, columns, rows, (recorder) => this.#recorders.delete(recorder)));
  }

  close(): void {
    for (const recorder of this.#recorders) recorder.close();
    this.#shell?.hangUp();
    this.mouse.reset();
    this.cursor.close();
    this.screen.close();
  }
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
