import { readFileSync } from 'node:fs';
import type { Keymap } from '@switchyard/input';
import type { Region } from '@switchyard/pixels';
import type { Log } from '@switchyard/runtime';
import type { SeatClient } from '@switchyard/seat';
import { type Client, Display, type WlSurfaceResource } from '@switchyard/wayland';
import { ClientState } from './ClientState.js';
import { addExtensions, type Extensions } from './extensions.js';
import { addGlobals } from './globals.js';
import { Seat } from './input/Seat.js';
import { SeatLock } from './lock/SeatLock.js';
import type { Output } from './output/Output.js';
import { OutputGlobals } from './output/OutputGlobals.js';
import { Outputs } from './output/Outputs.js';
import type { Swapchain } from './output/Swapchain.js';
import { type Privileges, reaches } from './Privileges.js';
import { addPrivileged } from './privileged.js';
import { DisplaySession, type DisplaySessionOptions } from './session/DisplaySession.js';
import { IdleWatch } from './session/IdleWatch.js';
import type { SecurityContext } from './session/SecurityContexts.js';
import { Toplevels } from './session/Toplevels.js';
import type { Windows } from './session/Windows.js';
import type { ShellPolicy } from './shell/ShellPolicy.js';
import type { Sealing } from './shm/SharedMemory.js';
import { Surface } from './surface/Surface.js';
import type { SurfaceHost } from './surface/SurfaceHost.js';

/** Every program has one or two; each is a descriptor and some buffers of ours. */
const maxConnectionsPerUser = 512;

/** Five minutes, as desktops have it before they dim the screen (ms). */
const idleTime = 300_000;

export interface CompositorOptions {
  readonly seat: string;
  readonly sealing: Sealing;
  readonly policy: ShellPolicy;
  readonly keymap: Keymap;
  readonly seatClient: SeatClient;
  readonly privileges: Privileges;
  /** Without input for so long (ms), sessions are idle for services/seat. */
  readonly idleTime?: number;
  /** Frames that cost more than so many copied pixels are drawn by another thread; without it, what `Output` has found. */
  readonly drawApartFrom?: number;
  /** Where a lock is written down; without it, a lock is over when the display ends. */
  readonly lockFile?: string;
  readonly log: Log;
}

/**
 * The compositor of one seat: its clients, the sessions that they belong to, and the outputs and the one seat that the
 * sessions take turns on.
 *
 * Protocols beyond the core add their globals to `display` in `extensions.ts`. What they hook into:
 * `stateOf(client)` for what is known of a client; `seat.keyboard.onFocusChanging` for what must be sent before a
 * surface gets the keyboard; `Surface.pending.listeners` for what became of a commit's frame; `Surface.onApplied`
 * after each commit; `outputGlobals` has what is said before wl_output.done; `Surface.resource.handler` leads from a resource to the surface.
 */
export class Compositor implements SurfaceHost, Disposable {
  readonly options: CompositorOptions;
  readonly display: Display;
  readonly outputs: Outputs;
  readonly outputGlobals: OutputGlobals;
  readonly seat: Seat;
  readonly lock: SeatLock;
  readonly extensions: Extensions;
  readonly toplevels = new Toplevels();
  readonly sessions = new Set<DisplaySession>();
  readonly #connections = new Map<number, number>();
  #synchronized = false;
  /** Sessions that are over, by their leaders, until services/seat knows. */
  readonly #leaving = new Map<number, Promise<void>>();
  readonly #states = new WeakMap<Client, ClientState>();
  readonly #idleWatch: IdleWatch;
  readonly #log: Log;

  constructor(options: CompositorOptions) {
    this.options = options;
    this.#log = options.log;
    this.display = new Display({
      synchronizing: (client) => this.#synchronize(client),
      handlerFailed: (error, resource, what) =>
        this.#log.error({ error, object: `${resource}`, request: what }, 'internal error'),
      clientFailed: (client, resource, code, message) =>
        this.#log.warn({ pid: client.pid, object: `${resource}`, code }, `client ended: ${message}`),
    });
    this.outputs = new Outputs(
      options.log,
      {
        added: (output) => {
          this.outputGlobals.offer(output);
          this.#outputsChanged();
        },
        removed: (output) => this.#outputRemoved(output),
        changed: (output) => {
          this.outputGlobals.changed(output);
          this.#outputsChanged();
        },
      },
      options.drawApartFrom,
    );
    this.outputGlobals = new OutputGlobals(
      this.display,
      options.seat,
      (client) => this.stateOf(client),
      (resource) => this.extensions.xdgOutputs.changing(resource),
    );
    this.seat = new Seat(options.seat, options.keymap, this.outputs, (resource) =>
      this.stateOf(resource.client),
    );
    this.lock = new SeatLock(this);
    addGlobals(this);
    this.extensions = addExtensions(this);
    addPrivileged(this, this.extensions);
    this.#idleWatch = new IdleWatch({
      activity: this.seat.activity,
      timeout: options.idleTime ?? idleTime,
      awake: () => this.seat.windows === undefined || this.extensions.idleInhibition.inhibited,
      idled: () => this.#setIdle(true),
      resumed: () => this.#setIdle(false),
    });
  }

  /** The active session of ours. */
  get activeSession(): DisplaySession | undefined {
    for (const session of this.sessions) if (session.windows === this.seat.windows) return session;
    return undefined;
  }

  /** Ends all sessions and clients, and lets what they were shown with go. */
  [Symbol.dispose](): void {
    for (const session of [...this.sessions]) session.end();
    this.extensions.clipboard.close();
    this.extensions.textInput.close();
    this.#idleWatch[Symbol.dispose]();
    this.extensions.contexts[Symbol.dispose]();
    this.display.destroy();
    this.outputs[Symbol.dispose]();
  }

  /** Whether what a client does by a privilege goes to the session in front. */
  reachesFront(client: Client): boolean {
    const session = this.activeSession;
    return session !== undefined && !session.windows.curtain && reaches(client, session);
  }

  stateOf(client: Client): ClientState {
    let state = this.#states.get(client);
    if (!state) {
      state = new ClientState(client, {
        privileges: this.options.privileges,
        sessionFor: (of) => this.#sessionFor(of),
      });
      this.#states.set(client, state);
      const known = state;
      client.onDestroy(() => known.session?.removeClient(known));
    }
    return state;
  }

  /** The output by whose scale a surface is drawn: of several the finest one. */
  outputOf(surface: Surface): Output {
    const { only, first } = this.outputs;
    if (only) return only;
    let finest: Output | undefined;
    for (const output of surface.outputs)
      if (!finest || output.mode.scale > finest.mode.scale) finest = output;
    return finest ?? surface.state.session?.windows.outputOfSurface(surface) ?? first;
  }

  /** A new connection; one too many of a user is told so and ended. */
  admit(client: Client): void {
    const { uid } = client;
    const count = (this.#connections.get(uid) ?? 0) + 1;
    this.#connections.set(uid, count);
    client.onDestroy(() => this.#connections.set(uid, this.#connections.get(uid)! - 1));
    if (count > maxConnectionsPerUser)
      client.postImplementationError(`uid ${uid} has ${maxConnectionsPerUser} connections already`);
  }

  /** A client of a sandbox belongs where the program does that made it, as long as that is known. */
  admitSandboxed(client: Client, owner: Client, context: SecurityContext): void {
    this.admit(client);
    const state = this.stateOf(client);
    state.sandboxed = true;
    const session = this.stateOf(owner).session;
    if (session && !session.options.lazy && this.sessions.has(session)) session.addClient(state);
    this.#log.debug({ pid: client.pid, ...context }, 'client of a sandbox');
  }

  /** A session that is not registered yet; `open` it. */
  createSession(options: DisplaySessionOptions): DisplaySession {
    const { outputs, seat } = this;
    const { seatClient, policy, log } = this.options;
    const session = new DisplaySession(
      { outputs, seat, seatClient, policy, log, toplevels: this.toplevels },
      options,
      (over) => this.#sessionOver(over),
    );
    this.sessions.add(session);
    this.lock.sessionAdded(session);
    return session;
  }

  createSurface(client: Client, resource: WlSurfaceResource): Surface | undefined {
    const state = this.stateOf(client);
    if (!state.quota.addSurface()) {
      client.postNoMemory();
      return undefined;
    }
    const surface = new Surface(resource, state, this);
    state.surfaces.add(surface);
    surface.prefer(this.outputs.first.bufferScale);
    return surface;
  }

  // ---- SurfaceHost

  surfaceDamaged(surface: Surface, damage: Region): void {
    this.#windowsOf(surface)?.damaged(surface, damage);
  }

  treeChanged(surface: Surface): void {
    this.#windowsOf(surface)?.changed();
  }

  directly(surface: Surface): Swapchain | undefined {
    return this.#windowsOf(surface)?.directly(surface);
  }

  frameRequested(surface: Surface): void {
    this.#windowsOf(surface)?.frameRequested(surface);
  }

  outputsChanged(surface: Surface): void {
    surface.prefer(this.outputOf(surface).bufferScale);
    this.extensions.fractionalScales.changed(surface);
  }

  surfaceDestroyed(surface: Surface): void {
    this.seat.surfaceDestroyed(surface);
    this.#windowsOf(surface)?.changed();
  }

  /** Whose scene a surface is on: a lock or an input method shows itself on that of the session in front. */
  #windowsOf(surface: Surface): Windows | undefined {
    const { roleName } = surface.root;
    const inFront = roleName === 'lock surface' || roleName === 'input popup';
    return inFront ? this.seat.windows : surface.state.session?.windows;
  }

  /**
   * Who asks for a roundtrip after it has moved or removed a surface under the pointer finds that the pointer is on
   * another one. Once a turn: scenes are built anew for it.
   */
  #synchronize(client: Client): void {
    const { windows } = this.seat;
    if (this.#synchronized || !windows || this.#states.get(client)?.session?.windows !== windows) return;
    this.#synchronized = true;
    setImmediate(() => {
      this.#synchronized = false;
    });
    windows.refresh();
  }

  /** A client from the common socket made its first toplevel: further connections of its process join its session. */
  #sessionFor(state: ClientState): DisplaySession {
    const { pid, uid } = state.client;
    for (const session of this.sessions) {
      if (session.options.leader !== pid) continue;
      session.addClient(state);
      return session;
    }
    const session = this.createSession({
      title: '',
      fallbackTitle: processName(pid),
      seat: this.options.seat,
      uid,
      leader: pid,
      type: 'wayland',
      class: 'user',
      background: false,
      lazy: true,
      sealing: this.options.sealing,
      privileges: [],
    });
    session.addClient(state);
    session.open(this.#leaving.get(pid)).catch((error: Error) => {
      this.#log.warn({ pid, error: error.message }, 'no session for a client');
    });
    return session;
  }

  /** A process leads one session at a time: its next one waits until services/seat has heard of this one's end. */
  #sessionOver(session: DisplaySession): void {
    this.sessions.delete(session);
    const { leader } = session.options;
    const gone = session.gone.then(() => {
      if (this.#leaving.get(leader) === gone) this.#leaving.delete(leader);
    });
    this.#leaving.set(leader, gone);
  }

  #setIdle(idle: boolean): void {
    for (const session of this.sessions) session.setIdle(idle);
  }

  #outputRemoved(output: Output): void {
    for (const surface of this.#surfaces())
      if (surface.outputs.includes(output)) surface.showOn(surface.outputs.filter((each) => each !== output));
    this.outputGlobals.remove(output);
    for (const session of this.sessions) session.windows.outputRemoved(output);
    this.#outputsChanged();
  }

  #outputsChanged(): void {
    for (const surface of this.#surfaces()) this.outputsChanged(surface);
    for (const session of this.sessions) session.windows.outputsChanged();
    this.seat.pointer.outputsChanged();
  }

  *#surfaces(): Iterable<Surface> {
    for (const client of this.display.clients) yield* this.stateOf(client).surfaces;
  }
}

function processName(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch {
    return `process ${pid}`;
  }
}
