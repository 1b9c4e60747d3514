import { CellDamage } from '../CellDamage.js';
import { CellGrid } from '../CellGrid.js';
import { ClusterNumbers } from '../ClusterNumbers.js';
import { FONT_SIZES, type Font } from '../Font.js';
import type { Canvas, Picture } from '../Front.js';
import type { KeyModifiers, KeyPress } from '../KeyEncoder.js';
import { Renderer } from '../Renderer.js';
import { SeatFront, type SeatFrontOptions } from '../SeatFront.js';
import { ink, Paper } from './Paper.js';

export interface BoardEvents {
  /** Write what there is to see; the paper is blank. */
  compose(paper: Paper): void;
  /** It went down, or repeats. */
  key(press: KeyPress, modifiers: KeyModifiers): void;
  /** It has the seat now, or has it no more. */
  active?(active: boolean): void;
}

/**
 * A session of text on a seat's own monitor and keyboards: no display, no toolkit and no terminal stands between, so
 * nothing of these can take it away. What it shows is composed anew whenever it was invalidated and there is room for
 * a frame; only cells that differ are drawn.
 *
 * The first frame is blank and does not wait for the font: what another session left on the screen is gone at once.
 */
export class Board {
  /** Resolves when its session is over, or never began, or it was closed: then to nothing. */
  readonly ended: Promise<Error | undefined>;
  readonly #front: SeatFront;
  #end!: (why: Error | undefined) => void;
  readonly #on: BoardEvents;
  readonly #clusters = new ClusterNumbers();
  readonly #damage = new CellDamage();
  readonly #pixelDamage = new Int32Array(this.#damage.rectangles.length);
  #base: Font | undefined;
  #canvas: Canvas | undefined;
  #pixels = { width: 0, height: 0, scale: 1 };
  #font: Font | undefined;
  #renderer: Renderer | undefined;
  /** As large as any terminal, until there is a monitor. */
  #grid = new CellGrid(80, 24);
  #shown: CellGrid | undefined;
  #dirty = true;
  #scheduled: NodeJS.Immediate | undefined;

  /** It is shown as soon as it can be. */
  constructor(options: SeatFrontOptions, font: Promise<Font>, on: BoardEvents) {
    this.#on = on;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    this.#front = new SeatFront(options);
    font.then(
      (loaded) => {
        this.#base = loaded;
        this.#layOut();
      },
      (error: Error) => this.#end(error),
    );
    this.#open();
  }

  #open(): void {
    this.#front.open({
      prepared: async () => true,
      appeared: (canvas) => {
        this.#canvas = canvas;
        this.#shown = undefined;
      },
      resized: (width, height, scale) => {
        this.#pixels = { width, height, scale };
        this.#layOut();
      },
      frameDone: () => {
        if (this.#dirty) this.#draw();
      },
      lost: () => {
        this.#canvas = undefined;
      },
      gaveUp: (_what, why) => this.#end(why),
      closed: () => {},
      keyboard: {
        key: (press, modifiers) => {
          if (press.event !== 'release') this.#on.key(press, modifiers);
          // Caps Lock and the layout may be others behind it.
          this.invalidate();
        },
        focus: (focused) => {
          this.invalidate();
          this.#on.active?.(focused);
        },
      },
      pointer: {} as never,
    });
  }

  close(): void {
    clearImmediate(this.#scheduled);
    this.#canvas = undefined;
    this.#front.close();
    this.#end(undefined);
  }

  /** Resolves to its session's id. */
  get joined(): Promise<string> {
    return this.#front.joined;
  }
  get columns(): number {
    return this.#grid.columns;
  }
  get rows(): number {
    return this.#grid.rows;
  }
  get capsLock(): boolean {
    return this.#front.capsLock;
  }
  /** The keyboard's layout, as it is called. */
  get layout(): string {
    return this.#front.layout;
  }

  /** Takes the seat. */
  activate(): Promise<void> {
    return this.#front.activate();
  }

  /** Something to see is another. */
  invalidate(): void {
    this.#dirty = true;
    if (!this.#scheduled && this.#canvas?.ready) {
      this.#scheduled = setImmediate(() => {
        this.#scheduled = undefined;
        if (this.#dirty) this.#draw();
      });
    }
  }

  /** What is to be seen, as text. */
  text(): string {
    const paper = this.#compose();
    return paper.read();
  }

  scrollback(): string {
    return this.text();
  }

  #layOut(): void {
    const { width, height, scale } = this.#pixels;
    if (width === 0) return;
    this.#shown = undefined;
    if (this.#base) {
      const size = Math.min(this.#base.size * scale, FONT_SIZES.most);
      if (this.#font?.size !== size) {
        this.#font = this.#base.resized(size);
        this.#renderer = new Renderer(this.#font, this.#clusters);
      }
      const font = this.#font!;
      const columns = Math.max(1, Math.floor(width / font.cellWidth));
      const rows = Math.max(1, Math.floor(height / font.cellHeight));
      if (columns !== this.columns || rows !== this.rows) {
        this.#canvas?.renew();
        this.#grid = new CellGrid(columns, rows);
      }
    }
    this.#dirty = true;
    this.#draw();
  }

  #compose(): Paper {
    const paper = new Paper(this.#grid, this.#clusters);
    paper.fill(ink.paper);
    this.#on.compose(paper);
    return paper;
  }

  #draw(): void {
    const canvas = this.#canvas;
    if (!canvas?.ready || this.#pixels.width === 0) return;
    const renderer = this.#renderer;
    const grid = this.#grid;
    this.#dirty = false;
    if (renderer) this.#compose();
    const whole = this.#shown === undefined;
    this.#damage.between(this.#shown, grid);
    if (!whole && this.#damage.count === 0) return;
    const picture = canvas.takeBuffer(grid.columns, grid.rows);
    if (!picture) return;
    if (!renderer) {
      picture.target.pixels.words.fill(0xff000000 | ink.paper);
      canvas.commit(picture, Int32Array.of(0, 0, this.#pixels.width, this.#pixels.height), 1);
      return;
    }
    renderer.paint(picture.target, grid, ink.paper, ink.bright);
    this.#commit(canvas, picture, renderer.font, whole);
    if (whole) this.#shown = new CellGrid(grid.columns, grid.rows);
    this.#shown!.copyFrom(grid);
  }

  #commit(canvas: Canvas, picture: Picture, { cellWidth, cellHeight }: Font, whole: boolean): void {
    const { rectangles, count } = this.#damage;
    const pixels = this.#pixelDamage;
    if (whole) {
      pixels.set([0, 0, picture.target.pixels.width, picture.target.pixels.height]);
      canvas.commit(picture, pixels, 1);
      return;
    }
    for (let at = 0; at < 4 * count; at += 4) {
      pixels[at] = rectangles[at]! * cellWidth;
      pixels[at + 1] = rectangles[at + 1]! * cellHeight;
      pixels[at + 2] = rectangles[at + 2]! * cellWidth;
      pixels[at + 3] = rectangles[at + 3]! * cellHeight;
    }
    canvas.commit(picture, pixels, count);
  }
}
