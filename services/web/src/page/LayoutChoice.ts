import type { LayoutEntry, PageMessage } from '../wire/Control.js';

/** The Keyboard Map API, which TypeScript's DOM library does not have. */
interface KeyboardMap {
  getLayoutMap(): Promise<ReadonlyMap<string, string>>;
}

/** What tells layouts apart, most telling first: places and what is written on them. */
const signs: readonly [layout: string, keys: Record<string, string>][] = [
  ['fr', { KeyQ: 'a', KeyM: ',' }],
  ['be', { KeyQ: 'a', Minus: ')' }],
  ['ch', { KeyY: 'z', BracketLeft: 'ü', Minus: "'" }],
  ['de', { KeyY: 'z', Semicolon: 'ö' }],
  ['es', { Semicolon: 'ñ', Minus: "'" }],
  ['it', { Semicolon: 'ò' }],
  ['pt', { Semicolon: 'ç' }],
  ['se', { Semicolon: 'ö', BracketLeft: 'å' }],
  ['dk', { Semicolon: 'æ' }],
  ['no', { Semicolon: 'ø' }],
  ['ru', { KeyQ: 'й' }],
  ['gb', { Backslash: '#', KeyQ: 'q' }],
  ['us', { KeyQ: 'q', Semicolon: ';', Backslash: '\\' }],
];

/** The seat's keyboard layout: a list to choose from, with a mark at what this browser's keyboard looks like. */
export class LayoutChoice {
  readonly #select: HTMLSelectElement;
  #likely: string | undefined;

  constructor(select: HTMLSelectElement, menu: HTMLElement, tell: (message: PageMessage) => void) {
    this.#select = select;
    menu.addEventListener('toggle', (event) => {
      if ((event as ToggleEvent).newState === 'open' && select.options.length <= 1) tell({ type: 'layouts' });
    });
    select.addEventListener('change', () => tell({ type: 'layout', layout: select.value }));
    const { keyboard } = navigator as Navigator & { keyboard?: KeyboardMap };
    keyboard?.getLayoutMap().then(
      (map) => {
        const found = signs.find(([, keys]) =>
          Object.entries(keys).every(([code, text]) => map.get(code) === text),
        );
        this.#likely = found?.[0];
      },
      () => {}, // Not for frames and background pages: then there is no mark.
    );
  }

  /** The seat's layout is this now; `layouts`, if they came, are those to choose from. */
  show(current: string, layouts: readonly LayoutEntry[] | undefined): void {
    const select = this.#select;
    if (layouts !== undefined)
      select.replaceChildren(
        ...layouts.map(({ layout, name }) => {
          const like = layout === this.#likely ? ' — like this browser’s' : '';
          return new Option(name + like, layout);
        }),
      );
    if (![...select.options].some(({ value }) => value === current))
      select.prepend(new Option(current || 'the display’s own', current));
    select.value = current;
  }
}
