import type { Tab } from './Tab.js';

/** Terminals of one console. */
export const TAB_LIMIT = 64;

/** The terminals of one console, and which of them is seen. */
export class Tabs {
  readonly #tabs: Tab[] = [];
  #active = 0;

  get all(): readonly Tab[] {
    return this.#tabs;
  }
  get count(): number {
    return this.#tabs.length;
  }
  get activeIndex(): number {
    return this.#active;
  }
  /** There is always one, until the console ends. */
  get active(): Tab {
    return this.#tabs[this.#active]!;
  }

  /** Behind the active one; it becomes that. */
  add(tab: Tab): void {
    this.#active = Math.min(this.#active + 1, this.#tabs.length);
    this.#tabs.splice(this.#active, 0, tab);
  }

  remove(tab: Tab): void {
    const index = this.#tabs.indexOf(tab);
    if (index < 0) return;
    this.#tabs.splice(index, 1);
    if (index < this.#active || this.#active === this.#tabs.length)
      this.#active = Math.max(0, this.#active - 1);
  }

  select(index: number): void {
    if (this.#tabs[index]) this.#active = index;
  }

  /** To the one beside it, around at the ends. */
  step(direction: 1 | -1): void {
    this.#active = (this.#active + direction + this.count) % this.count;
  }

  /** Moves the active one. */
  move(direction: 1 | -1): void {
    const tab = this.active;
    this.#tabs.splice(this.#active, 1);
    this.#active = (this.#active + direction + this.count + 1) % (this.count + 1);
    this.#tabs.splice(this.#active, 0, tab);
  }
}
