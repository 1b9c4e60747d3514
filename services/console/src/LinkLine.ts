import type { Link } from './Links.js';
import type { Overlay, OverlayGrid } from './Overlay.js';
import type { Screen } from './Screen.js';

/** The line under the link that the pointer is on. */
export class LinkLine implements Overlay {
  readonly #screen: () => Screen;
  link: Link | undefined;

  /** `screen`: the one that is seen. */
  constructor(screen: () => Screen) {
    this.#screen = screen;
  }

  paint(onto: OverlayGrid): void {
    const screen = this.#screen();
    for (const { line, from, to } of this.link?.runs ?? []) {
      const row = line - screen.lineNumber(0);
      if (row >= 0 && row < screen.rows) onto.underline(from, row + onto.top, to);
    }
  }
}
