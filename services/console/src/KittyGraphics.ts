import { inflateSync } from 'node:zlib';
import { PNG } from 'pngjs';
import { type Bitmap, bitmapOf, PICTURE_BYTES, type Picture, resample } from './Pictures.js';

/** Pictures that were sent and may be shown again: all together, and by number. The oldest go. */
const STORE_BYTES = 64 << 20;
const STORE_LIMIT = 512;
/** A picture's parts as they were sent. */
const DATA_LIMIT = 64 << 20;
/** Parts of one picture. Programs send 4 kB in each. */
const PART_LIMIT = 64 << 10;
/** Cells that a placement may ask for, a side. */
const CELL_LIMIT = 1000;
/** Width and height stand in a PNG file at these places. */
const PNG_SIZE = 16;

/** What the screen does for it. */
export interface GraphicsHost {
  readonly cell: readonly [width: number, height: number];
  answer(text: string): void;
  /** Shows a bitmap at the cursor; it covers so many cells. */
  show(bitmap: Bitmap, columns: number, rows: number, id: number, placement: number, moves: boolean): void;
  /** Takes the pictures off the screen for which `which` is true of one of their cells. */
  remove(which: (picture: Picture, column: number, row: number) => boolean): void;
  /** From 0. */
  readonly cursor: { readonly x: number; readonly y: number };
}

class Refusal extends Error {}

interface Stored {
  readonly id: number;
  readonly number: number;
  readonly bitmap: Bitmap;
}

/** The kitty graphics protocol with pictures that come in the stream itself (t=d): transmitted, shown, asked for and deleted. */
export class KittyGraphics {
  readonly #host: GraphicsHost;
  #stored: Stored[] = [];
  #nextId = 1;
  /** The first part's keys, and the data of the parts so far. */
  #pending: { readonly keys: Map<string, string>; readonly parts: Uint8Array[]; length: number } | undefined;

  constructor(host: GraphicsHost) {
    this.#host = host;
  }

  /** `KEY=VALUE,… ; base64` */
  command(body: string): void {
    const separator = body.indexOf(';');
    const keys = parseKeys(separator < 0 ? body : body.slice(0, separator));
    // Each part may be padded by itself.
    const part = Buffer.from(separator < 0 ? '' : body.slice(separator + 1), 'base64');
    const whole = this.#pending ?? { keys, parts: [], length: 0 };
    whole.parts.push(part);
    whole.length += part.length;
    this.#pending = whole;
    if (whole.length > DATA_LIMIT || whole.parts.length > PART_LIMIT) {
      this.#pending = undefined;
      this.#reply(whole.keys, 'EFBIG: the picture is too large');
      return;
    }
    if (keys.get('m') === '1') return;
    this.#pending = undefined;
    try {
      this.#obey(whole.keys, Buffer.concat(whole.parts));
    } catch (error) {
      this.#reply(
        whole.keys,
        error instanceof Refusal ? error.message : `EINVAL: ${(error as Error).message}`,
      );
    }
  }

  /** Forgets everything. */
  reset(): void {
    this.#stored = [];
    this.#pending = undefined;
  }

  #obey(keys: Map<string, string>, data: Uint8Array): void {
    const action = keys.get('a') ?? 't';
    if (action === 'd') {
      this.#delete(keys);
      return;
    }
    if (action === 'p') {
      const stored = this.#find(keys);
      if (!stored) throw new Refusal('ENOENT: no such picture');
      this.#show(stored, keys);
    } else if (action === 't' || action === 'T') {
      const stored = this.#keep(keys, decode(keys, data));
      if (action === 'T') this.#show(stored, keys);
      if (stored.id !== 0) keys.set('i', String(stored.id));
    } else if (action === 'q') {
      decode(keys, data);
    } else {
      throw new Refusal(`EINVAL: a=${action} is not supported`);
    }
    this.#reply(keys, 'OK');
  }

  #keep(keys: Map<string, string>, bitmap: Bitmap): Stored {
    const asked = whole(keys, 'i');
    const number = whole(keys, 'I');
    const id = asked || (number ? this.#freeId() : 0);
    const stored = { id, number, bitmap };
    if (id === 0) return stored;
    this.#stored = this.#stored.filter((one) => one.id !== id);
    this.#stored.push(stored);
    let bytes = 0;
    for (const one of this.#stored) bytes += one.bitmap.words.byteLength;
    while (this.#stored.length > STORE_LIMIT || bytes > STORE_BYTES) {
      bytes -= this.#stored.shift()!.bitmap.words.byteLength;
    }
    return stored;
  }

  #freeId(): number {
    while (this.#stored.some(({ id }) => id === this.#nextId)) this.#nextId++;
    return this.#nextId++;
  }

  #find(keys: Map<string, string>): Stored | undefined {
    const id = whole(keys, 'i');
    const number = whole(keys, 'I');
    return this.#stored.findLast((one) => (id ? one.id === id : number !== 0 && one.number === number));
  }

  #show(stored: Stored, keys: Map<string, string>): void {
    if (keys.get('U') === '1') throw new Refusal('EINVAL: placeholders are not supported');
    const [cellWidth, cellHeight] = this.#host.cell;
    let { bitmap } = stored;
    if (['x', 'y', 'w', 'h'].some((key) => keys.has(key))) bitmap = cut(bitmap, keys);
    let columns = Math.min(whole(keys, 'c'), CELL_LIMIT);
    let rows = Math.min(whole(keys, 'r'), CELL_LIMIT);
    if (columns || rows) {
      // One of them alone keeps the picture's proportions.
      const height = rows * cellHeight || (columns * cellWidth * bitmap.height) / bitmap.width;
      const width = columns * cellWidth || (rows * cellHeight * bitmap.width) / bitmap.height;
      if (width * height * 4 > PICTURE_BYTES) throw new Refusal('EFBIG: the placement is too large');
      bitmap = resample(bitmap, Math.max(1, Math.round(width)), Math.max(1, Math.round(height)));
    }
    columns ||= Math.ceil(bitmap.width / cellWidth);
    rows ||= Math.ceil(bitmap.height / cellHeight);
    this.#host.show(bitmap, columns, rows, stored.id, whole(keys, 'p'), keys.get('C') !== '1');
  }

  #delete(keys: Map<string, string>): void {
    const what = keys.get('d') ?? 'a';
    const id = whole(keys, 'i');
    const placement = whole(keys, 'p');
    const { cursor } = this.#host;
    const at = { x: whole(keys, 'x') - 1, y: whole(keys, 'y') - 1 };
    const numbered = what.toLowerCase() === 'n' ? (this.#find(keys)?.id ?? -1) : id;
    const tests: Record<string, (picture: Picture, column: number, row: number) => boolean> = {
      a: () => true,
      i: (picture) => picture.id === id && (placement === 0 || picture.placement === placement),
      n: (picture) => picture.id === numbered && (placement === 0 || picture.placement === placement),
      c: (_, column, row) => column === cursor.x && row === cursor.y,
      p: (_, column, row) => column === at.x && row === at.y,
      x: (_, column) => column === at.x,
      y: (_, _column, row) => row === at.y,
    };
    const test = tests[what.toLowerCase()];
    if (!test) return;
    this.#host.remove(test);
    if (what === 'A') this.#stored = [];
    if (what === 'I' || what === 'N') this.#stored = this.#stored.filter((one) => one.id !== numbered);
  }

  #reply(keys: Map<string, string>, message: string): void {
    const quiet = keys.get('q') ?? '0';
    const named = ['i', 'I', 'p'].filter((key) => keys.has(key)).map((key) => `${key}=${keys.get(key)}`);
    if ((!keys.has('i') && !keys.has('I')) || (message === 'OK' ? quiet !== '0' : quiet === '2')) return;
    this.#host.answer(`\x1b_G${named.join(',')};${message.replace(/[^\x20-\x7e]/g, '?')}\x1b\\`);
  }
}

function parseKeys(text: string): Map<string, string> {
  const keys = new Map<string, string>();
  for (const field of text.split(',')) {
    const match = /^([a-zA-Z])=(-?[a-zA-Z0-9]{1,10})$/.exec(field);
    if (match) keys.set(match[1]!, match[2]!);
  }
  return keys;
}

function whole(keys: Map<string, string>, key: string): number {
  const value = Number(keys.get(key) ?? 0);
  return Number.isInteger(value) && value > 0 && value <= 0xffffffff ? value : 0;
}

function decode(keys: Map<string, string>, data: Uint8Array): Bitmap {
  const medium = keys.get('t') ?? 'd';
  // A program names files that this process can read and it cannot, or that are on another machine.
  if (medium !== 'd') throw new Refusal(`EINVAL: t=${medium} is not supported`);
  const bytes = keys.get('o') === 'z' ? inflateSync(data, { maxOutputLength: PICTURE_BYTES }) : data;
  const format = keys.get('f') ?? '32';
  if (format === '100') return decodePng(bytes);
  if (format !== '24' && format !== '32') throw new Refusal(`EINVAL: f=${format} is not supported`);
  const [width, height, channels] = [whole(keys, 's'), whole(keys, 'v'), format === '24' ? 3 : 4];
  if (width === 0 || height === 0) throw new Refusal('EINVAL: s and v are the size in pixels');
  if (width * height * 4 > PICTURE_BYTES) throw new Refusal('EFBIG: the picture is too large');
  if (bytes.length < width * height * channels) throw new Refusal('ENODATA: less data than s and v say');
  return bitmapOf(bytes, width, height, channels as 3 | 4);
}

function decodePng(bytes: Uint8Array): Bitmap {
  if (bytes.length < PNG_SIZE + 8) throw new Refusal('EBADPNG: this is no PNG');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(PNG_SIZE) * view.getUint32(PNG_SIZE + 4) * 4 > PICTURE_BYTES) {
    throw new Refusal('EFBIG: the picture is too large');
  }
  try {
    const { data, width, height } = PNG.sync.read(Buffer.from(bytes));
    return bitmapOf(data, width, height, 4);
  } catch {
    throw new Refusal('EBADPNG: this is no PNG');
  }
}

function cut(bitmap: Bitmap, keys: Map<string, string>): Bitmap {
  const left = Math.min(whole(keys, 'x'), bitmap.width - 1);
  const top = Math.min(whole(keys, 'y'), bitmap.height - 1);
  const width = Math.min(whole(keys, 'w') || bitmap.width, bitmap.width - left);
  const height = Math.min(whole(keys, 'h') || bitmap.height, bitmap.height - top);
  const words = new Uint32Array(width * height);
  for (let y = 0; y < height; y++) {
    const from = (top + y) * bitmap.width + left;
    words.set(bitmap.words.subarray(from, from + width), y * width);
  }
  return { width, height, words };
}
