import { statSync } from 'node:fs';
import type { Log } from '@switchyard/runtime';
import { Certificate } from './Certificate.js';
import { VIEWERS_MAX } from './HttpServer.js';
import type { RfbAddress, RfbServer } from './rfb/RfbServer.js';
import { vncPassword } from './VncPassword.js';
import type { WebSeat } from './WebSeat.js';

/** Why VNC clients cannot be let in, in words. */
export class VncDoorError extends Error {}

/** Where VNC clients come in, with what they need for it: a password, and a certificate where the network can listen. */
export class VncDoor {
  readonly password: string | undefined;
  readonly #server: RfbServer;

  /** The protocol is loaded only now: most seats are never asked for it. */
  static async open(
    address: RfbAddress,
    stateDirectory: string,
    seat: WebSeat,
    log: Log,
    certificate: Certificate | undefined,
  ): Promise<VncDoor> {
    const { RfbServer } = await import('./rfb/RfbServer.js');
    const local = 'path' in address;
    const password = local ? undefined : vncPassword(stateDirectory);
    if (local && isOtherThanSocket(address.path))
      throw new VncDoorError(`${address.path} is there and is no socket`);
    try {
      const tls = local
        ? undefined
        : (certificate ?? Certificate.ofDirectory(stateDirectory, address.host)).vncContext;
      const server = await RfbServer.listen({
        address,
        password,
        tls,
        seat: seat.seat,
        host: seat,
        log,
        nextId: () => seat.nextId(),
        hasRoom: () => seat.viewerCount < VIEWERS_MAX,
      });
      return new VncDoor(server, password);
    } catch (error) {
      const where = local ? address.path : `${address.host}:${address.port}`;
      throw new VncDoorError(`VNC on ${where}: ${(error as Error).message}; choose another with --vnc`);
    }
  }

  private constructor(server: RfbServer, password: string | undefined) {
    this.#server = server;
    this.password = password;
  }

  get address(): string {
    return this.#server.address;
  }

  close(): void {
    this.#server.close();
  }
}

/** Something lies there that we must not remove. */
function isOtherThanSocket(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return found !== undefined && !found.isSocket();
}
