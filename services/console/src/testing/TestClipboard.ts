import type { Display } from '@switchyard/wayland';

/** The display's clipboards, from the side of another client. */
export class TestClipboard {
  readonly display: Display;

  constructor(display: Display) {
    this.display = display;
  }
}
