import type { Size } from '../geometry/BufferMapping.js';
import type { PlaceToplevel, ShellPolicy, ShellToplevel, ToplevelConfiguration } from './ShellPolicy.js';

/**
 * The product's policy: a session shows one window at a time, as large as the output, with its dialogs centred over it.
 *
 * A *family* is a toplevel without a (mapped) parent and everything that descends from it. The family of the stack's
 * last mapped toplevel is shown; the others wait below and come up when it goes.
 *
 * Clients take any size they like: a window that is smaller than the output is centred, one that is larger is scaled
 * down to fit, so that all of it stays within reach (GTK does not go below its minimum).
 */
export class FullscreenPolicy implements ShellPolicy {
  readonly acceptsUnconfigured = false;

  configuration<T extends ShellToplevel>(
    toplevel: T,
    stack: readonly T[],
    output: Size,
  ): ToplevelConfiguration {
    // A browser hides its tabs and a toolkit its title bar when they are fullscreen; who asks to leave that gets the same size.
    const fullscreen = toplevel.wantsFullscreen ?? !toplevel.parent;
    const fills = fullscreen || !toplevel.parent || toplevel.wantsMaximized;
    // A toplevel that is not mapped yet will be on top when it is.
    const activated = !toplevel.mapped || this.focus(stack) === toplevel;
    return {
      width: fills ? output.width : 0,
      height: fills ? output.height : 0,
      fullscreen,
      maximized: fills,
      activated,
      resizing: false,
    };
  }

  arrange<T extends ShellToplevel>(stack: readonly T[], output: Size, place: PlaceToplevel<T>): void {
    const top = this.focus(stack);
    if (!top) return;
    const root = familyOf(top);
    for (const toplevel of stack) if (toplevel === root) placeCentred(toplevel, output, place);
    for (const toplevel of stack) {
      if (toplevel === root || !toplevel.mapped || familyOf(toplevel) !== root) continue;
      placeCentred(toplevel, output, place);
    }
  }

  focus<T extends ShellToplevel>(stack: readonly T[]): T | undefined {
    for (let i = stack.length - 1; i >= 0; i--) if (stack[i]!.mapped) return stack[i];
    return undefined;
  }

  windows<T extends ShellToplevel>(stack: readonly T[]): T[] {
    const families = new Map<ShellToplevel, T>();
    for (const toplevel of [...stack].reverse()) {
      const family = familyOf(toplevel);
      if (toplevel.mapped && !families.has(family)) families.set(family, toplevel);
    }
    return [...families.values()];
  }

  drag(): undefined {
    return undefined;
  }
}

/** Limit of the walk to a family's root; set_parent refuses loops, so this only bounds the cost of a long chain. */
const maxAncestors = 64;

function familyOf(toplevel: ShellToplevel): ShellToplevel {
  let root = toplevel;
  for (let i = 0; i < maxAncestors && root.parent?.mapped; i++) root = root.parent;
  return root;
}

function placeCentred<T extends ShellToplevel>(toplevel: T, output: Size, place: PlaceToplevel<T>): void {
  const { width, height } = toplevel.geometry;
  const scale = Math.min(1, output.width / width, output.height / height);
  place(
    toplevel,
    Math.floor((output.width - width * scale) / 2),
    Math.floor((output.height - height * scale) / 2),
    scale,
  );
}
