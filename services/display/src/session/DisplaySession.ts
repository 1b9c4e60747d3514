import type { Log } from '@switchyard/runtime';
import type { SeatClient, SessionClient } from '@switchyard/seat';
import type { ClientState } from '../ClientState.js';
import type { Seat } from '../input/Seat.js';
import type { Outputs } from '../output/Outputs.js';
import type { Privilege } from '../Privileges.js';
import type { ShellPolicy } from '../shell/ShellPolicy.js';
import type { Sealing } from '../shm/SharedMemory.js';
import { SessionHardware } from './SessionHardware.js';
import type { Toplevels } from './Toplevels.js';
import { Windows } from './Windows.js';

/** What a session is made of; the same for all. */
export interface SessionSurroundings {
  readonly outputs: Outputs;
  readonly seat: Seat;
  readonly seatClient: SeatClient;
  readonly toplevels: Toplevels;
  readonly policy: ShellPolicy;
  readonly log: Log;
}

export interface DisplaySessionOptions {
  /** Undefined: services/seat's choice. */
  readonly id?: string | undefined;
  /** '': what its windows are called. */
  readonly title: string;
  /** Until a window has a name. */
  readonly fallbackTitle: string;
  readonly seat: string;
  readonly uid: number;
  /** The process whose end is the session's end. */
  readonly leader: number;
  /** login1's word for what its programs see: 'x11' when its one client is an X server. */
  readonly type: 'wayland' | 'x11';
  readonly class: string;
  /** Does not come to the front with its first window. */
  readonly background: boolean;
  /** Made for a client that came by itself, and over when its windows are gone. */
  readonly lazy: boolean;
  readonly sealing: Sealing;
  /** What its clients may do beyond showing windows of their own. */
  readonly privileges: readonly Privilege[];
}

/** Titles change as fast as a client likes; the bus hears of one this often (ms). */
const titleInterval = 100;
/** Characters of a title; services/seat takes 1024, and the page and listings show fewer. */
const titleLimit = 256;

/** How long a session that came by itself may be without a window: between a splash and the main window, say (ms). */
const emptyGrace = 1000;

/**
 * One session with services/seat, its clients and its windows.
 *
 *   waiting ──created──▶ background ◀──devices paused── on screen
 *                            └───────devices resumed────▶
 *      any ──SessionRemoved | refused | last client of a lazy one──▶ over
 *
 * Whether it is on screen shows in its devices alone: who has the monitor's channel is seen, who has the keyboard's is
 * typed to. A pause is answered before any client hears of it.
 */
export class DisplaySession {
  readonly windows: Windows;
  readonly options: DisplaySessionOptions;
  readonly clients = new Set<ClientState>();
  readonly #around: SessionSurroundings;
  readonly #over: (session: DisplaySession) => void;
  readonly #hardware: SessionHardware;
  #session: SessionClient | undefined;
  #wantsScreen = false;
  /** Its first window has been mapped. */
  #hasShown = false;
  #locked = false;
  /** Clients that have not answered for a while. */
  readonly #hung = new Set<ClientState>();
  #isOver = false;
  #title: string;
  #titleTimer: NodeJS.Timeout | undefined;
  #emptyTimer: NodeJS.Timeout | undefined;
  readonly #gone = deferred();
  readonly #endListeners: (() => void)[] = [];

  constructor(
    around: SessionSurroundings,
    options: DisplaySessionOptions,
    over: (session: DisplaySession) => void,
  ) {
    this.#around = around;
    this.options = options;
    this.#over = over;
    this.#title = shown(options.title || options.fallbackTitle);
    this.windows = new Windows(around.policy, around.outputs, {
      toplevel: (news, toplevel) => around.toplevels.tell(news, toplevel, this),
      mapped: () => this.#mapped(),
      lastRemoved: () => this.#emptied(),
      titleChanged: (title) => this.#titleChanged(title),
      focusChanged: () => {
        if (around.seat.windows === this.windows) around.seat.updateFocus();
      },
      rearranged: () => {
        if (around.seat.windows === this.windows) around.seat.pointer.refocus();
      },
    });
    const { seat, outputs } = around;
    this.#hardware = new SessionHardware(seat, outputs, this.windows, (device) =>
      this.#session?.reopen(device),
    );
  }

  /** Undefined until services/seat has made it. */
  get id(): string | undefined {
    return this.#session?.id;
  }
  get sealing(): Sealing {
    return this.options.sealing;
  }
  get active(): boolean {
    return this.#session?.active ?? false;
  }

  /** Resolves when it is over and services/seat has been told, or was never told of it. */
  get gone(): Promise<void> {
    return this.#gone.promise;
  }

  /**
   * Registers it, once `after` is done; resolves with its id. Rejects when services/seat refuses, and then it is over.
   */
  async open(after?: Promise<void>): Promise<string> {
    await after;
    if (this.#isOver) {
      this.#gone.resolve();
      throw new Error('its clients went before it began');
    }
    const { id: chosenId, seat, uid, leader } = this.options;
    const title = this.#title;
    try {
      const session = await this.#around.seatClient.createSession(
        // It takes the screen with its first window, when there is something to see.
        {
          ...{ title, seat, uid, leader, class: this.options.class, type: this.options.type },
          ...{ chosenId, background: true },
        },
        {
          opened: (device, channel) => this.#hardware.opened(device, channel),
          closed: (device) => this.#hardware.closed(device),
          ended: () => this.#ended(),
          failed: (error) =>
            this.#around.log.warn({ session: this.id, error: error.message }, 'device not taken'),
          renamed: (id) => this.#around.log.info({ session: id }, 'session renewed'),
        },
      );
      this.#session = session;
      if (this.#isOver) this.#release();
      else if (this.#title !== title) session.setTitle(this.#title);
      if (this.#locked) session.setLockedHint(true);
      if (this.#wantsScreen) this.activate();
      this.#around.log.info({ session: session.id, title: this.#title, leader }, 'session');
      return session.id!;
    } catch (error) {
      this.#gone.resolve();
      this.end(`there is no session for it: ${(error as Error).message}`);
      throw error;
    }
  }

  setDisplay(path: string): void {
    this.#session?.setDisplay(path);
  }

  /** Tells services/seat, and whoever asks there, that a client has locked it. */
  setLocked(locked: boolean): void {
    this.#locked = locked;
    this.#session?.setLockedHint(locked);
  }

  /** Nobody has done anything on the seat for a while, or somebody has again. */
  setIdle(idle: boolean): void {
    this.#session?.setIdleHint(idle);
  }

  /** Asks for the screen. */
  activate(): void {
    this.#wantsScreen = true;
    const session = this.#session;
    if (!session || this.#isOver || session.active) return;
    session.activate().catch((error: Error) => {
      this.#around.log.warn({ session: session.id, error: error.message }, 'not activated');
    });
  }

  addClient(state: ClientState): void {
    state.session = this;
    this.clients.add(state);
  }

  removeClient(state: ClientState): void {
    this.clients.delete(state);
    if (this.options.lazy && this.clients.size === 0) this.end();
  }

  /** For the lists of sessions and the log: nothing waits for a client. */
  hungChanged(state: ClientState, hung: boolean): void {
    const { log } = this.#around;
    const before = this.#hung.size > 0;
    if (hung) this.#hung.add(state);
    else this.#hung.delete(state);
    if (this.#hung.size > 0 !== before) this.#session?.setHung(!before);
    if (hung) log.warn({ session: this.id, pid: state.client.pid }, 'client does not answer');
    else log.info({ session: this.id, pid: state.client.pid }, 'client answers again');
  }

  /** The session is over: its clients go with it, told `why` if there is something to tell, and services/seat forgets it. */
  end(why?: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#titleTimer);
    clearTimeout(this.#emptyTimer);
    if (this.#session) this.#release();
    this.#hardware.close();
    for (const state of [...this.clients]) {
      state.session = undefined;
      if (why === undefined) state.client.destroy();
      else state.client.postImplementationError(why);
    }
    this.clients.clear();
    for (const listener of this.#endListeners) listener();
    this.#over(this);
  }

  onEnd(listener: () => void): void {
    if (this.#isOver) listener();
    else this.#endListeners.push(listener);
  }

  #release(): void {
    void this.#session?.release().then(() => this.#gone.resolve());
  }

  // ---- windows

  #mapped(): void {
    clearTimeout(this.#emptyTimer);
    if (this.#hasShown) return;
    this.#hasShown = true;
    if (!this.options.background) this.activate();
  }

  #emptied(): void {
    if (!this.options.lazy || this.#isOver) return;
    clearTimeout(this.#emptyTimer);
    this.#emptyTimer = setTimeout(() => this.#dissolve(), emptyGrace);
  }

  /**
   * services/seat ended it. Without windows that was no more than its leader's end, and a client that was forked off
   * lives on: wl-copy serves its selection like that.
   */
  #ended(): void {
    if (this.options.lazy && this.windows.toplevels.length === 0) this.#dissolve();
    else this.end();
  }

  /** Its windows are gone, but clients stay connected: they get a new session with their next window. */
  #dissolve(): void {
    if (this.windows.toplevels.length > 0) return;
    for (const state of this.clients) state.session = undefined;
    this.clients.clear();
    this.end();
  }

  #titleChanged(wanted: string): void {
    const title = shown(wanted);
    // A name that was given at the start stays.
    if (this.options.title !== '' || title === this.#title) return;
    this.#title = title;
    this.#titleTimer ??= setTimeout(() => {
      this.#titleTimer = undefined;
      this.#session?.setTitle(this.#title);
    }, titleInterval);
  }
}

/** A window's title as a session's: programs may set longer ones than services/seat takes. */
function shown(title: string): string {
  return title.slice(0, titleLimit);
}

function deferred(): { promise: Promise<void>; resolve(): void } {
  let resolve!: () => void;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
