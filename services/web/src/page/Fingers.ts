import { MessageType, TouchPhase, touch } from '../wire/Wire.js';
import { placeOn } from './Pointer.js';

/** The canvas as the seat's touchscreen: fingers go to the seat one by one, as they are. */
export class Fingers {
  readonly #canvas: HTMLCanvasElement;
  readonly #send: (message: Uint8Array<ArrayBuffer>) => void;
  readonly #message = new DataView(new ArrayBuffer(touch.size));
  /** Small numbers for the browser's large ones. */
  readonly #ids = new Map<number, number>();

  constructor(
    canvas: HTMLCanvasElement,
    send: (message: Uint8Array<ArrayBuffer>) => void,
    /** Whether fingers move the view just now, and not the seat. */
    elsewhere: () => boolean,
  ) {
    this.#canvas = canvas;
    this.#send = send;
    canvas.addEventListener('pointerdown', (event) => {
      if (event.pointerType !== 'touch' || elsewhere()) return;
      canvas.setPointerCapture(event.pointerId);
      this.#ids.set(event.pointerId, this.#freeId());
      this.#tell(event, TouchPhase.down);
    });
    canvas.addEventListener('pointermove', (event) => this.#tell(event, TouchPhase.move));
    for (const type of ['pointerup', 'pointercancel'] as const)
      canvas.addEventListener(type, (event) => {
        this.#tell(event, TouchPhase.up);
        this.#ids.delete(event.pointerId);
      });
  }

  /** No finger is down, as far as the seat is told otherwise. */
  forget(): void {
    this.#ids.clear();
  }

  #freeId(): number {
    const taken = new Set(this.#ids.values());
    let id = 0;
    while (taken.has(id)) id++;
    return id;
  }

  #tell(event: PointerEvent, phase: number): void {
    const id = this.#ids.get(event.pointerId);
    if (id === undefined) return;
    touch.write(this.#message, 0, { type: MessageType.touch, phase, id, ...placeOn(this.#canvas, event) });
    this.#send(new Uint8Array(this.#message.buffer));
  }
}
