import type { Link } from './Links.js';
import type { Overlay, OverlayGrid } from './Overlay.js';
import type { Screen } from './Screen.js';
import type { StatusLine } from './StatusLine.js';

/** The line under the link that the pointer is on. */
export class LinkLine implements Overlay {
  readonly #screen: () => Screen;
  readonly #status: StatusLine;
  #link: Link | undefined;

  /** `screen`: the one that is seen. `status`: tells where the link leads. */
  constructor(screen: () => Screen, status: StatusLine) {
    this.#screen = screen;
    this.#status = status;
  }

  set link(link: Link | undefined) {
    if (link === this.#link) return;
    this.#link = link;
    this.#status.hint = link?.address ?? '';
    this.#status.changed();
  }

  paint(onto: OverlayGrid): void {
    const screen = this.#screen();
    for (const { line, from, to } of this.#link?.runs ?? []) {
      const row = line - screen.lineNumber(0);
      if (row >= 0 && row < screen.rows) onto.underline(from, row + onto.top, to);
    }
  }
}
