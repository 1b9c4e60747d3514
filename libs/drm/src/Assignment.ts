/**
 * Gives each of `takers` one of its choices and none to two: earlier choices are better, and whoever stands in the way moves to
 * another choice of his if there is one (augmenting paths). Undefined: it cannot be done for all.
 */
export function assign<Taker, Choice>(
  takers: readonly Taker[],
  choicesOf: (taker: Taker) => readonly Choice[],
): Map<Taker, Choice> | undefined {
  const owners = new Map<Choice, Taker>();
  const place = (taker: Taker, seen: Set<Choice>): boolean => {
    for (const choice of choicesOf(taker)) {
      if (seen.has(choice)) continue;
      seen.add(choice);
      const owner = owners.get(choice);
      if (owner !== undefined && !place(owner, seen)) continue;
      owners.set(choice, taker);
      return true;
    }
    return false;
  };
  for (const taker of takers) if (!place(taker, new Set())) return undefined;
  return new Map([...owners].map(([choice, taker]) => [taker, choice]));
}
