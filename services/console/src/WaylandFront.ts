import type { Globals } from '@switchyard/wayland';
import type { Clipboard } from './Clipboard.js';
import { DisplayLink } from './DisplayLink.js';
import { type Front, type FrontEvents, noModifiers } from './Front.js';
import type { KeyModifiers } from './KeyEncoder.js';
import { Seat } from './Seat.js';
import type { TextInput } from './TextInput.js';
import { Window } from './Window.js';

/** A window of a display, and another one when that display is gone. */
export class WaylandFront implements Front {
  readonly #displays: readonly string[];
  #link: DisplayLink | undefined;
  #window: Window | undefined;
  #seat: Seat | undefined;
  #scale = 1;

  /** `displays`: sockets, the preferred one first. */
  constructor(displays: readonly string[]) {
    this.#displays = displays;
  }

  get modifiers(): KeyModifiers {
    return this.#seat?.keyboard?.modifiers ?? noModifiers;
  }
  get clipboard(): Clipboard | undefined {
    return this.#seat?.clipboard;
  }
  get textInput(): TextInput | undefined {
    return this.#seat?.textInput;
  }

  forgetDeadKeys(): void {
    this.#seat?.keyboard?.forgetDeadKeys();
  }

  open(events: FrontEvents): void {
    this.#link = new DisplayLink(this.#displays, {
      connected: (_, globals) => void this.#connected(globals, events),
      lost: (error) => {
        this.#window?.dispose();
        this.#seat?.dispose();
        this.#window = undefined;
        this.#seat = undefined;
        events.lost(error);
      },
      gaveUp: (error) => events.gaveUp('no display', error),
    });
    this.#link.open();
  }

  close(): void {
    this.#link?.close();
    this.#seat?.dispose();
  }

  async #connected(globals: Globals, events: FrontEvents): Promise<void> {
    if (!(await events.prepared())) return;
    try {
      this.#window = new Window(globals, {
        resized: (width, height, scale) => {
          this.#scale = scale;
          events.resized(width, height, scale);
        },
        frameDone: () => events.frameDone(),
        closed: () => events.closed(),
      });
      this.#seat = new Seat(globals, {
        keyboard: events.keyboard,
        pointer: events.pointer,
        composition: events.composition,
        scale: () => this.#scale,
      });
    } catch (error) {
      events.gaveUp('this display cannot show a terminal', error as Error);
      return;
    }
    events.appeared(this.#window);
  }
}
