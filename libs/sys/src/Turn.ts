/** Who has something to do at the end of a turn of the event loop. */
export interface TurnEnd {
  endTurn(): void;
}

const settled = Promise.resolve();
/** Those of this turn, in order; places beyond `waiting` are free. An array that shrank would have to grow again. */
const ends: (TurnEnd | undefined)[] = [];
let waiting = 0;
let done = 0;

/**
 * between ──a poll calls──▶ within ──it returns──▶ ending ──all had their end──▶ between
 *    └──somebody waits──▶ scheduled ──microtask──────▲
 */
let state: 'between' | 'within' | 'scheduled' | 'ending' = 'between';

/** Calls `end` when what is going on in this turn is over: within a poll's callback, after it; else, after the code that runs now. Hot. */
export function atTurnEnd(end: TurnEnd): void {
  ends[waiting++] = end;
  if (state !== 'between') return;
  state = 'scheduled';
  void settled.then(endTurn);
}

/** A poll calls somebody. Hot. */
export function beginTurn(): void {
  if (state === 'between') state = 'within';
}

/** It has returned. Whoever throws does not keep the others from their end. Hot. */
export function endTurn(): void {
  state = 'ending';
  try {
    while (done < waiting) {
      const end = ends[done]!;
      ends[done++] = undefined;
      end.endTurn();
    }
  } finally {
    state = 'between';
    if (done === waiting) done = waiting = 0;
    else {
      state = 'scheduled';
      void settled.then(endTurn);
    }
  }
}
