import type { SessionEntry } from '../wire/Control.js';

/** The seat's sessions as buttons; the active one is aria-current. */
export class SessionBar {
  readonly #nav: HTMLElement;
  readonly #activate: (session: string) => void;
  readonly #buttons = new Map<string, HTMLButtonElement>();

  constructor(nav: HTMLElement, activate: (session: string) => void) {
    this.#nav = nav;
    this.#activate = activate;
  }

  /** Changes only what differs, so that a focused button keeps the focus. */
  show(sessions: SessionEntry[]): void {
    const gone = new Set(this.#buttons.keys());
    for (const [index, session] of sessions.entries()) {
      gone.delete(session.id);
      const button = this.#buttons.get(session.id) ?? this.#add(session.id);
      button.textContent = session.name;
      button.setAttribute('aria-current', String(session.active));
      button.dataset['class'] = session.class;
      button.dataset['locked'] = String(session.locked);
      button.title = [
        session.name,
        session.class === 'user' ? '' : session.class,
        session.locked ? 'locked' : '',
        index < 12 ? `Ctrl+Alt+F${index + 1}` : '',
      ]
        .filter((part) => part !== '')
        .join(' · ');
      if (this.#nav.children[index] !== button)
        this.#nav.insertBefore(button, this.#nav.children[index] ?? null);
    }
    for (const id of gone) {
      this.#buttons.get(id)!.remove();
      this.#buttons.delete(id);
    }
    this.#nav.querySelector('[aria-current="true"]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
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
