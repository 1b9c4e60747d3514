import type { Size } from '../geometry/BufferMapping.js';
import type {
  Edges,
  PlaceToplevel,
  ShellPolicy,
  ShellToplevel,
  ToplevelConfiguration,
  WindowMotion,
} from './ShellPolicy.js';

export interface FloatingPolicyOptions {
  /** Windows may be mapped before their first configure is acknowledged, which the protocol forbids. */
  readonly acceptsUnconfigured?: boolean;
}

/**
 * Windows as desktops have them: each has the size that its client gives it, and a place of its own. For conformance
 * runs, which put windows where they want them.
 */
export class FloatingPolicy implements ShellPolicy {
  readonly acceptsUnconfigured: boolean;
  /** Of the surfaces, which stay where they are when a sub-surface makes the geometry larger. */
  readonly #places = new WeakMap<ShellToplevel, { x: number; y: number }>();
  /** Of windows that a person has resized. */
  readonly #sizes = new WeakMap<ShellToplevel, Size>();
  #resizing: ShellToplevel | undefined;

  constructor(options: FloatingPolicyOptions = {}) {
    this.acceptsUnconfigured = options.acceptsUnconfigured ?? false;
  }

  /** Puts the window geometry's corner there, in output units. */
  put(toplevel: ShellToplevel, x: number, y: number): void {
    const { geometry } = toplevel;
    this.#places.set(toplevel, { x: x - geometry.x, y: y - geometry.y });
  }

  configuration<T extends ShellToplevel>(
    toplevel: T,
    stack: readonly T[],
    output: Size,
  ): ToplevelConfiguration {
    const fullscreen = toplevel.wantsFullscreen === true;
    const fills = fullscreen || toplevel.wantsMaximized;
    const { width, height } = fills ? output : (this.#sizes.get(toplevel) ?? { width: 0, height: 0 });
    return {
      width,
      height,
      fullscreen,
      maximized: toplevel.wantsMaximized,
      activated: this.focus(stack) === toplevel,
      resizing: this.#resizing === toplevel,
    };
  }

  arrange<T extends ShellToplevel>(stack: readonly T[], output: Size, place: PlaceToplevel<T>): void {
    for (const toplevel of stack) {
      if (!toplevel.mapped) continue;
      const { x, y } = this.#cornerOf(toplevel, output);
      place(toplevel, x, y, 1);
    }
  }

  windows<T extends ShellToplevel>(stack: readonly T[]): T[] {
    return stack.filter(({ mapped }) => mapped).reverse();
  }

  focus<T extends ShellToplevel>(stack: readonly T[]): T | undefined {
    for (let i = stack.length - 1; i >= 0; i--) if (stack[i]!.mapped) return stack[i];
    return undefined;
  }

  /** A window that is dragged by its left or top edge moves at once, without waiting for its client. */
  drag(toplevel: ShellToplevel, edges: Edges | undefined): WindowMotion | undefined {
    const place = this.#places.get(toplevel);
    if (!place || toplevel.wantsFullscreen || toplevel.wantsMaximized) return undefined;
    const from = { x: place.x + toplevel.geometry.x, y: place.y + toplevel.geometry.y };
    if (!edges) return { to: (dx, dy) => this.put(toplevel, from.x + dx, from.y + dy), end() {} };
    const { width, height } = toplevel.geometry;
    this.#resizing = toplevel;
    return {
      to: (dx, dy) => {
        const wide = within(width + edges.x * dx, toplevel.minimum.width, toplevel.maximum.width);
        const high = within(height + edges.y * dy, toplevel.minimum.height, toplevel.maximum.height);
        this.#sizes.set(toplevel, { width: wide, height: high });
        const x = from.x + (edges.x < 0 ? width - wide : 0);
        this.put(toplevel, x, from.y + (edges.y < 0 ? height - high : 0));
      },
      end: () => {
        this.#resizing = undefined;
      },
    };
  }

  /** A window that nobody has put anywhere is centred, and stays where that was. */
  #cornerOf(toplevel: ShellToplevel, output: Size): { x: number; y: number } {
    if (toplevel.wantsFullscreen || toplevel.wantsMaximized) return { x: 0, y: 0 };
    const { geometry } = toplevel;
    const known = this.#places.get(toplevel);
    if (known) return { x: known.x + geometry.x, y: known.y + geometry.y };
    const x = Math.max(0, Math.floor((output.width - geometry.width) / 2));
    const y = Math.max(0, Math.floor((output.height - geometry.height) / 2));
    this.put(toplevel, x, y);
    return { x, y };
  }
}

function within(length: number, minimum: number, maximum: number): number {
  const most = maximum > 0 ? maximum : Number.POSITIVE_INFINITY;
  return Math.max(1, minimum, Math.min(most, length));
}
