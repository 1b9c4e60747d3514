import type { Overlay, OverlayGrid } from './Overlay.js';
import { mix, type Palette } from './Palette.js';

/** Columns of a tab's name; many tabs have less. */
const WIDTH = 28;
const LEAST_WIDTH = 6;

/** What a tab is called, and whether something happened in it that nobody saw. */
export interface TabName {
  readonly title: string;
  readonly noticed: boolean;
}

/** The names of the terminals of one console, in its first row. */
export class TabBar implements Overlay {
  tabs: readonly TabName[] = [];
  active = 0;
  palette: Palette | undefined;

  /** Rows that it takes: none for a single terminal. */
  get rows(): 0 | 1 {
    return this.tabs.length > 1 ? 1 : 0;
  }

  /** The tab whose name is there. */
  at(column: number, columns: number): number | undefined {
    const index = this.#first(columns) + Math.floor(column / this.#width(columns));
    return index < this.tabs.length ? index : undefined;
  }

  paint(onto: OverlayGrid): void {
    const { palette } = this;
    if (this.rows === 0 || !palette) return;
    const { foreground, background } = palette;
    const bar = mix(foreground, background, 40);
    onto.fill(0, 0, onto.columns, bar);
    const width = this.#width(onto.columns);
    const first = this.#first(onto.columns);
    for (const [index, tab] of this.tabs.entries()) {
      const left = (index - first) * width;
      if (left < 0 || left + width > onto.columns) continue;
      const active = index === this.active;
      const paper = active ? background : bar;
      const ink = active ? foreground : mix(foreground, background, 170);
      onto.fill(left, 0, left + width, paper);
      const mark = tab.noticed && !active ? '•' : ' ';
      onto.write(left, 0, `${mark}${index + 1} ${tab.title}`, ink, paper, left + width - 1, active);
    }
  }

  #width(columns: number): number {
    return Math.max(LEAST_WIDTH, Math.min(WIDTH, Math.floor(columns / Math.max(1, this.tabs.length))));
  }

  /** With more tabs than fit, those around the active one are seen. */
  #first(columns: number): number {
    const fit = Math.max(1, Math.floor(columns / this.#width(columns)));
    return Math.max(0, Math.min(this.active - Math.floor(fit / 2), this.tabs.length - fit));
  }
}
