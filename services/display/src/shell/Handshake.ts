import type { XdgSurfaceResource } from '@switchyard/wayland';

/**
 * Configures that a client may leave unanswered. A window that is resized by dragging gets many; a client that is
 * stopped meanwhile must be able to answer all of them later.
 */
const maxUnanswered = 32;

/** What an answered serial was: none of ours, or one of this mapping, or one from before an unmap. */
export type Acknowledged = 'unknown' | 'current' | 'stale';

/**
 * The configures of an xdg_surface that wait for their ack_configure. When too many do, the client hears no more until it
 * answers, and then the newest.
 */
export class Handshake {
  readonly #resource: XdgSurfaceResource;
  readonly #sent: number[] = [];
  #first: number | undefined;
  #owed: (() => void) | undefined;

  constructor(resource: XdgSurfaceResource) {
    this.#resource = resource;
  }

  /** Sends a configure: `say` sends the role's own events, `sent` gets the serial. Later, when the client is behind. */
  send(say: () => void, sent?: (serial: number) => void): void {
    if (this.#sent.length >= maxUnanswered) {
      this.#owed = () => this.send(say, sent);
      return;
    }
    this.#owed = undefined;
    say();
    const serial = this.#resource.client.display.nextSerial();
    this.#sent.push(serial);
    this.#first ??= serial;
    sent?.(serial);
    this.#resource.sendConfigure(serial);
  }

  acknowledge(serial: number): Acknowledged {
    const index = this.#sent.indexOf(serial);
    if (index < 0) return 'unknown';
    const first = this.#first === undefined ? Number.POSITIVE_INFINITY : this.#sent.indexOf(this.#first);
    this.#sent.splice(0, index + 1);
    this.#owed?.();
    return index >= first ? 'current' : 'stale';
  }

  /** The surface is unmapped: what was sent may still be answered, but the next first configure counts. */
  restart(): void {
    this.#first = undefined;
    this.#owed = undefined;
  }
}
