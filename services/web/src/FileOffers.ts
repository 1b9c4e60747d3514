import { randomBytes } from 'node:crypto';
import type { Fd } from '@switchyard/sys';

/** Files that wait to be fetched, and for how long (ms): the page fetches at once, or is gone. */
const OFFERS_MAX = 8;
const OFFER_MS = 60_000;

export interface FileOffer {
  readonly name: string;
  readonly type: string;
  readonly size: number;
  readonly fd: Fd;
}

/** Files for pages, each under a number that only the page it is for was told, and once only. */
export class FileOffers {
  readonly #offers = new Map<string, { offer: FileOffer; timer: NodeJS.Timeout }>();

  /** Takes the descriptor. Over the limit the oldest offer is withdrawn. */
  add(offer: FileOffer): string {
    const [oldest] = this.#offers.keys();
    if (this.#offers.size >= OFFERS_MAX && oldest !== undefined) this.take(oldest)?.fd.close();
    const id = randomBytes(16).toString('base64url');
    const timer = setTimeout(() => this.take(id)?.fd.close(), OFFER_MS);
    this.#offers.set(id, { offer, timer });
    return id;
  }

  /** The caller closes the descriptor. */
  take(id: string): FileOffer | undefined {
    const found = this.#offers.get(id);
    if (found === undefined) return undefined;
    this.#offers.delete(id);
    clearTimeout(found.timer);
    return found.offer;
  }

  close(): void {
    for (const id of [...this.#offers.keys()]) this.take(id)?.fd.close();
  }
}
