import type { Size } from '../geometry/BufferMapping.js';
import type { Rectangle } from '../geometry/Rectangle.js';

/** What a policy must know of a toplevel. */
export interface ShellToplevel {
  readonly parent: ShellToplevel | undefined;
  readonly mapped: boolean;
  /** The window geometry, in surface units of the toplevel's surface. */
  readonly geometry: Rectangle;
  /** What the client last asked for by (un)set_fullscreen; undefined: never. */
  readonly wantsFullscreen: boolean | undefined;
  readonly wantsMaximized: boolean;
  /** What the client allows; 0 is no limit. */
  readonly minimum: Size;
  readonly maximum: Size;
}

/** What a toplevel is told by xdg_toplevel.configure. */
export interface ToplevelConfiguration {
  /** 0 × 0: the client chooses. */
  readonly width: number;
  readonly height: number;
  readonly fullscreen: boolean;
  readonly maximized: boolean;
  readonly activated: boolean;
  readonly resizing: boolean;
}

/** Which edges of a window are dragged: -1 is left or top, 1 is right or bottom. */
export interface Edges {
  readonly x: -1 | 0 | 1;
  readonly y: -1 | 0 | 1;
}

/** A window that is being moved or resized by a person. */
export interface WindowMotion {
  /** So far from where it began, in output units. */
  to(dx: number, dy: number): void;
  end(): void;
}

/**
 * A toplevel's place: its window geometry's top left corner at (x, y), in output units, and each surface unit `scale`
 * output units long.
 */
export type PlaceToplevel<T> = (toplevel: T, x: number, y: number, scale: number) => void;

/**
 * How a session's toplevels are sized, stacked and focused. Everything below (surfaces, popups, input, composition) asks it and
 * assumes nothing, so that a policy for a conformance run can let windows float.
 *
 * `stack` is the session's toplevels in the order in which they were mapped or last raised, the newest at the end; ones that are not
 * mapped stand in it too. `output` is the output's size in output units.
 */
export interface ShellPolicy {
  /** Buffers are taken from clients that have not acknowledged a configure; the protocol has an error for them. */
  readonly acceptsUnconfigured: boolean;
  configuration<T extends ShellToplevel>(
    toplevel: T,
    stack: readonly T[],
    output: Size,
  ): ToplevelConfiguration;
  /** Places what is to be seen, from the bottom to the top. */
  arrange<T extends ShellToplevel>(stack: readonly T[], output: Size, place: PlaceToplevel<T>): void;
  /** The toplevel that has the keyboard. */
  focus<T extends ShellToplevel>(stack: readonly T[]): T | undefined;
  /** What a person can go through: of each group of windows the one that comes to the front with it, the front one first. */
  windows<T extends ShellToplevel>(stack: readonly T[]): T[];
  /** A person begins to drag a window, or with `edges` these. undefined: windows do not move. */
  drag(toplevel: ShellToplevel, edges: Edges | undefined): WindowMotion | undefined;
}
