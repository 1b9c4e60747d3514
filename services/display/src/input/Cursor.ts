import type { CursorImage, CursorName, CursorShape } from '@switchyard/seat';
import type { Output } from '../output/Output.js';
import type { Windows } from '../session/Windows.js';
import type { Surface } from '../surface/Surface.js';
import { CursorRole } from './CursorRole.js';

/**
 * The pointer's picture: the arrow until the client under it says what it is, then its surface or nothing. The monitor
 * that the pointer is on draws it, so that it moves without us.
 */
export class Cursor {
  #output: Output;
  readonly #windows: () => Windows | undefined;
  #role: CursorRole | undefined;
  #image: CursorImage | CursorName = 'default';
  readonly #watchers = new Set<() => void>();

  constructor(output: Output, windows: () => Windows | undefined) {
    this.#output = output;
    this.#windows = windows;
    output.setCursor(this.#image);
  }

  get image(): CursorImage | CursorName {
    return this.#image;
  }

  /** Called when its picture has changed, or the monitor that shows it; returns what takes the listener back. */
  onChanged(listener: () => void): () => void {
    this.#watchers.add(listener);
    return () => void this.#watchers.delete(listener);
  }

  /** The pointer has come to another output, or this one has another scale. */
  moveTo(output: Output): void {
    const before = this.#output;
    if (output !== before) before.setCursor('hidden');
    this.#output = output;
    if (this.#role) this.#windows()?.setCursorSurface(this.#role.surface, output);
    this.#draw(this.#role ? this.#role.image(output.scale) : this.#image);
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
    this.#draw(role ? role.image(this.#output.scale) : 'hidden');
  }

  /** One that has a name. */
  showShape(shape: CursorShape): void {
    this.#set(undefined);
    this.#draw(shape);
  }

  /** The arrow. */
  reset(): void {
    this.#set(undefined);
    this.#draw('default');
  }

  #set(role: CursorRole | undefined): void {
    this.#role = role;
    this.#windows()?.setCursorSurface(role?.surface, this.#output);
  }

  #changed(role: CursorRole): void {
    if (role !== this.#role) return;
    if (role.gone) this.#set(undefined);
    this.#draw(role.image(this.#output.scale));
  }

  #draw(image: CursorImage | CursorName): void {
    this.#image = image;
    this.#output.setCursor(image);
    for (const watcher of this.#watchers) watcher();
  }
}
