import { type CellGrid, WORDS } from './CellGrid.js';

/** Fewer moved rows than this are drawn, not moved. */
const LEAST_ROWS = 4;

/** Finds by how many rows a screen's content has moved, so that the pixels can be moved too. */
export class RowShift {
  #before = new Uint32Array(0);
  #after = new Uint32Array(0);
  #votes = new Int32Array(0);
  readonly #rowOf = new Map<number, number>();

  /** Rows by which `present` is `held` moved up (negative: down); 0 when moving would not help. */
  find(held: CellGrid, present: CellGrid): number {
    const { rows } = present;
    if (this.#before.length !== rows) {
      this.#before = new Uint32Array(rows);
      this.#after = new Uint32Array(rows);
      this.#votes = new Int32Array(2 * rows);
    }
    const unchanged = this.#hashRows(held, present);
    if (rows - unchanged < LEAST_ROWS) return 0;
    this.#rowOf.clear();
    for (let y = 0; y < rows; y++)
      this.#rowOf.set(this.#before[y]!, this.#rowOf.has(this.#before[y]!) ? -1 : y);
    this.#votes.fill(0);
    let best = 0;
    for (let y = 0; y < rows; y++) {
      const from = this.#rowOf.get(this.#after[y]!);
      if (from === undefined || from < 0 || from === y) continue;
      const shift = from - y;
      const votes = ++this.#votes[shift + rows]!;
      if (best === 0 || votes > this.#votes[best + rows]!) best = shift;
    }
    return best !== 0 && this.#votes[best + rows]! >= LEAST_ROWS && this.#votes[best + rows]! > unchanged
      ? best
      : 0;
  }

  #hashRows(held: CellGrid, present: CellGrid): number {
    let unchanged = 0;
    for (let y = 0; y < present.rows; y++) {
      this.#before[y] = hashRow(held, y);
      this.#after[y] = hashRow(present, y);
      if (this.#before[y] === this.#after[y]) unchanged++;
    }
    return unchanged;
  }
}

function hashRow(grid: CellGrid, row: number): number {
  const length = grid.columns * WORDS;
  let hash = 0x811c9dc5;
  for (let at = row * length, end = at + length; at < end; at++) {
    hash = Math.imul(hash ^ grid.words[at]!, 0x01000193);
    hash ^= hash >>> 15;
  }
  return hash >>> 0;
}
