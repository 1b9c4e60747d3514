import type { Fd } from '@switchyard/sys';
import { CellDamage } from '../CellDamage.js';
import { CellGrid } from '../CellGrid.js';
import type { Picture } from '../Front.js';
import { MonitorCanvas } from '../MonitorCanvas.js';
import type { Renderer } from '../Renderer.js';
import type { SeatMonitor } from '../SeatSession.js';
import { ink } from './Paper.js';

export interface BoardFaceEvents {
  /** With letters for this scale; undefined while there is no font. */
  renderer(scale: number): Renderer | undefined;
  /** Write what there is to see into the grid. */
  compose(grid: CellGrid): void;
}

/**
 * What one monitor shows of a board: composed anew when it was invalidated and there is room for a frame, and only
 * cells that differ are drawn. The first frame is blank and does not wait for the font: what another session left on
 * the screen is gone at once.
 */
export class BoardFace {
  readonly monitor: SeatMonitor;
  /** As large as any terminal's, until the monitor has told its size. */
  grid = new CellGrid(80, 24);
  readonly #on: BoardFaceEvents;
  readonly #canvas: MonitorCanvas;
  readonly #damage = new CellDamage();
  readonly #pixelDamage = new Int32Array(this.#damage.rectangles.length);
  #renderer: Renderer | undefined;
  #shown: CellGrid | undefined;
  #dirty = true;
  #scheduled: NodeJS.Immediate | undefined;

  /** Takes the channel. */
  constructor(monitor: SeatMonitor, channel: Fd, on: BoardFaceEvents, closed: () => void) {
    this.monitor = monitor;
    this.#on = on;
    const events = {
      resized: () => this.layOut(),
      frameDone: () => {
        if (this.#dirty) this.#draw();
      },
    };
    this.#canvas = new MonitorCanvas(channel, events, closed);
  }

  close(): void {
    clearImmediate(this.#scheduled);
    this.#canvas.close();
  }

  /** Something to see is another. */
  invalidate(): void {
    this.#dirty = true;
    if (this.#scheduled || !this.#canvas.ready) return;
    this.#scheduled = setImmediate(() => {
      this.#scheduled = undefined;
      if (this.#dirty) this.#draw();
    });
  }

  /** Its size is another, or there is a font now. */
  layOut(): void {
    const { size } = this.#canvas;
    if (!size) return;
    this.#shown = undefined;
    this.#renderer = this.#on.renderer(size.scale);
    if (this.#renderer) {
      const { cellWidth, cellHeight } = this.#renderer.font;
      const columns = Math.max(1, Math.floor(size.width / cellWidth));
      const rows = Math.max(1, Math.floor(size.height / cellHeight));
      if (columns !== this.grid.columns || rows !== this.grid.rows) {
        this.#canvas.renew();
        this.grid = new CellGrid(columns, rows);
      }
    }
    this.#dirty = true;
    this.#draw();
  }

  #draw(): void {
    const canvas = this.#canvas;
    const { grid } = this;
    if (!canvas.ready) return;
    const renderer = this.#renderer;
    this.#dirty = false;
    if (renderer) this.#on.compose(grid);
    const whole = this.#shown === undefined;
    this.#damage.between(this.#shown, grid);
    if (!whole && this.#damage.count === 0) return;
    const picture = canvas.takeBuffer(grid.columns, grid.rows);
    if (!picture) return;
    if (!renderer) {
      const { words, width, height } = picture.target.pixels;
      words.fill(0xff000000 | ink.paper);
      canvas.commit(picture, Int32Array.of(0, 0, width, height), 1);
      return;
    }
    renderer.paint(picture.target, grid, ink.paper, ink.bright);
    this.#commit(picture, renderer, whole);
    if (whole) this.#shown = new CellGrid(grid.columns, grid.rows);
    this.#shown!.copyFrom(grid);
  }

  #commit(picture: Picture, { font: { cellWidth, cellHeight } }: Renderer, whole: boolean): void {
    const { rectangles, count } = this.#damage;
    const pixels = this.#pixelDamage;
    if (whole) {
      pixels.set([0, 0, picture.target.pixels.width, picture.target.pixels.height]);
      this.#canvas.commit(picture, pixels, 1);
      return;
    }
    for (let at = 0; at < 4 * count; at += 4) {
      pixels[at] = rectangles[at]! * cellWidth;
      pixels[at + 1] = rectangles[at + 1]! * cellHeight;
      pixels[at + 2] = rectangles[at + 2]! * cellWidth;
      pixels[at + 3] = rectangles[at + 3]! * cellHeight;
    }
    this.#canvas.commit(picture, pixels, count);
  }
}
