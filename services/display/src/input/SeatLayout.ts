import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Keymap } from '@switchyard/input';

const FORM = /^([A-Za-z0-9_,-]{1,64})(?:\(([A-Za-z0-9_,-]{1,64})\))?$/;

/**
 * The seat's keyboard layout, by its name: `de`, or `de(nodeadkeys)`. What was chosen is kept in a file, so that a
 * display that is started anew has it; one that is started with another layout to begin with takes that one.
 */
export class SeatLayout {
  readonly #path: string | undefined;
  readonly #base = layoutOfEnvironment();
  #name = this.#base;

  /** Without a file nothing is kept. */
  constructor(path?: string) {
    this.#path = path;
  }

  get name(): string {
    return this.#name;
  }

  /** The keymap to begin with. */
  open(): Keymap {
    const kept = this.#read();
    if (kept !== undefined) {
      try {
        const keymap = keymapOf(kept);
        this.#name = kept;
        return keymap;
      } catch {
        // The machine knows it no longer.
      }
    }
    return Keymap.fromNames();
  }

  /** Its keymap. Throws at what is no layout, or cannot be kept. */
  choose(name: string): Keymap {
    const keymap = keymapOf(name);
    try {
      this.#write(name);
    } catch (error) {
      keymap[Symbol.dispose]();
      throw error;
    }
    this.#name = name;
    return keymap;
  }

  #read(): string | undefined {
    if (this.#path === undefined) return undefined;
    try {
      const { base, chosen } = JSON.parse(readFileSync(this.#path, 'utf8')) as Record<string, unknown>;
      return base === this.#base && typeof chosen === 'string' ? chosen : undefined;
    } catch {
      return undefined;
    }
  }

  #write(chosen: string): void {
    if (this.#path === undefined) return;
    mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
    const next = `${this.#path}.new`;
    writeFileSync(next, `${JSON.stringify({ base: this.#base, chosen })}\n`, { mode: 0o600 });
    renameSync(next, this.#path);
  }
}

/** Throws at what is no layout. */
function keymapOf(name: string): Keymap {
  const [, layout, variant = ''] = FORM.exec(name) ?? [];
  if (layout === undefined) throw new Error(`a layout looks like de or de(nodeadkeys), not ${name}`);
  return Keymap.fromNames({ layout, variant });
}

/** What XKB takes when it is told nothing. */
function layoutOfEnvironment(): string {
  const { XKB_DEFAULT_LAYOUT: layout, XKB_DEFAULT_VARIANT: variant } = process.env;
  return `${layout || 'us'}${variant ? `(${variant})` : ''}`;
}
