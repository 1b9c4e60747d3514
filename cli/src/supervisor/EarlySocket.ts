import { rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { Variant } from '@switchyard/dbus';
import { type Fd, Listener } from '@switchyard/sys';

/** The last number that was taken for an id. */
let last = 0;

/**
 * The Wayland socket of a program that is started before its seat's display: it connects, and waits until the display
 * listens there. So it is told its session's id beforehand too, which the supervisor chooses (login1's property Id).
 */
export class EarlySocket {
  readonly id: string;
  readonly path: string;
  readonly #fd: Fd;
  /** Stands for the display's common socket, whose name is not known yet. */
  readonly #common: string;

  /** `sessions`: the folder of the seat's sockets. */
  constructor(sessions: string) {
    this.id = `y${++last}`;
    // The display removes what ends in .wayland when it starts.
    this.path = join(sessions, `${this.id}.early`);
    this.#common = join(sessions, `${this.id}.common`);
    this.#fd = Listener.open(this.path, { mode: 0o700 });
  }

  /** What its program would be told at the gate. */
  get environment(): NodeJS.ProcessEnv {
    return { XDG_SESSION_ID: this.id, WAYLAND_DISPLAY: this.path, YARD_WAYLAND_DISPLAY: this.#common };
  }

  /** For Display1.CreateSession. */
  get options(): [string, Variant][] {
    return [
      ['id', new Variant('s', this.id)],
      ['display', new Variant('s', this.path)],
      ['listener', new Variant('h', this.#fd)],
    ];
  }

  /** The display listens. */
  handedOn(commonDisplay: string): void {
    this.#fd.close();
    symlinkSync(commonDisplay, this.#common);
  }

  /** Its session is over, or there is none. */
  remove(): void {
    if (!this.#fd.closed) this.#fd.close();
    for (const path of [this.path, this.#common]) rmSync(path, { force: true });
  }
}
