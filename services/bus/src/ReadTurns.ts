/** A turn of one who is alone: as much as one read takes. */
const longTurn = 130 * 1024;
/** A turn of one who sends without end while others have little to say: they wait for about a hundred small messages. */
const shortTurn = 8 * 1024;

/** A connection as its turns see it; the fields are theirs. */
export interface TurnTaker {
  /** The number of the turn that it had last. */
  lastTurn: number;
  lastTurnWasFull: boolean;
}

/**
 * How much of one connection is read at a time. The event loop gives every connection that can be read one turn a
 * round; who fills its turns keeps those waiting who ask one thing at a time, so while there are such its turns are
 * short. Hot.
 */
export class ReadTurns {
  #turn = 0;
  #lastSmall = 0;

  /** Bytes that may be read now. */
  size(taker: TurnTaker): number {
    return taker.lastTurnWasFull && this.#lastSmall > taker.lastTurn ? shortTurn : longTurn;
  }

  took(taker: TurnTaker, bytes: number): void {
    taker.lastTurn = ++this.#turn;
    taker.lastTurnWasFull = bytes >= shortTurn;
    if (!taker.lastTurnWasFull) this.#lastSmall = this.#turn;
  }
}
