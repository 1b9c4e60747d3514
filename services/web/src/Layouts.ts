import { readFileSync } from 'node:fs';
import type { Connection, Variant } from '@switchyard/dbus';
import type { KeymapNames } from '@switchyard/input';
import type { LayoutEntry } from './wire/Control.js';

/** xkeyboard-config's list of what there is, with its names in English. */
const LIST = '/usr/share/X11/xkb/rules/evdev.lst';
const displayPath = '/org/switchyard/Display1';
const displayInterface = 'org.switchyard.Display1';

/** The seat's keyboard layout, which the display has, and those that may be chosen. */
export class Layouts {
  readonly #display: string;
  readonly #onChanged: () => void;
  #connection: Connection | undefined;
  #watches: Disposable[] = [];
  #current = '';
  #all: LayoutEntry[] | undefined;

  /** `display`: its bus name. `onChanged`: `current` is another. */
  constructor(display: string, onChanged: () => void) {
    this.#display = display;
    this.#onChanged = onChanged;
  }

  /** `de`, or `de(nodeadkeys)`; '' while nobody has said. */
  get current(): string {
    return this.#current;
  }

  get names(): KeymapNames {
    const [, layout = '', variant = ''] = /^([^(]*)(?:\((.*)\))?$/.exec(this.#current) ?? [];
    return layout === '' ? {} : { layout, variant };
  }

  get all(): LayoutEntry[] {
    this.#all ??= readList();
    return this.#all;
  }

  connected(connection: Connection): void {
    this.lost();
    this.#connection = connection;
    this.#watches = [
      connection.watchName(this.#display, { appeared: () => void this.#ask() }),
      connection.match(
        {
          type: 'signal',
          sender: this.#display,
          interface: 'org.freedesktop.DBus.Properties',
          member: 'PropertiesChanged',
          path: displayPath,
        },
        (message) => {
          const [, changed] = message.body as [string, Map<string, Variant>];
          const layout = changed.get('Layout')?.value;
          if (typeof layout === 'string') this.#set(layout);
        },
      ),
    ];
  }

  lost(): void {
    for (const watch of this.#watches.splice(0)) watch[Symbol.dispose]();
    this.#connection = undefined;
  }

  /** Rejects with the display's error when it knows no such layout. */
  async choose(layout: string): Promise<void> {
    if (this.#connection === undefined) throw new Error('the bus is away; try again');
    await this.#connection.proxy(this.#display, displayPath).call(displayInterface, 'SetLayout', 's', layout);
  }

  async #ask(): Promise<void> {
    try {
      const display = this.#connection?.proxy(this.#display, displayPath);
      this.#set(String(await display?.get(displayInterface, 'Layout')));
    } catch {
      // It went away again, or is another display than ours: its layout is unknown.
    }
  }

  #set(layout: string): void {
    if (layout === this.#current) return;
    this.#current = layout;
    this.#onChanged();
  }
}

/** The "! layout" part: a name, and what people call it. Empty where the list is not installed. */
function readList(): LayoutEntry[] {
  let text: string;
  try {
    text = readFileSync(LIST, 'utf8');
  } catch {
    return [];
  }
  const [, part = ''] = /^! layout\n([\s\S]*?)^!/m.exec(text) ?? [];
  return part
    .split('\n')
    .map((line) => /^\s+(\S+)\s+(.+)$/.exec(line))
    .flatMap((found) => (found === null ? [] : [{ layout: found[1]!, name: found[2]! }]))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
