import { KEY } from '@switchyard/uapi/input';

const chordModifiers = [KEY.LEFTCTRL, KEY.LEFTALT];
const chords: readonly [label: string, code: number, ...more: number[]][] = [
  ['F1', KEY.F1],
  ['F2', KEY.F2],
  ['F3', KEY.F3],
  ['F4', KEY.F4],
  ['F5', KEY.F5],
  ['F6', KEY.F6],
  ['F7', KEY.F7],
  ['F8', KEY.F8],
  ['F9', KEY.F9],
  ['F10', KEY.F10],
  ['F11', KEY.F11],
  ['F12', KEY.F12],
  ['←', KEY.LEFT],
  ['→', KEY.RIGHT],
  ['Delete', KEY.DELETE],
  ['Backspace', KEY.BACKSPACE],
  ['Shift+Esc', KEY.LEFTSHIFT, KEY.ESC],
];
const names: Record<string, string> = { '←': 'Left', '→': 'Right' };

/** Fills the menu of Ctrl+Alt chords, which a browser or its host may keep for themselves. */
export function fillChordMenu(menu: HTMLElement, send: (codes: readonly number[]) => void): void {
  const grid = menu.querySelector<HTMLElement>('.chords')!;
  for (const [label, ...keys] of chords) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = label;
    button.setAttribute('aria-label', `Ctrl+Alt+${names[label] ?? label}`);
    button.addEventListener('click', () => {
      menu.hidePopover();
      send([...chordModifiers, ...keys]);
    });
    grid.append(button);
  }
}
