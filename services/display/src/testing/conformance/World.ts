import type { Log } from '@switchyard/runtime';
import { type Fd, Socket } from '@switchyard/sys';
import type { Client } from '@switchyard/wayland';
import { privilegeNames } from '../../Privileges.js';
import type { DisplaySession } from '../../session/DisplaySession.js';
import { FloatingPolicy } from '../../shell/FloatingPolicy.js';
import { Surface } from '../../surface/Surface.js';
import { Desk } from '../Desk.js';
import type { ControlRequest } from './ControlConnection.js';

/** What a request's arguments may be; they come from a test and are looked at once. */
function number(request: ControlRequest, name: string): number {
  const value = request[name];
  if (typeof value !== 'number') throw new Error(`${request.cmd} needs ${name}`);
  return value;
}

/** The suite puts windows as far down as 1040. */
const mode = { width: 1280, height: 1100, refresh: 60_000, scale: 120 };

export interface WorldOptions {
  /** Buffers are taken before the first ack_configure. */
  readonly lenient: boolean;
  readonly log: Log;
}

/**
 * A display of its own for one conformance test: one session with floating windows on a monitor that takes every
 * frame at once, and a pointer and fingers that are moved by commands.
 */
export class World implements Disposable {
  readonly #policy: FloatingPolicy;
  readonly #desk: Desk;
  readonly #session: DisplaySession;
  readonly #clients = new Map<number, Client>();

  constructor(options: WorldOptions) {
    this.#policy = new FloatingPolicy({ acceptsUnconfigured: options.lenient });
    this.#desk = new Desk([], { policy: this.#policy, log: options.log });
    this.#session = this.#desk.session('conformance', { privileges: privilegeNames });
    this.#desk.monitor(this.#session, mode);
    this.#desk.activate(this.#session);
    this.#desk.compositor.seat.setTouch(true);
  }

  [Symbol.dispose](): void {
    this.#desk[Symbol.dispose]();
  }

  /**
   * Carries a command out: after what clients have written before, and so that they find its consequences when the
   * caller has the reply.
   */
  async perform(request: ControlRequest, takeFd: () => Fd): Promise<Record<string, unknown> | undefined> {
    await this.#caughtUp();
    const result = this.#perform(request, takeFd);
    this.#session.windows.refresh();
    for (const client of this.#desk.compositor.display.clients) client.flush();
    return result;
  }

  #perform(request: ControlRequest, takeFd: () => Fd): Record<string, unknown> | undefined {
    const { pointer, touch } = this.#desk.compositor.seat;
    const time = Math.floor(performance.now());
    switch (request.cmd) {
      case 'hello':
        return { name: 'switchyard', extensions: this.#extensions() };
      case 'start':
      case 'stop':
      case 'create_pointer':
      case 'destroy_pointer':
      case 'create_touch':
      case 'destroy_touch':
        return undefined;
      case 'create_client_socket':
        this.#connect(number(request, 'client'), takeFd());
        return undefined;
      case 'position_window':
        this.#position(request);
        return undefined;
      case 'pointer_move_absolute':
        pointer.moveTo(number(request, 'x'), number(request, 'y'), time);
        pointer.frame();
        return undefined;
      case 'pointer_move_relative':
        pointer.moveBy(number(request, 'dx'), number(request, 'dy'), time);
        pointer.frame();
        return undefined;
      case 'pointer_button':
        pointer.button(number(request, 'button'), request['pressed'] === true, time);
        pointer.frame();
        return undefined;
      case 'touch_down':
        touch.down(number(request, 'device'), number(request, 'x'), number(request, 'y'), time);
        touch.frame();
        return undefined;
      case 'touch_move':
        touch.move(number(request, 'device'), number(request, 'x'), number(request, 'y'), time);
        touch.frame();
        return undefined;
      case 'touch_up':
        touch.up(number(request, 'device'), time);
        touch.frame();
        return undefined;
      default:
        throw new Error(`unknown command ${request.cmd}`);
    }
  }

  /** The turn that brought the command has brought all that clients wrote before it; this lets it end. */
  async #caughtUp(): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve));
  }

  #extensions(): Record<string, number> {
    const extensions: Record<string, number> = {};
    for (const global of this.#desk.compositor.display.globals) {
      extensions[global.interface.name] = global.version;
    }
    return extensions;
  }

  #connect(name: number, fd: Fd): void {
    this.#clients.set(name, this.#desk.serve(this.#session, Socket.adopt(fd, 'stream')));
  }

  #position(request: ControlRequest): void {
    const { windows } = this.#session;
    const surface = this.#clients
      .get(number(request, 'client'))
      ?.resource(number(request, 'surface'))?.handler;
    const toplevel = surface instanceof Surface ? windows.toplevelOf(surface) : undefined;
    if (!toplevel) throw new Error('the surface is no window');
    this.#policy.put(toplevel, number(request, 'x'), number(request, 'y'));
    windows.changed();
  }
}
