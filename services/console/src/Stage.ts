import type { Font } from './Font.js';
import type { Canvas } from './Front.js';
import { Pictures } from './Pictures.js';
import { TextSize } from './TextSize.js';
import { type Shown, View } from './View.js';

/** What a window has room for: cells, and pixels. */
export interface Room {
  readonly columns: number;
  readonly rows: number;
  readonly cell: readonly [width: number, height: number];
  readonly width: number;
  readonly height: number;
}

export interface StageHost {
  /** What is to be seen; asked for every frame. */
  shown(): Shown;
  /** A frame was drawn, with the text cursor there (pixels). */
  drawn(x: number, y: number, width: number, height: number): void;
  /** Whether programs' output is to be left unread. */
  held(held: boolean): void;
  /** There is another room, before it is drawn. */
  laidOut(room: Room): void;
}

/**
 * What the terminal is drawn on, and how large: the canvas of the moment, the font, and the cells that have room.
 *
 *   bare ──a font──▶ ready ──a canvas, its size──▶ drawing ──lost──▶ ready
 */
export class Stage {
  readonly pictures = new Pictures();
  readonly #host: StageHost;
  readonly #textSize = new TextSize();
  #view: View | undefined;
  #canvas: Canvas | undefined;
  #title = '';

  constructor(host: StageHost) {
    this.#host = host;
  }

  /** Pixels of the buffer; 1 until there is a font. */
  get cell(): { readonly width: number; readonly height: number; readonly scale: number } {
    const font = this.#view?.font;
    const { scale } = this.#textSize.pixels;
    return { width: font?.cellWidth ?? 1, height: font?.cellHeight ?? 1, scale };
  }
  /** Columns of the whole window. */
  get columns(): number {
    return Math.floor(this.#textSize.pixels.width / this.cell.width);
  }
  /** What so many rows take, in units of the surface; 0 until there is a font. */
  heightOf(rows: number): number {
    return this.#view ? (rows * this.cell.height) / this.cell.scale : 0;
  }

  set title(title: string) {
    this.#title = title;
    if (this.#canvas) this.#canvas.title = title;
    this.invalidate();
  }

  /** The first font, at scale 1. */
  prepare(font: Font): void {
    this.#textSize.base ??= font;
    this.#view ??= new View(
      font,
      this.pictures,
      () => this.#host.shown(),
      (x, y, width, height) => this.#host.drawn(x, y, width, height),
      (held) => this.#host.held(held),
    );
  }

  /** Another font, at scale 1. */
  set font(font: Font) {
    if (!this.#textSize.base) return;
    this.#textSize.base = font;
    this.#canvas?.renew();
  }

  appeared(canvas: Canvas): void {
    this.#canvas = canvas;
    canvas.title = this.#title;
    if (this.#view) this.#view.canvas = canvas;
  }

  lost(): void {
    this.#canvas = undefined;
    if (this.#view) this.#view.canvas = undefined;
  }

  resized(width: number, height: number, scale: number): void {
    this.#textSize.pixels = { width, height, scale };
    this.layOut();
  }

  zoomBy(step: -1 | 0 | 1): void {
    if (!this.#textSize.zoomBy(step)) return;
    this.#canvas?.renew();
    this.layOut();
  }

  /** As many cells as the window has room for, once it has a size. */
  layOut(): void {
    const { pixels, base } = this.#textSize;
    const view = this.#view;
    if (!base || !view || pixels.width === 0) return;
    const font = this.#textSize.font(base, view.font);
    const { columns, rows } = this.#textSize.cells(font);
    const { width, height } = pixels;
    this.#host.laidOut({ columns, rows, cell: [font.cellWidth, font.cellHeight], width, height });
    view.resize(font, columns, rows);
    view.draw();
  }

  invalidate(): void {
    this.#view?.invalidate();
  }

  /** So many bytes of output came for what is seen. */
  output(bytes: number): void {
    this.#view?.output(bytes);
  }

  frameDone(): void {
    this.#view?.frameDone();
  }

  close(): void {
    this.#view?.close();
  }
}
