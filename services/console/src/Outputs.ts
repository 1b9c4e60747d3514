import { type Globals, WlOutputProxy } from '@switchyard/wayland';

/** The outputs' scales: of those that the window is on, else of all, the greatest. */
export class Outputs {
  readonly #scales = new Map<number, { proxy: WlOutputProxy; scale: number }>();
  readonly #entered = new Set<WlOutputProxy>();
  readonly #changed: () => void;

  constructor(globals: Globals, changed: () => void) {
    this.#changed = changed;
    const add = (global: { name: number; interface: string; version: number }) => {
      if (global.interface === WlOutputProxy.interface.name) this.#bind(globals, global);
    };
    for (const global of globals) add(global);
    globals.onAdded(add);
    globals.onRemoved(({ name }) => {
      const output = this.#scales.get(name);
      if (!output) return;
      this.#scales.delete(name);
      this.#entered.delete(output.proxy);
      if (output.proxy.version >= 3) output.proxy.release();
      changed();
    });
  }

  get scale(): number {
    const all = [...this.#scales.values()];
    const entered = all.filter(({ proxy }) => this.#entered.has(proxy));
    return Math.max(1, ...(entered.length > 0 ? entered : all).map(({ scale }) => scale));
  }

  enter(output: WlOutputProxy): void {
    this.#entered.add(output);
    this.#changed();
  }

  leave(output: WlOutputProxy): void {
    this.#entered.delete(output);
    this.#changed();
  }

  #bind(globals: Globals, global: { name: number; interface: string; version: number }): void {
    const done = () => this.#changed();
    const proxy = globals.bindGlobal(global, WlOutputProxy, 3, {
      geometry() {},
      mode() {},
      scale: (_, factor) => {
        const output = this.#scales.get(global.name);
        if (output) output.scale = factor;
      },
      done,
      name() {},
      description() {},
    });
    this.#scales.set(global.name, { proxy, scale: 1 });
  }
}
