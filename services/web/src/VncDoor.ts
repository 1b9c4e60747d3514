import { statSync } from 'node:fs';
import type { Log } from '@switchyard/runtime';
import { Certificate } from './Certificate.js';
import type { ViewerPlaces } from './door/ViewerPlaces.js';
import type { RfbAddress, RfbServer } from './rfb/RfbServer.js';
import { type VncPasswords, vncPasswords } from './VncPassword.js';
import type { WebSeat } from './WebSeat.js';

/** Why VNC clients cannot be let in, in words. */
export class VncDoorError extends Error {}

/** Where VNC clients come in, with what they need for it: a password, and a certificate where the network can listen. */
export class VncDoor {
  readonly passwords: VncPasswords | undefined;
  readonly #server: RfbServer;

  /** The protocol is loaded only now: most seats are never asked for it. */
  static async open(
    address: RfbAddress,
    stateDirectory: string,
    seat: WebSeat,
    log: Log,
    certificate: Certificate | undefined,
    places: ViewerPlaces,
  ): Promise<VncDoor> {
    const { RfbServer } = await import('./rfb/RfbServer.js');
    const local = 'path' in address;
    const passwords = local ? undefined : vncPasswords(stateDirectory);
    if (local && isOtherThanSocket(address.path))
      throw new VncDoorError(`${address.path} is there and is no socket`);
    try {
      const tls = local
        ? undefined
        : (certificate ?? Certificate.ofDirectory(stateDirectory, address.host)).vncContext;
      const server = await RfbServer.listen({
        address,
        passwords,
        tls,
        seat: seat.seat,
        monitors: seat.monitors,
        log,
        nextId: () => seat.nextId(),
        places,
      });
      return new VncDoor(server, passwords);
    } catch (error) {
      const where = local ? address.path : `${address.host}:${address.port}`;
      throw new VncDoorError(`VNC on ${where}: ${(error as Error).message}; choose another with --vnc`);
    }
  }

  private constructor(server: RfbServer, passwords: VncPasswords | undefined) {
    this.#server = server;
    this.passwords = passwords;
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
