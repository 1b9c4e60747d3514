import { SCALE_MAX, SCALE_MIN, SCALE_UNIT } from '@switchyard/seat/MonitorSize';
import { KEY } from '@switchyard/uapi/input';
import { type MonitorWish, SIZE_MAX, SIZE_MIN, type SizeWish } from '../wire/Control.js';

/** Of one seat: the server has no more. */
const MONITORS_MAX = 4;
const PARTY = 'party';

/** Which of the seat's monitors this window is: `?monitor=2` in its address, else the first. */
export const ownMonitor = Number(
  /^[1-9]\d?$/.exec(new URLSearchParams(location.search).get('monitor') ?? '1')?.[0] ?? 1,
);

/** The size that a monitor would have to have to fill the element pixel by pixel, as near as there is one. */
export function sizeOf({ clientWidth, clientHeight }: HTMLElement): SizeWish {
  const density = window.devicePixelRatio;
  const side = (size: number) => Math.max(SIZE_MIN, Math.min(SIZE_MAX, Math.round(size * density)));
  const scale = Math.max(SCALE_MIN, Math.min(SCALE_MAX, Math.round(density * SCALE_UNIT)));
  return { width: side(clientWidth), height: side(clientHeight), scale };
}

/** A further monitor is made for its window, as large as that. */
export function monitorWish(stage: HTMLElement): { monitor?: MonitorWish } {
  return ownMonitor === 1 ? {} : { monitor: { number: ownMonitor, ...sizeOf(stage) } };
}

/** What tells the server that windows are one person's: a window that a page opens gets its storage with it. */
export function party(): string {
  const fresh = () =>
    Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join(
      '',
    );
  try {
    const known = sessionStorage.getItem(PARTY) ?? fresh();
    sessionStorage.setItem(PARTY, known);
    return known;
  } catch {
    return fresh(); // The browser keeps nothing for pages: each window is alone.
  }
}

/** The display's chord for it (WindowChord), which the browser's host often keeps for its own windows. */
const moveOn = [KEY.LEFTMETA, KEY.LEFTSHIFT, KEY.RIGHT];

/**
 * The button that opens one more window as one more monitor, while there may be more; and, while there is more than one,
 * the one that takes the seat's window in front to the next.
 */
export class FurtherMonitors {
  readonly #button: HTMLButtonElement;
  readonly #next: HTMLElement;
  #known: ReadonlySet<number> = new Set([1]);

  constructor(
    { button, next, menu }: { button: HTMLButtonElement; next: HTMLElement; menu: HTMLElement },
    press: (codes: readonly number[]) => void,
  ) {
    this.#button = button;
    this.#next = next;
    next.querySelector('button')!.addEventListener('click', () => {
      menu.hidePopover();
      press(moveOn);
    });
    button.addEventListener('click', () => this.#open());
  }

  show(monitors: readonly number[]): void {
    this.#known = new Set(monitors);
    this.#button.disabled = this.#free === undefined;
    this.#next.hidden = monitors.length < 2;
  }

  get #free(): number | undefined {
    for (let number = 2; number <= MONITORS_MAX; number++) if (!this.#known.has(number)) return number;
    return undefined;
  }

  #open(): void {
    const number = this.#free;
    if (number === undefined) return;
    const address = new URL(location.pathname, location.href);
    address.searchParams.set('monitor', String(number));
    // A window of its own, and not a tab behind this one: two monitors are looked at together.
    window.open(
      address,
      `monitor-${number}`,
      `popup,width=${window.innerWidth},height=${window.innerHeight}`,
    );
  }
}
