import type { Bindings, Command } from './Bindings.js';
import type { Board, Clipboard } from './Clipboard.js';
import type { Cursor } from './Cursor.js';
import { encodeKey, type KeyModifiers, type KeyPress } from './KeyEncoder.js';
import type { Link } from './Links.js';
import type { MouseHost } from './Mouse.js';
import { pasted } from './Paste.js';
import type { Screen } from './Screen.js';
import type { Selection } from './Selection.js';

/** What the window of the moment can do. */
export interface InputHost {
  readonly cell: MouseHost['cell'];
  readonly modifiers: KeyModifiers;
  readonly clipboard: Clipboard | undefined;
  /** To the program. */
  send(data: string | Uint8Array): void;
  readonly bindings: Bindings;
  readonly tabs: number;
  /** What is not this terminal's alone. */
  command(command: Command): void;
  /** The link under the pointer. */
  hovered(link: Link | undefined): void;
  follow(link: Link): void;
}

/** Keys, clipboard and focus on their way to the program. */
export class TerminalInput implements MouseHost {
  readonly #screen: Screen;
  readonly #selection: Selection;
  readonly #cursor: Cursor;
  readonly #host: InputHost;
  /** Of the last input event: programs that set the clipboard by themselves (OSC 52) do it on its strength. */
  #serial = 0;
  /** Keys that are down and whose press went to the program. */
  readonly #sent = new Set<number>();

  constructor(screen: Screen, selection: Selection, cursor: Cursor, host: InputHost) {
    this.#screen = screen;
    this.#selection = selection;
    this.#cursor = cursor;
    this.#host = host;
  }

  get cell(): MouseHost['cell'] {
    return this.#host.cell;
  }

  get modifiers(): KeyModifiers {
    return this.#host.modifiers;
  }

  focus(focused: boolean): void {
    this.#cursor.focus(focused);
    this.#sent.clear();
    if (this.#screen.modes.focusReports) this.#host.send(focused ? '\x1b[I' : '\x1b[O');
  }

  key(key: KeyPress, modifiers: KeyModifiers, serial: number): void {
    this.#serial = serial;
    if (key.event === 'release') {
      // What the terminal kept to itself when it went down must not go up at the program.
      if (this.#sent.delete(key.keysym)) this.#host.send(encodeKey(key, modifiers, this.#screen.modes));
      return;
    }
    if (this.#command(key, modifiers)) return;
    this.#sent.add(key.keysym);
    const text = encodeKey(key, modifiers, this.#screen.modes);
    this.#type(text);
  }

  /** An input method wrote this. */
  text(text: string): void {
    this.#type(pasted(text, false));
  }

  send(data: string | Uint8Array): void {
    this.#host.send(data);
  }

  selected(text: string, serial: number): void {
    this.copy('primary', text, serial);
  }

  followLink(link: Link, serial: number): void {
    this.#serial = serial;
    this.#host.follow(link);
  }

  hovered(link: Link | undefined): void {
    this.#host.hovered(link);
  }

  pastePrimary(): void {
    void this.#paste('primary');
  }

  /** Without a serial, that of the last input event. */
  copy(board: Board, text: string, serial = this.#serial): void {
    this.#serial = serial;
    this.#host.clipboard?.copy(board, text, serial);
  }

  #type(text: string): void {
    if (text === '') return;
    this.#cursor.typed();
    this.#selection.clear();
    this.#screen.scrollToBottom();
    this.#host.send(text);
  }

  async #paste(board: Board): Promise<void> {
    const text = pasted((await this.#host.clipboard?.paste(board)) ?? '', this.#screen.modes.bracketedPaste);
    if (text === '') return;
    this.#screen.scrollToBottom();
    this.#host.send(text);
  }

  #command(key: KeyPress, modifiers: KeyModifiers): boolean {
    const screen = this.#screen;
    const page = Math.max(1, screen.rows - 1);
    const { bindings, tabs } = this.#host;
    const command = bindings.command(key, modifiers, screen.modes.alternateScreen, tabs);
    switch (command) {
      case 'copy':
        this.copy('clipboard', this.#selection.text());
        break;
      case 'paste':
        void this.#paste('clipboard');
        break;
      case 'paste-primary':
        void this.#paste('primary');
        break;
      case 'page-up':
        screen.scroll(-page);
        break;
      case 'page-down':
        screen.scroll(page);
        break;
      case 'line-up':
        screen.scroll(-1);
        break;
      case 'line-down':
        screen.scroll(1);
        break;
      case 'top':
        screen.scrollToTop();
        break;
      case 'bottom':
        screen.scrollToBottom();
        break;
      case 'previous-prompt':
        this.#toPrompt(screen.marks.promptBefore(screen.lineNumber(0)));
        break;
      case 'next-prompt':
        this.#toPrompt(screen.marks.promptAfter(screen.lineNumber(0)));
        break;
      case undefined:
        return false;
      default:
        this.#host.command(command);
    }
    return true;
  }

  #toPrompt(line: number | undefined): void {
    if (line === undefined) this.#screen.scrollToBottom();
    else this.#screen.scrollToLine(line);
  }
}
