import type { PageMessage } from '../wire/Control.js';

/** The terminal's text as text, for screen readers: what is new in it is announced while the button is pressed. */
export class ReadAloud {
  readonly #button: HTMLButtonElement;
  readonly #log: HTMLElement;
  readonly #tell: (message: PageMessage) => void;
  #lines: string[] = [];

  constructor(button: HTMLButtonElement, log: HTMLElement, tell: (message: PageMessage) => void) {
    this.#button = button;
    this.#log = log;
    this.#tell = tell;
    button.addEventListener('click', () => {
      button.setAttribute('aria-pressed', String(!this.#on));
      this.connected();
      if (!this.#on) this.show(null);
    });
  }

  get #on(): boolean {
    return this.#button.getAttribute('aria-pressed') === 'true';
  }

  /** A new connection does not know yet that we read. */
  connected(): void {
    this.#tell({ type: 'read', on: this.#on });
  }

  /** The terminal shows this now; null when the session in front is no terminal. Only lines that differ are changed. */
  show(text: string | null): void {
    const lines = text === null ? [] : text.split('\n').map((line) => line.trimEnd());
    while (lines.at(-1) === '') lines.pop();
    // Scrolling moves lines up: those that went out at the top are dropped, so that the rest are still the same.
    const first = lines[0];
    const gone = first === undefined ? -1 : this.#lines.indexOf(first);
    if (gone > 0 && this.#lines.slice(gone, gone + 3).every((line, i) => line === lines[i]))
      for (let i = 0; i < gone; i++) this.#log.firstChild?.remove();
    for (const [index, line] of lines.entries()) {
      const row = this.#log.children[index] ?? this.#log.appendChild(document.createElement('div'));
      if (row.textContent !== line) row.textContent = line;
    }
    while (this.#log.children.length > lines.length) this.#log.lastChild!.remove();
    this.#lines = lines;
  }
}
