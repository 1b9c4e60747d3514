import { BTN } from '@switchyard/uapi/input';
import { button, MessageType, motion, POINTER_MAX, wheel } from '../wire/Wire.js';
import { Neighbours } from './Neighbours.js';

/** PointerEvent.buttons, bit by bit. */
const buttons = [BTN.LEFT, BTN.RIGHT, BTN.MIDDLE, BTN.SIDE, BTN.EXTRA];
/** WheelEvent deltas that make one notch: pixels as Chromium and Firefox scroll a notch, lines, pages. */
const NOTCH_OF_MODE = [100, 3, 1];
const NOTCH = 120;
const WHEEL_MAX = 32767;

/** The canvas as the seat's pointer: mouse and pen. What is dragged out of it goes on in the window that it comes to. */
export class Pointer {
  readonly #canvas: HTMLCanvasElement;
  readonly #send: (message: Uint8Array<ArrayBuffer>) => void;
  readonly #motion = new DataView(new ArrayBuffer(motion.size));
  readonly #button = new DataView(new ArrayBuffer(button.size));
  readonly #wheel = new DataView(new ArrayBuffer(wheel.size));
  readonly #neighbours: Neighbours;
  #image = 'default';
  /** The other window's monitor that something is dragged over; 0 is none. */
  #monitor = 0;
  #held = 0;
  #last: PointerEvent | undefined;
  #x = -1;
  #y = -1;
  #moved = false;
  #frame: number | undefined;
  #restX = 0;
  #restY = 0;

  constructor(canvas: HTMLCanvasElement, send: (message: Uint8Array<ArrayBuffer>) => void) {
    this.#canvas = canvas;
    this.#send = send;
    this.#neighbours = new Neighbours(canvas, () => {
      if (this.#held !== 0 && this.#last) this.#follow(this.#last);
    });
    canvas.addEventListener('pointerdown', (event) => {
      if (event.pointerType === 'touch') return;
      this.#neighbours.begin();
      canvas.focus({ preventScroll: true });
      canvas.setPointerCapture(event.pointerId);
      this.#follow(event);
    });
    for (const type of ['pointermove', 'pointerup'] as const)
      canvas.addEventListener(type, (event) => this.#follow(event));
    canvas.addEventListener('pointercancel', () => this.#setButtons(0));
    canvas.addEventListener('wheel', (event) => this.#scroll(event), { passive: false });
    canvas.addEventListener('contextmenu', (event) => event.preventDefault());
    // The side buttons would leave the page, the middle one would scroll it.
    for (const type of ['mousedown', 'mouseup'] as const)
      canvas.addEventListener(type, (event) => {
        if (event.button !== 0) event.preventDefault();
      });
  }

  /** What it looks like on this monitor, as a value of the CSS property. */
  set image(cursor: string) {
    this.#image = cursor;
    this.#neighbours.cursor = cursor;
    this.#show();
  }

  /** The buttons are up, as far as the seat is told otherwise. */
  forget(): void {
    this.#held = 0;
  }

  /** While a button is held others arrive as pointermove, so every event's `buttons` is looked at. */
  #follow(event: PointerEvent): void {
    if (!event.isPrimary || event.pointerType === 'touch') return;
    this.#last = event;
    this.#neighbours.learn(event);
    const over = this.#held === 0 ? undefined : this.#neighbours.at(event);
    const { x, y } = over ?? placeOn(this.#canvas, event);
    const monitor = over?.monitor ?? 0;
    this.#moved ||= x !== this.#x || y !== this.#y || monitor !== this.#monitor;
    this.#monitor = monitor;
    this.#show();
    this.#x = x;
    this.#y = y;
    if (event.buttons !== this.#held) {
      this.#sendMotion();
      this.#setButtons(event.buttons);
    } else if (this.#moved && this.#frame === undefined) {
      this.#sendMotion();
      this.#frame = requestAnimationFrame(() => this.#nextFrame());
    }
  }

  /** The first motion goes at once, those that follow in the same frame go together. */
  #nextFrame(): void {
    this.#frame = undefined;
    if (!this.#moved) return;
    this.#sendMotion();
    this.#frame = requestAnimationFrame(() => this.#nextFrame());
  }

  #sendMotion(): void {
    if (!this.#moved) return;
    this.#moved = false;
    const place = { monitor: this.#monitor, x: this.#x, y: this.#y };
    motion.write(this.#motion, 0, { type: MessageType.motion, ...place });
    this.#send(new Uint8Array(this.#motion.buffer));
  }

  #setButtons(held: number): void {
    for (const [bit, code] of buttons.entries()) {
      const down = (held >> bit) & 1;
      if (down === ((this.#held >> bit) & 1)) continue;
      button.write(this.#button, 0, { type: MessageType.button, down, code });
      this.#send(new Uint8Array(this.#button.buffer));
    }
    this.#held = held;
    if (held === 0) this.#neighbours.end();
    this.#show();
  }

  /** The browser shows the pointer of the window where a drag began, so that one shows what the other would. */
  #show(): void {
    const cursor = (this.#monitor !== 0 && this.#neighbours.cursorOn(this.#monitor)) || this.#image;
    if (this.#canvas.style.cursor !== cursor) this.#canvas.style.cursor = cursor;
  }

  #scroll(event: WheelEvent): void {
    event.preventDefault();
    const unit = NOTCH / (NOTCH_OF_MODE[event.deltaMode] ?? 1);
    this.#restX += event.deltaX * unit;
    this.#restY += event.deltaY * unit;
    const x = Math.trunc(this.#restX);
    const y = Math.trunc(this.#restY);
    if (x === 0 && y === 0) return;
    this.#restX -= x;
    this.#restY -= y;
    this.#sendMotion();
    wheel.write(this.#wheel, 0, { type: MessageType.wheel, x: clampWheel(x), y: clampWheel(y) });
    this.#send(new Uint8Array(this.#wheel.buffer));
  }
}

/** 0 … POINTER_MAX over the canvas, however it is scaled. */
export function placeOn(canvas: HTMLCanvasElement, event: MouseEvent): { x: number; y: number } {
  const box = canvas.getBoundingClientRect();
  return {
    x: scaled(event.clientX - box.left, box.width),
    y: scaled(event.clientY - box.top, box.height),
  };
}

const scaled = (at: number, size: number): number =>
  Math.max(0, Math.min(POINTER_MAX, Math.round((at / size) * POINTER_MAX)));
const clampWheel = (value: number): number => Math.max(-WHEEL_MAX, Math.min(WHEEL_MAX, value));
