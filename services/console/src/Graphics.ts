import type { IParser } from '@xterm/headless';
import { ApcFilter } from './ApcFilter.js';
import { KittyGraphics } from './KittyGraphics.js';
import { type Bitmap, FIRST_TILE, type Picture, type Pictures, placePicture } from './Pictures.js';
import type { PlainReader } from './PlainReader.js';
import { registerSixel } from './Sixel.js';
import { CELL_WORDS, content, type XtermCore } from './XtermCore.js';

/** Until the screen knows the size of its cells. */
const USUAL_CELL = [9, 18] as const;
const BLANK = { fg: 0, bg: 0 };

/** Pictures on one screen, by sixels and by the kitty protocol. Output goes through here on its way to the emulator. */
export class Graphics {
  readonly #core: XtermCore;
  readonly #pictures: Pictures;
  readonly #reader: PlainReader;
  readonly #filter: ApcFilter;
  #cell: readonly [number, number] = USUAL_CELL;

  constructor(
    parser: IParser,
    core: XtermCore,
    reader: PlainReader,
    pictures: Pictures,
    answer: (text: string) => void,
  ) {
    this.#core = core;
    this.#pictures = pictures;
    this.#reader = reader;
    const graphics = this;
    const kitty = new KittyGraphics({
      get cell() {
        return graphics.#cell;
      },
      get cursor() {
        const { x, y } = core._inputHandler._activeBuffer;
        return { x, y };
      },
      answer,
      show: (bitmap, columns, rows, id, placement, moves) =>
        this.#show(bitmap, columns, rows, id, placement, moves),
      remove: (which) => this.#remove(which),
    });
    this.#filter = new ApcFilter(
      (bytes) => reader.write(bytes),
      (body) => kitty.command(body),
    );
    registerSixel(parser, (bitmap) => {
      const [width, height] = this.#cell;
      const { x } = core._inputHandler._activeBuffer;
      this.#show(bitmap, Math.ceil(bitmap.width / width), Math.ceil(bitmap.height / height), 0, 0, false, x);
    });
    parser.registerEscHandler({ final: 'c' }, () => {
      kitty.reset();
      return false;
    });
  }

  set cell(cell: readonly [number, number]) {
    if (cell[0] > 0 && cell[1] > 0) this.#cell = cell;
  }

  /** Hot. Nearly all output is read as it is, and has no need of the filter. */
  write(bytes: Uint8Array): void {
    const at = this.#filter.isIdle ? this.#reader.read(bytes) : 0;
    if (at < bytes.length) this.#filter.write(bytes.subarray(at));
  }

  #show(
    bitmap: Bitmap,
    columns: number,
    rows: number,
    id: number,
    placement: number,
    moves: boolean,
    stays?: number,
  ): void {
    const buffer = this.#core._inputHandler._activeBuffer;
    const { x } = buffer;
    if (id !== 0 && placement !== 0) {
      this.#remove((picture) => picture.id === id && picture.placement === placement);
    }
    const picture = this.#pictures.add(bitmap, this.#cell, [columns, rows], id, placement);
    placePicture(this.#core, picture);
    if (stays !== undefined) buffer.x = stays;
    else if (moves) buffer.x = Math.min(x + columns, this.#core._bufferService.cols);
    else {
      buffer.x = x;
      buffer.y = Math.max(0, buffer.y - (rows - 1));
    }
  }

  #remove(which: (picture: Picture, column: number, row: number) => boolean): void {
    const doomed = new Set<Picture>();
    this.#eachTile((picture, column, row) => {
      if (which(picture, column, row)) doomed.add(picture);
    });
    if (doomed.size === 0) return;
    this.#eachTile((picture, column, row) => {
      if (!doomed.has(picture)) return;
      const buffer = this.#core._bufferService.buffer;
      buffer.lines.get(buffer.ybase + row)?.setCellFromCodepoint(column, 0, 1, BLANK);
    });
  }

  /** Of the screen proper: what has scrolled away is history. */
  #eachTile(visit: (picture: Picture, column: number, row: number) => void): void {
    const buffer = this.#core._bufferService.buffer;
    for (let row = 0; buffer.ybase + row < buffer.lines.length; row++) {
      const line = buffer.lines.get(buffer.ybase + row)!;
      for (let column = 0; column < line.length; column++) {
        const cell = line._data[column * CELL_WORDS]!;
        if (cell & content.combined || (cell & content.codePoint) < FIRST_TILE) continue;
        const picture = this.#pictures.at(cell & content.codePoint);
        if (picture) visit(picture, column, row);
      }
    }
  }
}

/** A tile as the emulator turns it into text: two low surrogates that belong to nothing. */
const tileText = /(?<![\ud800-\udbff])[\udc00-\udfff]{2}/g;

/** Text of lines, with blanks for pictures; as long as before when `pad` is two blanks. */
export function withoutTiles(text: string, pad = ' '): string {
  return text.replace(tileText, pad);
}
