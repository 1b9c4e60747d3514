/** A turn of one who is alone with long messages: one of a MiB, in as many reads as it takes. */
const wholeTurn = 1024 * 1024;
/** As much as one read of many messages takes. */
const longTurn = 130 * 1024;
/** A turn of one who sends without end while others have little to say: they wait for a few dozen messages … */
const shortTurnMessages = 24;
/** … or for so much, however short those are. */
const shortTurn = 4 * 1024;
/** Who has little to say is waited for so long: it may be about to answer, or to ask again. */
const recentTurns = 128;

/** A connection as its turns see it; the fields are theirs. */
export interface TurnTaker {
  lastTurnWasFull: boolean;
  /** Of the last turn that was full. */
  bytesPerMessage: number;
}

/**
 * How much of one connection is read at a time. The event loop gives every connection that can be read one turn a
 * round; who fills its turns keeps those waiting who ask one thing at a time, so while there are such its turns are
 * short. Hot.
 */
export class ReadTurns {
  #turn = 0;
  #lastSmall = -recentTurns;

  /** Bytes that may be read now. */
  size(taker: TurnTaker): number {
    if (this.#turn - this.#lastSmall >= recentTurns) return wholeTurn;
    if (!taker.lastTurnWasFull) return longTurn;
    return Math.min(Math.max(taker.bytesPerMessage * shortTurnMessages, shortTurn), longTurn);
  }

  took(taker: TurnTaker, bytes: number, messages: number): void {
    this.#turn++;
    taker.lastTurnWasFull = bytes >= shortTurn;
    if (taker.lastTurnWasFull) taker.bytesPerMessage = (bytes / Math.max(messages, 1)) | 0;
    else this.#lastSmall = this.#turn;
  }
}
