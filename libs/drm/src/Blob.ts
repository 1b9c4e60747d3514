import type { Card } from './Card.js';

/** Bytes that a property's value can name: a mode, a colour table, damage. What uses it keeps the bytes. */
export class Blob implements Disposable {
  readonly card: Card;
  readonly id: number;
  #disposed = false;

  private constructor(card: Card, id: number) {
    this.card = card;
    this.id = id;
  }

  static create(card: Card, bytes: Uint8Array): Blob {
    return new Blob(card, card.calls.modes.createBlob(bytes));
  }

  [Symbol.dispose](): void {
    if (this.#disposed) return;
    this.#disposed = true;
    if (!this.card.fd.closed) this.card.calls.modes.destroyBlob(this.id);
  }
}
