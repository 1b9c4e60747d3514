/** The kernel hears of a wish for another VT in a worker of its own; before that nobody can answer it in anyone's name. */
const RELEASE_MIN_MS = 20;
/**
 * How long whoever owns the VT may take to release it when it has shown that it lives: an X server leaves its screens and
 * devices first, and does not recover from a release that came without it.
 */
const RELEASE_MAX_MS = 3000;
/** A real screen's mode may be set anew meanwhile. What has not happened by then does not happen: the kernel tells nobody. */
const KERNEL_PATIENCE_MS = 1000;
/** A session can set its VT's mode as often as it likes, and the kernel forgets with that where it wanted to go. */
const FORCE_AGAIN_MS = 50;

/** How long each state of a Switch may take. */
export class SwitchClock {
  readonly #grace: number;
  readonly #expired: () => void;
  #timer: NodeJS.Timeout | undefined;
  #patient = false;
  #attempts = 0;

  /** `grace` in ms; `expired` is called when the time of a state is over. */
  constructor(grace: number, expired: () => void) {
    this.#grace = grace;
    this.#expired = expired;
  }

  /** Nobody is asked: there is no time for an answer. */
  get asksNobody(): boolean {
    return this.#grace === 0;
  }
  /** Crossing may take longer: the session that leaves has answered. */
  get patient(): boolean {
    return this.#patient;
  }
  /** Of those that one crossing is forced by; that many are enough. */
  get forcedEnough(): boolean {
    return this.#attempts >= KERNEL_PATIENCE_MS / FORCE_AGAIN_MS;
  }

  /** Negotiating: for the devices to be given up. */
  startGrace(): void {
    this.#start(this.#grace);
  }

  /** Crossing: for the VT in front to be left, by a session that has answered or has not. */
  startCrossing(answered: boolean): void {
    this.#patient = answered;
    this.#attempts = 0;
    this.#start(answered ? RELEASE_MAX_MS : Math.max(this.#grace, RELEASE_MIN_MS));
  }

  /** Forcing: until the kernel is answered once more in the owner's name. */
  startAttempt(): void {
    this.#attempts++;
    this.#start(FORCE_AGAIN_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #start(ms: number): void {
    this.stop();
    this.#timer = setTimeout(this.#expired, ms);
  }
}
