import type { SessionEntry } from '../wire/Control.js';

/** The seat's sessions as buttons; the active one is aria-current. */
export class SessionBar {
  readonly #nav: HTMLElement;
  readonly #activate: (session: string) => void;
  readonly #end: (session: string) => void;
  readonly #buttons = new Map<string, HTMLButtonElement>();
  /** Beside the buttons of sessions that do not answer. */
  readonly #endings = new Map<string, HTMLButtonElement>();

  constructor(nav: HTMLElement, activate: (session: string) => void, end: (session: string) => void) {
    this.#nav = nav;
    this.#activate = activate;
    this.#end = end;
  }

  /** Changes only what differs, so that a focused button keeps the focus. */
  show(sessions: SessionEntry[]): void {
    const gone = new Set(this.#buttons.keys());
    const order: HTMLElement[] = [];
    for (const [index, session] of sessions.entries()) {
      gone.delete(session.id);
      const button = this.#buttons.get(session.id) ?? this.#add(session.id);
      button.textContent = session.name;
      button.setAttribute('aria-current', String(session.active));
      button.dataset['class'] = session.class;
      button.dataset['locked'] = String(session.locked);
      button.dataset['hung'] = String(session.hung);
      button.title = [
        session.name,
        session.class === 'user' ? '' : session.class,
        session.locked ? 'locked' : '',
        session.hung ? 'not responding' : '',
        index < 12 ? `Ctrl+Alt+F${index + 1}` : '',
      ]
        .filter((part) => part !== '')
        .join(' · ');
      order.push(button);
      if (session.hung) order.push(this.#ending(session));
      else this.#remove(this.#endings, session.id);
    }
    for (const id of gone) {
      this.#remove(this.#buttons, id);
      this.#remove(this.#endings, id);
    }
    for (const [index, element] of order.entries())
      if (this.#nav.children[index] !== element)
        this.#nav.insertBefore(element, this.#nav.children[index] ?? null);
    this.#nav.querySelector('[aria-current="true"]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }

  #ending({ id, name }: SessionEntry): HTMLButtonElement {
    const known = this.#endings.get(id);
    const button = known ?? document.createElement('button');
    button.textContent = '✕';
    button.title = `${name} does not respond: end it`;
    button.setAttribute('aria-label', button.title);
    if (known) return known;
    button.type = 'button';
    button.dataset['end'] = id;
    button.addEventListener('click', () => this.#end(id));
    this.#endings.set(id, button);
    return button;
  }

  #remove(buttons: Map<string, HTMLButtonElement>, id: string): void {
    buttons.get(id)?.remove();
    buttons.delete(id);
  }

  #add(id: string): HTMLButtonElement {
    const button = document.createElement('button');
    button.type = 'button';
    button.dataset['session'] = id;
    button.addEventListener('click', () => this.#activate(id));
    this.#buttons.set(id, button);
    return button;
  }
}
