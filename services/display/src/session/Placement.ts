import type { Output } from '../output/Output.js';
import type { Outputs } from '../output/Outputs.js';

/** What must be known of a window to find it an output. */
export interface PlacedWindow {
  readonly parent: PlacedWindow | undefined;
  readonly mapped: boolean;
}

/** Limit of the walk to a family's root; set_parent refuses loops, so this only bounds the cost of a long chain. */
const maxAncestors = 64;

/**
 * On which output each of a session's windows is: a dialog is where its parent is, a window where it was put, and a new
 * one on the first output that has none, else on the one that the person works on.
 *
 * A window remembers the number of its output: when that is unplugged, it is on the first one until it is back.
 */
export class Placement<T extends PlacedWindow> {
  readonly #outputs: Outputs;
  readonly #numbers = new Map<PlacedWindow, number>();

  constructor(outputs: Outputs) {
    this.#outputs = outputs;
  }

  /** The output of one that has a place, or is part of a family that has one. */
  known(toplevel: T): Output | undefined {
    const number = this.#numbers.get(rootOf(toplevel));
    if (number === undefined) return undefined;
    return this.#outputs.numbered(number) ?? this.#outputs.first;
  }

  /** `focused`: the window that the person works in. */
  of(toplevel: T, focused: T | undefined): Output {
    const { only } = this.#outputs;
    const known = this.known(toplevel);
    if (known) return known;
    const output = only ?? this.#free() ?? (focused && this.known(focused)) ?? this.#outputs.first;
    this.#numbers.set(rootOf(toplevel), output.number);
    return output;
  }

  /** A dialog takes its family with it. */
  move(toplevel: T, output: Output): void {
    this.#numbers.set(rootOf(toplevel), output.number);
  }

  /** It is closed, or hidden: the next time it is a new window. */
  forget(toplevel: T): void {
    this.#numbers.delete(toplevel);
  }

  #free(): Output | undefined {
    const used = new Set<Output | undefined>();
    for (const number of this.#numbers.values())
      used.add(this.#outputs.numbered(number) ?? this.#outputs.first);
    return this.#outputs.list.find((output) => !used.has(output));
  }
}

function rootOf(toplevel: PlacedWindow): PlacedWindow {
  let root = toplevel;
  for (let i = 0; i < maxAncestors && root.parent?.mapped; i++) root = root.parent;
  return root;
}
