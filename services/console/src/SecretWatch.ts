/** After the last frame: programs ask, and turn the echo off then. The later ones are for a machine that is busy. */
const LOOKS_MS = [20, 100, 400, 1500];

/**
 * Whether the program asks for a password. Nobody tells a terminal that its echo was turned off, so it is looked at with every frame,
 * and a few times more when no frame follows; a terminal that is idle is not looked at.
 */
export class SecretWatch {
  readonly #reads: () => boolean;
  readonly #changed: () => void;
  #secret = false;
  #looks = 0;
  #timer: NodeJS.Timeout | undefined;

  /** `reads`: whether the one that is typed for reads a secret now. */
  constructor(reads: () => boolean, changed: () => void) {
    this.#reads = reads;
    this.#changed = changed;
  }

  /** As it is at this moment, for whoever tells it on: no change is told. */
  get secret(): boolean {
    this.#secret = this.#reads();
    return this.#secret;
  }

  /** As `secret`, and a change is told. */
  look(): boolean {
    const before = this.#secret;
    if (this.secret !== before) this.#changed();
    return this.#secret;
  }

  /** A frame was shown. */
  shown(): void {
    this.#looks = 0;
    this.look();
    clearTimeout(this.#timer);
    this.#lookLater();
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #lookLater(): void {
    const pause = LOOKS_MS[this.#looks++];
    if (pause === undefined) return;
    this.#timer = setTimeout(() => {
      this.look();
      this.#lookLater();
    }, pause);
  }
}
