import type { Log } from '@switchyard/runtime';
import type { Mode } from '@switchyard/seat';
import { Output } from './Output.js';

/** Monitors of one seat. They are attached by whoever runs the seat; each costs two buffers a screen. */
export const maxOutputs = 16;

export interface OutputsEvents {
  added(output: Output): void;
  /** It is not in the list any more, and let go of after this. */
  removed(output: Output): void;
  /** Its mode or its place is another one. */
  changed(output: Output): void;
}

/** A monitor that the seat has, as far as its device tells. */
export interface MonitorDevice {
  /** As long as the device is there, nobody else has it. */
  readonly key: string;
  /** From the left, beginning with 1; 0 when it does not say. */
  readonly number: number;
  /** Until it says another one. */
  readonly mode: Mode;
}

/**
 * The seat's outputs, side by side from the left to the right in the order of their numbers. Together they are one space:
 * a place in it is in output pixels, from the top left corner of the first.
 *
 *   waiting ──monitor of its number──▶ there ──monitor gone──▶ removed
 *      ▲                                 └──the last one──▶ waiting
 *      └── from the start, one: programs ask for a screen before there is any
 */
export class Outputs implements Disposable {
  readonly #log: Log;
  readonly #drawApartFrom: number | undefined;
  readonly #on: OutputsEvents;
  readonly #list: Output[] = [];
  readonly #monitors = new Map<Output, string>();

  constructor(log: Log, on: OutputsEvents, drawApartFrom?: number) {
    this.#log = log;
    this.#drawApartFrom = drawApartFrom;
    this.#on = on;
    this.#list.push(this.#create(1));
  }

  /** From the left to the right; at least one. */
  get list(): readonly Output[] {
    return this.#list;
  }
  get first(): Output {
    return this.#list[0]!;
  }
  /** Some monitor is there, so programs see what the screen is. */
  get there(): boolean {
    return this.#monitors.size > 0;
  }
  /** There is no other. */
  get only(): Output | undefined {
    return this.#list.length === 1 ? this.#list[0] : undefined;
  }
  /** All of them, in pixels. */
  get width(): number {
    const last = this.#list.at(-1)!;
    return last.x + last.mode.width;
  }
  get height(): number {
    return this.#list.reduce((most, { mode }) => Math.max(most, mode.height), 0);
  }

  /** Hot. */
  numbered(number: number): Output | undefined {
    for (const output of this.#list) if (output.number === number) return output;
    return undefined;
  }

  /** The one at this column, or the nearest. Hot. */
  at(x: number): Output {
    const list = this.#list;
    for (let i = list.length - 1; i > 0; i--) if (x >= list[i]!.x) return list[i]!;
    return list[0]!;
  }

  /** The output of a monitor; it appears with the monitor. undefined when there are too many. */
  attach({ key, number, mode }: MonitorDevice): Output | undefined {
    for (const [output, monitor] of this.#monitors) {
      if (monitor !== key) continue;
      output.expect(mode);
      return output;
    }
    const taken = (wanted: number): boolean =>
      this.#list.some((output) => output.number === wanted && this.#monitors.has(output));
    let wanted = number;
    if (wanted < 1 || taken(wanted)) for (wanted = 1; taken(wanted); wanted++);
    let output = this.numbered(wanted);
    if (!output) {
      if (this.#monitors.size >= maxOutputs) return undefined;
      output = this.#create(wanted);
      output.expect(mode);
      this.#list.push(output);
      this.#list.sort((a, b) => a.number - b.number);
      this.#layOut();
      this.#on.added(output);
    }
    this.#monitors.set(output, key);
    output.expect(mode);
    for (const other of [...this.#list]) if (!this.#monitors.has(other)) this.#remove(other);
    return output;
  }

  /** The monitor is gone, and so is its output, unless it is the last. */
  detach(key: string): void {
    for (const [output, monitor] of [...this.#monitors]) {
      if (monitor !== key) continue;
      this.#monitors.delete(output);
      if (this.#list.length > 1) this.#remove(output);
    }
  }

  /** Monitors that are none of these are gone. */
  keep(keys: ReadonlySet<string>): void {
    for (const key of [...this.#monitors.values()]) if (!keys.has(key)) this.detach(key);
  }

  /** Calls back once when what there is to be seen by now has replaced what was there before on all of them. */
  onceShown(callback: () => void): void {
    let waiting = this.#list.length;
    for (const output of this.#list)
      output.onceShown(() => {
        if (--waiting === 0) callback();
      });
  }

  [Symbol.dispose](): void {
    for (const output of this.#list) output[Symbol.dispose]();
  }

  #create(number: number): Output {
    const changed = (): void => {
      if (!this.#list.includes(output)) return;
      this.#layOut();
      this.#on.changed(output);
    };
    const output: Output = new Output(number, this.#log, changed, this.#drawApartFrom);
    return output;
  }

  #remove(output: Output): void {
    this.#list.splice(this.#list.indexOf(output), 1);
    this.#monitors.delete(output);
    this.#layOut();
    this.#on.removed(output);
    output[Symbol.dispose]();
  }

  /** Side by side. Those whose place has changed are drawn anew. */
  #layOut(): void {
    let x = 0;
    let left = 0;
    for (const output of this.#list) {
      const moved = output.x !== x || output.left !== left;
      output.x = x;
      output.left = left;
      x += output.mode.width;
      left += output.width;
      if (!moved) continue;
      output.damageAll();
      this.#on.changed(output);
    }
  }
}
