import { readFileSync, statSync } from 'node:fs';
import { type Connection, DBusError, ErrorName } from '@switchyard/dbus';
import { Pidfd } from '@switchyard/sys';
import { isTerminalError } from './VtState.js';

/**
 * Who was asked by the kernel before it left its VT, until that was taken from it because it hung. It never learnt that it
 * was away: an X server shows its picture by itself when it hears that its screens work again, but keeps reading from the
 * input devices that it had. It finds those that it has now when it is told to leave, and the kernel does not let it.
 *
 *   told that its devices work ──answers──▶ told to leave: refused, it begins anew with all that it has ──its turn ends, it
 *              └── hangs still ──▶ waits for the answer; by then the session                               answers──▶ told to
 *                                  may be away again ──▶ left alone                                         leave: it leaves
 */
export class FormerOwner {
  readonly #connection: Connection;
  readonly #name: string;
  readonly #uid: number;

  /** `name`: its unique name on the bus. `uid`: of its session; no other user's process is ever signalled. */
  constructor(connection: Connection, name: string, uid: number) {
    this.#connection = connection;
    this.#name = name;
    this.#uid = uid;
  }

  /** When it has heard all that was said to it, and if `here` says that it is still in front. Whether it was told. */
  async recall(signal: number, here: () => boolean): Promise<boolean> {
    try {
      await this.#heard();
      const pid = await this.#pid();
      return here() && this.#signal(pid, signal);
    } catch (error) {
      return isGone(error);
    }
  }

  /** To leave its VT now, which it does as if the kernel had told it. Whether it was told. */
  async tell(signal: number): Promise<boolean> {
    try {
      return this.#signal(await this.#pid(), signal);
    } catch (error) {
      return isGone(error);
    }
  }

  async #heard(): Promise<void> {
    const call = {
      destination: this.#name,
      path: '/',
      interface: 'org.freedesktop.DBus.Peer',
      member: 'Ping',
    };
    try {
      await this.#connection.call({ ...call, timeout: Number.POSITIVE_INFINITY });
    } catch (error) {
      // Any answer of its own will do.
      const gone: readonly string[] = [ErrorName.disconnected, ErrorName.noReply, ErrorName.serviceUnknown];
      if (!(error instanceof DBusError) || gone.includes(error.name)) throw error;
    }
  }

  async #pid(): Promise<number> {
    const bus = 'org.freedesktop.DBus';
    const call = { destination: bus, path: '/org/freedesktop/DBus', interface: bus };
    const [pid] = await this.#connection.call({
      ...call,
      member: 'GetConnectionUnixProcessID',
      signature: 's',
      body: [this.#name],
    });
    return pid as number;
  }

  #signal(pid: number, signal: number): boolean {
    using process = Pidfd.open(pid);
    if (statSync(`/proc/${pid}`).uid !== this.#uid || !catches(pid, signal)) return false;
    process.signal(signal);
    return true;
  }
}

/** It or the bus is gone: false. */
function isGone(error: unknown): false {
  if (error instanceof DBusError || isTerminalError(error)) return false;
  throw error;
}

/** Others would die of it. */
function catches(pid: number, signal: number): boolean {
  const mask = /^SigCgt:\s*([0-9a-f]+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
  return mask !== undefined && (BigInt(`0x${mask}`) & (1n << BigInt(signal - 1))) !== 0n;
}
