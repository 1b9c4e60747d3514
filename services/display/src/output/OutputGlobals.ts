import { type Client, type Display, type Global, WlOutputResource } from '@switchyard/wayland';
import type { ClientState } from '../ClientState.js';
import type { Output } from './Output.js';
import { OutputGlobal } from './OutputGlobal.js';

/** What clients find in the registry of the outputs that there are. */
export class OutputGlobals {
  readonly #display: Display;
  readonly #seat: string;
  readonly #stateOf: (client: Client) => ClientState;
  readonly #changing: (resource: WlOutputResource) => void;
  readonly #offered = new Map<Output, { described: OutputGlobal; global: Global }>();

  /** `changing`: of each wl_output whose mode or place has changed, before `done`; extensions say their part of it. */
  constructor(
    display: Display,
    seat: string,
    stateOf: (client: Client) => ClientState,
    changing: (resource: WlOutputResource) => void,
  ) {
    this.#display = display;
    this.#seat = seat;
    this.#stateOf = stateOf;
    this.#changing = changing;
  }

  /** As clients and `yard screenshot` know it: the first has the seat's name. */
  nameOf({ number }: Output): string {
    return number === 1 ? this.#seat : `${this.#seat}-${number}`;
  }

  offer(output: Output): void {
    const described = new OutputGlobal(output, this.nameOf(output), this.#changing);
    const global = this.#display.addGlobal(WlOutputResource, 4, (resource) =>
      described.bind(resource, this.#stateOf(resource.client)),
    );
    this.#offered.set(output, { described, global });
  }

  changed(output: Output): void {
    this.#offered.get(output)?.described.changed();
  }

  /** What clients have bound stays theirs, and says nothing any more. */
  remove(output: Output): void {
    const known = this.#offered.get(output);
    if (!known) return;
    this.#offered.delete(output);
    known.global.remove();
    known.described.removed = true;
  }
}
