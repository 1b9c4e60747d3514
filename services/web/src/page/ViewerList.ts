import type { PageMessage, ServerMessage } from '../wire/Control.js';
import type { Status } from './Status.js';

export interface ViewerElements {
  button: HTMLButtonElement;
  menu: HTMLElement;
  take: HTMLButtonElement;
}

/** Who looks at the seat, and who has it: a button with their number, and a menu to take, give and let go of control. */
export class ViewerList {
  readonly #elements: ViewerElements;
  readonly #tell: (message: PageMessage) => void;
  readonly #status: Status;
  #holder: number | null = null;
  #you = 0;
  #drives = true;

  constructor(elements: ViewerElements, tell: (message: PageMessage) => void, status: Status) {
    this.#elements = elements;
    this.#tell = tell;
    this.#status = status;
    elements.take.addEventListener('click', () => {
      elements.menu.hidePopover();
      tell({ type: 'floor', take: this.#holder !== this.#you });
    });
  }

  /** Whether what is typed here reaches the seat. */
  get acts(): boolean {
    return this.#drives && (this.#holder === null || this.#holder === this.#you);
  }

  /** This page's number. */
  get you(): number {
    return this.#you;
  }

  show({ you, holder, viewers }: Extract<ServerMessage, { type: 'viewers' }>): void {
    const { button, menu, take } = this.#elements;
    const before = this.#holder;
    this.#you = you;
    this.#holder = holder;
    this.#drives = !viewers.some(({ id, watches }) => id === you && watches);
    const holding = viewers.find(({ id }) => id === holder);
    button.querySelector('.count')!.textContent = String(viewers.length);
    button.setAttribute('aria-label', `Viewers: ${viewers.length}`);
    button.dataset['acts'] = String(this.acts);
    take.hidden = !this.#drives;
    take.textContent = holder === you ? 'Let others act too' : 'Take control';
    menu.querySelector('.control')!.textContent = this.#drives
      ? holding === undefined
        ? 'Everybody with a full link can type and point.'
        : holder === you
          ? 'Only you can type and point.'
          : `${holding.name} has control.`
      : 'This link is for watching.';
    menu.querySelector('ul')!.replaceChildren(
      ...viewers.map((viewer) => {
        const row = document.createElement('li');
        const words = [
          viewer.id === you ? `${viewer.name} (you)` : viewer.name,
          viewer.watches ? 'watches' : viewer.controls ? 'controls' : '',
        ];
        const name = document.createElement('span');
        name.textContent = words.filter((part) => part !== '').join(' · ');
        row.append(name);
        if (this.#drives && viewer.id !== you && !viewer.watches) row.append(this.#giveButton(viewer));
        return row;
      }),
    );
    if (before !== holder && before === you && holding !== undefined)
      this.#status.remark(`${holding.name} took control`);
    else if (before !== holder && holder === you) this.#status.remark('You have control');
  }

  #giveButton({ id, name }: { id: number; name: string }): HTMLButtonElement {
    const give = document.createElement('button');
    give.type = 'button';
    give.className = 'give';
    give.textContent = 'Give control';
    give.setAttribute('aria-label', `Give control to ${name}`);
    give.addEventListener('click', () => this.#tell({ type: 'give', viewer: id }));
    return give;
  }
}
