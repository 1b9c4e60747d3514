import type { CursorShape } from '@switchyard/seat';
import type { Output } from '../output/Output.js';
import type { Windows } from '../session/Windows.js';
import type { Surface } from '../surface/Surface.js';
import { CursorRole } from './CursorRole.js';

/**
 * The pointer's picture: the arrow until the client under it says what it is, then its surface or nothing. The monitor
 * draws it, so that it moves without us.
 */
export class Cursor {
  readonly #output: Output;
  readonly #windows: () => Windows | undefined;
  #role: CursorRole | undefined;

  constructor(output: Output, windows: () => Windows | undefined) {
    this.#output = output;
    this.#windows = windows;
  }

  /** The surface that is shown. */
  get role(): CursorRole | undefined {
    return this.#role;
  }

  /** The surface's role as a cursor; undefined when it has another one. */
  roleOf(surface: Surface): CursorRole | undefined {
    if (surface.role instanceof CursorRole) return surface.role;
    const role = new CursorRole(surface, (changed) => this.#changed(changed));
    return surface.role === undefined && surface.setRole(role) ? role : undefined;
  }

  /** Without a role the pointer has no picture. */
  show(role: CursorRole | undefined, hotX: number, hotY: number): void {
    if (role) {
      role.hotX = hotX;
      role.hotY = hotY;
    }
    this.#set(role);
    this.#output.setCursor(role ? role.image(this.#output.scale) : 'hidden');
  }

  /** One that has a name. */
  showShape(shape: CursorShape): void {
    this.#set(undefined);
    this.#output.setCursor(shape);
  }

  /** The arrow. */
  reset(): void {
    this.#set(undefined);
    this.#output.setCursor('default');
  }

  #set(role: CursorRole | undefined): void {
    this.#role = role;
    this.#windows()?.setCursorSurface(role?.surface);
  }

  #changed(role: CursorRole): void {
    if (role !== this.#role) return;
    if (role.gone) this.#set(undefined);
    this.#output.setCursor(role.image(this.#output.scale));
  }
}
