import { cursorRectangle } from './CursorRectangle.js';
import {
  Encoding,
  ledState,
  rectangle,
  SizeReason,
  SizeStatus,
  screen,
  screenCount,
  vmwareLedState,
} from './Messages.js';
import type { PixelFormat } from './PixelFormat.js';

/** The protocol's bits for the keyboard's lights, by the kernel's: 1 << LED_NUML, LED_CAPSL, LED_SCROLLL. */
const lightBits = [
  [1, 2],
  [2, 4],
  [4, 1],
] as const;

/** The framebuffer, and the monitors in it. */
export interface Framebuffer {
  readonly width: number;
  readonly height: number;
  readonly list: readonly {
    readonly monitor: { readonly number: number };
    readonly x: number;
    readonly width: number;
    readonly height: number;
  }[];
}

/** What a client is to be told in rectangles without pixels, with its next update: each once, if it understands it. */
export class PseudoRectangles {
  #known: ReadonlySet<number> = new Set();
  #cursor = true;
  #lights = false;
  #qemuKeys = false;
  /** ExtendedDesktopSize: why, and what became of it. */
  #size: { reason: number; status: number } | undefined;

  /** The client says what it understands, and is told everything anew. */
  encodings(known: ReadonlySet<number>): void {
    this.#known = known;
    this.#cursor = true;
    this.#lights = true;
    this.#qemuKeys ||= known.has(Encoding.qemuKeys);
    if (known.has(Encoding.extendedDesktopSize)) this.size(SizeReason.server, SizeStatus.done);
  }

  get followsSize(): boolean {
    return this.#known.has(Encoding.extendedDesktopSize) || this.#known.has(Encoding.desktopSize);
  }

  size(reason: number, status: number): void {
    this.#size = { reason, status };
  }

  cursor(): void {
    this.#cursor = true;
  }

  lights(): void {
    this.#lights = true;
  }

  /** What is due. `resized`: the screen has another size than the client knows. */
  take(
    now: Framebuffer,
    resized: boolean,
    cursor: Uint8Array,
    lights: number,
    format: PixelFormat,
  ): Buffer[] {
    const due: Buffer[] = [];
    const knows = (encoding: number) => this.#known.has(encoding);
    const { width, height } = now;
    if (knows(Encoding.extendedDesktopSize)) {
      if (this.#size !== undefined) due.push(sizeRectangle(this.#size, now));
    } else if (resized) due.push(rectangle.write({ width, height, encoding: Encoding.desktopSize }));
    if (this.#qemuKeys) due.push(rectangle.write({ encoding: Encoding.qemuKeys }));
    const withAlpha = knows(Encoding.cursorWithAlpha);
    if (this.#cursor && (withAlpha || knows(Encoding.cursor)))
      due.push(cursorRectangle(cursor, format, withAlpha));
    if (this.#lights) due.push(...this.#lightRectangles(lights));
    this.#size = undefined;
    this.#qemuKeys = this.#cursor = this.#lights = false;
    return due;
  }

  #lightRectangles(lights: number): Buffer[] {
    let bits = 0;
    for (const [kernel, protocol] of lightBits) if (lights & kernel) bits |= protocol;
    if (this.#known.has(Encoding.ledState))
      return [Buffer.concat([rectangle.write({ encoding: Encoding.ledState }), ledState.write({ bits })])];
    if (this.#known.has(Encoding.vmwareLedState))
      return [
        Buffer.concat([
          rectangle.write({ encoding: Encoding.vmwareLedState }),
          vmwareLedState.write({ bits }),
        ]),
      ];
    return [];
  }
}

function sizeRectangle(
  { reason, status }: { reason: number; status: number },
  { width, height, list }: Framebuffer,
): Buffer {
  return Buffer.concat([
    rectangle.write({ x: reason, y: status, width, height, encoding: Encoding.extendedDesktopSize }),
    screenCount.write({ screens: list.length }),
    ...list.map(({ monitor, x, width, height }) => screen.write({ id: monitor.number, x, width, height })),
  ]);
}
