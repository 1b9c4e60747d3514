import type { Bell } from './Bell.js';
import { CellDamage } from './CellDamage.js';
import { CellGrid } from './CellGrid.js';
import { ClusterNumbers } from './ClusterNumbers.js';
import { Composer, type CursorLook } from './Composer.js';
import { Flood } from './Flood.js';
import type { Font } from './Font.js';
import type { Canvas, Picture } from './Front.js';
import { type Overlay, OverlayGrid } from './Overlay.js';
import type { Pictures } from './Pictures.js';
import { Renderer } from './Renderer.js';
import type { Screen } from './Screen.js';
import type { Selection } from './Selection.js';

/** What is drawn. It may be another one from frame to frame. */
export interface Shown {
  readonly screen: Screen;
  readonly cursor: CursorLook;
  readonly selection: Selection;
  readonly bell: Bell;
  /** Rows above the screen, for the overlays. */
  readonly top: number;
  /** The terminal's own things, in the order in which they are drawn. */
  readonly overlays: readonly Overlay[];
  /** The cell of the text cursor; undefined when it is nowhere to be seen. */
  place(onto: OverlayGrid): { readonly x: number; readonly y: number } | undefined;
}

/**
 * Draws the screen on a canvas. A change is shown at the end of the event-loop turn in which it came when the display is ready for a
 * frame, else with the next frame callback: output that comes in one turn is one frame, and a background window is never drawn.
 */
export class View {
  readonly #shownNow: () => Shown;
  readonly #placed: (x: number, y: number, width: number, height: number) => void;
  readonly #clusters: ClusterNumbers;
  readonly #composer: Composer;
  readonly #damage = new CellDamage();
  readonly #pixelDamage = new Int32Array(this.#damage.rectangles.length);
  #font: Font;
  #renderer: Renderer;
  #present: CellGrid;
  #shown: CellGrid | undefined;
  #shownMargin = -1;
  #canvas: Canvas | undefined;
  #dirty = false;
  #scheduled: NodeJS.Immediate | undefined;
  readonly #flood: Flood;

  /** `placed`: where the text cursor is in the frame that was just drawn, in pixels. `hold`: whether programs' output is to be left unread. */
  constructor(
    font: Font,
    pictures: Pictures,
    shown: () => Shown,
    placed: (x: number, y: number, width: number, height: number) => void,
    hold: (held: boolean) => void,
  ) {
    this.#flood = new Flood(hold, () => this.draw());
    this.#placed = placed;
    this.#clusters = new ClusterNumbers(pictures);
    this.#shownNow = shown;
    this.#font = font;
    this.#composer = new Composer(this.#clusters);
    this.#renderer = new Renderer(font, this.#clusters);
    this.#present = new CellGrid(1, 1);
  }

  get font(): Font {
    return this.#font;
  }

  /** What to draw on from now on; undefined while there is nothing. */
  set canvas(canvas: Canvas | undefined) {
    this.#canvas = canvas;
    this.#shown = undefined;
    this.#flood.reset();
    this.invalidate();
  }

  /** The window, in cells, or the font changed its size. */
  resize(font: Font, columns: number, rows: number): void {
    if (font !== this.#font) this.#renderer = new Renderer(font, this.#clusters);
    this.#font = font;
    this.#present = new CellGrid(columns, rows);
    this.#shown = undefined;
    this.#flood.reset();
    this.invalidate();
  }

  /** So many bytes of output come on the screen. */
  output(bytes: number): void {
    this.#flood.output(bytes);
  }

  invalidate(): void {
    this.#dirty = true;
    if (!this.#scheduled && !this.#flood.hasPutOff && this.#canvas?.ready)
      this.#scheduled = setImmediate(() => this.#turnEnded());
  }

  /** The display can take a frame again. */
  frameDone(): void {
    if (this.#canvas?.ready) this.#flood.frameDone();
    if (this.#dirty) this.draw();
  }

  /** Draws now if there is something to draw and the display is ready for it. */
  draw(): void {
    const canvas = this.#canvas;
    const shown = this.#shownNow();
    const { screen, cursor, selection, bell, top, overlays } = shown;
    if (!canvas?.ready || screen.holdsOutput || this.#flood.putOff()) return;
    this.#dirty = false;
    this.#flood.drawn();
    const present = this.#present;
    const { palette } = screen;
    selection.check();
    this.#composer.compose(present, top, screen, cursor, selection, bell.flashes);
    const onto = new OverlayGrid(present, this.#clusters, top);
    for (const overlay of overlays) overlay.paint(onto);
    const inverted = screen.modes.reverseVideo !== bell.flashes;
    const margin = inverted ? palette.foreground : palette.background;
    const whole = this.#shown === undefined || this.#shownMargin !== margin;
    this.#damage.between(this.#shown, present);
    if (!whole && this.#damage.count === 0) return;
    const picture = canvas.takeBuffer(present.columns, present.rows);
    if (!picture) return;
    this.#renderer.paint(picture.target, present, margin, palette.cursor);
    this.#commit(canvas, picture, whole);
    this.#flood.committed();
    this.#shown ??= new CellGrid(present.columns, present.rows);
    this.#shown.copyFrom(present);
    this.#shownMargin = margin;
    const place = shown.place(onto);
    if (!place) return;
    const { cellWidth, cellHeight } = this.#font;
    this.#placed(place.x * cellWidth, place.y * cellHeight, cellWidth, cellHeight);
  }

  close(): void {
    clearImmediate(this.#scheduled);
    this.#flood.reset();
    this.#canvas = undefined;
  }

  #turnEnded(): void {
    this.#scheduled = undefined;
    if (this.#dirty) this.draw();
  }

  #commit(canvas: Canvas, picture: Picture, whole: boolean): void {
    const { cellWidth, cellHeight } = this.#font;
    const { width, height } = picture.target.pixels;
    const cells = this.#damage.rectangles;
    const pixels = this.#pixelDamage;
    if (whole) {
      pixels.set([0, 0, width, height]);
      canvas.commit(picture, pixels, 1);
      return;
    }
    for (let at = 0; at < 4 * this.#damage.count; at += 4) {
      pixels[at] = cells[at]! * cellWidth;
      pixels[at + 1] = cells[at + 1]! * cellHeight;
      pixels[at + 2] = cells[at + 2]! * cellWidth;
      pixels[at + 3] = cells[at + 3]! * cellHeight;
    }
    canvas.commit(picture, pixels, this.#damage.count);
  }
}
