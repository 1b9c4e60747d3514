import { CellGrid } from '../CellGrid.js';
import { ClusterNumbers } from '../ClusterNumbers.js';
import { FONT_SIZES, type Font } from '../Font.js';
import type { KeyModifiers, KeyPress } from '../KeyEncoder.js';
import { Renderer } from '../Renderer.js';
import { SeatSession, type SeatSessionOptions } from '../SeatSession.js';
import { BoardFace } from './BoardFace.js';
import { ink, Paper } from './Paper.js';

export interface BoardEvents {
  /** Write what there is to see; the paper is blank, and of each monitor's size. */
  compose(paper: Paper): void;
  /** It went down, or repeats. */
  key(press: KeyPress, modifiers: KeyModifiers): void;
  /** It has the seat now, or has it no more. */
  active?(active: boolean): void;
}

/**
 * A session of text on a seat's own monitors and keyboards: no display, no toolkit and no terminal stands between, so
 * nothing of these can take it away. All monitors show it, each in its own size, and whoever sits in front of one of
 * them sees what he types.
 */
export class Board {
  /** Resolves when its session is over, or never began, or it was closed: then to nothing. */
  readonly ended: Promise<Error | undefined>;
  readonly #session: SeatSession;
  #end!: (why: Error | undefined) => void;
  readonly #on: BoardEvents;
  readonly #clusters = new ClusterNumbers();
  readonly #faces = new Map<string, BoardFace>();
  /** By the letters' size. */
  readonly #renderers = new Map<number, Renderer>();
  #font: Font | undefined;

  /** It is shown as soon as it can be. */
  constructor(options: SeatSessionOptions, font: Promise<Font>, on: BoardEvents) {
    this.#on = on;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    font.then(
      (loaded) => {
        this.#font = loaded;
        for (const face of this.#faces.values()) face.layOut();
      },
      (error: Error) => this.#end(error),
    );
    this.#session = new SeatSession(options, {
      monitorOpened: (monitor, channel, closed) => {
        this.#faces.get(monitor.key)?.close();
        const face = new BoardFace(
          monitor,
          channel,
          {
            renderer: (scale) => this.#renderer(scale),
            compose: (grid) => void this.#compose(grid),
          },
          closed,
        );
        this.#faces.set(monitor.key, face);
      },
      monitorClosed: ({ key }) => {
        this.#faces.get(key)?.close();
        this.#faces.delete(key);
      },
      ended: (_what, why) => this.#end(why),
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
    });
    this.#session.open(Promise.resolve(true));
  }

  close(): void {
    for (const face of this.#faces.values()) face.close();
    this.#faces.clear();
    this.#session.close();
    this.#end(undefined);
  }

  /** Resolves to its session's id. */
  get joined(): Promise<string> {
    return this.#session.joined;
  }
  /** As of a terminal, until there is a monitor. */
  get columns(): number {
    return this.#grid.columns;
  }
  get rows(): number {
    return this.#grid.rows;
  }
  /** Of all monitors. */
  get fewestRows(): number {
    return Math.min(...[...this.#faces.values()].map(({ grid }) => grid.rows), this.rows);
  }
  get capsLock(): boolean {
    return this.#session.capsLock;
  }
  /** The keyboard's layout, as it is called. */
  get layout(): string {
    return this.#session.layout;
  }

  /** Takes the seat. */
  activate(): Promise<void> {
    return this.#session.activate();
  }

  /** Something to see is another. */
  invalidate(): void {
    for (const face of this.#faces.values()) face.invalidate();
  }

  /** What is to be seen, as text. */
  text(): string {
    return this.#compose(this.#grid).read();
  }

  scrollback(): string {
    return this.text();
  }

  /** The first monitor's. */
  get #grid(): CellGrid {
    const [first] = [...this.#faces.values()].sort((a, b) => a.monitor.number - b.monitor.number);
    return first?.grid ?? new CellGrid(80, 24);
  }

  #renderer(scale: number): Renderer | undefined {
    if (!this.#font) return undefined;
    const size = Math.min(this.#font.size * scale, FONT_SIZES.most);
    let renderer = this.#renderers.get(size);
    if (!renderer) {
      renderer = new Renderer(this.#font.resized(size), this.#clusters);
      this.#renderers.set(size, renderer);
    }
    return renderer;
  }

  #compose(grid: CellGrid): Paper {
    const paper = new Paper(grid, this.#clusters);
    paper.fill(ink.paper);
    this.#on.compose(paper);
    return paper;
  }
}
