import type { Card } from './Card.js';

/** What turns a CRTC's picture into a connector's signal. */
export class Encoder {
  readonly card: Card;
  readonly id: number;
  /** The CRTC that it serves, 0 = none. */
  readonly crtc: number;
  /** Bit n: it can serve the n-th CRTC of the card's resources. */
  readonly possibleCrtcs: number;

  private constructor(card: Card, values: { encoder_id: number; crtc_id: number; possible_crtcs: number }) {
    this.card = card;
    this.id = values.encoder_id;
    this.crtc = values.crtc_id;
    this.possibleCrtcs = values.possible_crtcs;
  }

  static read(card: Card, id: number): Encoder {
    return new Encoder(card, card.calls.modes.encoder(id));
  }
}
