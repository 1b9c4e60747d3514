import type { Output } from './Output.js';
import type { Scene } from './Scene.js';

/** What is shown on the output, and hears when it was. */
export interface Shown {
  readonly scene: Scene;
  /** Called before a frame of the output is composed: brings the scene up to date and adds to the damage what moved. */
  prepare(output: Output): void;
  /** Brings the scene up to date outside of a frame. */
  refresh(): void;
  /** A frame is on its way: what was committed until now is in it. */
  composed(output: Output): void;
  /** It is on the screen. */
  flipped(output: Output, time: bigint, sequence: number): void;
}
