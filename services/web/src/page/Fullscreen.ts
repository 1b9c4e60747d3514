/** The Keyboard Lock API, which TypeScript's DOM library does not have: Escape, Alt+Tab and the like come to the page. */
interface KeyboardLock {
  lock(): Promise<void>;
  unlock(): void;
}

/** A button that fills the display with the seat. */
export function fullscreenButton(button: HTMLButtonElement, failed: (message: string) => void): void {
  const keyboard = (navigator as Navigator & { keyboard?: KeyboardLock }).keyboard;
  const root = document.documentElement;
  button.hidden = !document.fullscreenEnabled;
  button.addEventListener('click', async () => {
    try {
      if (document.fullscreenElement !== null) await document.exitFullscreen();
      else {
        await root.requestFullscreen({ navigationUI: 'hide' });
        await keyboard?.lock();
      }
    } catch (error) {
      failed(`No full screen: ${(error as Error).message}`);
    }
  });
  document.addEventListener('fullscreenchange', () => {
    const full = document.fullscreenElement !== null;
    button.setAttribute('aria-pressed', String(full));
    if (!full) keyboard?.unlock();
  });
}
