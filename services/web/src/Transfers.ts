import { closeSync, createReadStream, fstatSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import type { Log } from '@switchyard/runtime';
import type { Fd } from '@switchyard/sys';
import { FileDrop } from './FileDrop.js';
import { type FileOffer, FileOffers } from './FileOffers.js';
import type { Access } from './Shares.js';
import { type UserRecord, userRecord } from './UserRecord.js';

/** An image on the clipboard, as large as a photograph of a large screen (bytes). */
export const IMAGE_MAX = 32 * 1024 * 1024;

/** Where the page sends files, and images for the clipboard. */
const DROP_PATH = '/drop';
const CLIPBOARD_PATH = '/clipboard';
const FILE_PATH = /^\/file\/([A-Za-z0-9_-]{22})$/;

export interface TransferSeat {
  /** Whether the page with this number, that came by this link, may act on the seat now. */
  mayAct(viewer: number, access: Access): boolean;
  /** The seat shows a lock or a login screen. */
  readonly barred: boolean;
  /** Whose session is in front; undefined when none is. */
  readonly owner: number | undefined;
  setImage(png: Buffer): Promise<void>;
}

/** What goes between page and seat beside the WebSocket: files both ways, and images on the clipboard. */
export class Transfers {
  readonly #seat: TransferSeat;
  readonly #log: Log;
  readonly #drop = new FileDrop();
  readonly #offers = new FileOffers();

  constructor(seat: TransferSeat, log: Log) {
    this.#seat = seat;
    this.#log = log;
  }

  takes(path: string): boolean {
    return path === DROP_PATH || path === CLIPBOARD_PATH;
  }

  /** Resolves to what the person is told. Rejects with words. */
  async take(request: IncomingMessage, access: Access): Promise<string> {
    const { pathname, searchParams } = new URL(request.url!, 'http://seat');
    const length = Number(request.headers['content-length'] ?? Number.NaN);
    if (!Number.isSafeInteger(length) || length < 0) throw new Error('how long it is was not said');
    if (access.role !== 'drive' || !this.#seat.mayAct(Number(searchParams.get('viewer')), access))
      throw new Error('another has control, or this link is for watching only');
    if (this.#seat.barred) throw new Error('the seat is locked');
    const from = request.socket.remoteAddress;
    if (pathname === CLIPBOARD_PATH) {
      if (length > IMAGE_MAX) throw new Error(`an image may have ${IMAGE_MAX / 2 ** 20} MiB at most`);
      const image = await whole(request, length);
      if (!isPng(image)) throw new Error('that is no PNG image');
      await this.#seat.setImage(image);
      this.#log.info({ viewer: from, bytes: length }, 'an image was put on the clipboard');
      return 'The image is on the seat’s clipboard';
    }
    const user = await this.#owner();
    const path = await this.#drop.take(searchParams.get('name') ?? '', length, request, user);
    this.#log.info({ viewer: from, uid: user.uid, path, bytes: length }, 'a file was received');
    return `Saved as ${path.startsWith(`${user.home}/`) ? `~${path.slice(user.home.length)}` : path}`;
  }

  /** Where the page fetches it, once, within a minute. Takes the descriptor; throws when it is no plain file. */
  offer(name: string, type: string, fd: Fd): { file: string; size: number } {
    const stat = fstatSync(fd.number);
    if (!stat.isFile()) {
      fd.close();
      throw new Error(`${name} is no plain file`);
    }
    return { file: this.#offers.add({ name, type, size: stat.size, fd }), size: stat.size };
  }

  /** What is offered at this path; `body` closes the descriptor when it ends or is destroyed. */
  fetch(path: string): { offer: FileOffer; body: Readable } | undefined {
    const offer = this.#offers.take(FILE_PATH.exec(path)?.[1] ?? '');
    if (offer === undefined) return undefined;
    if (offer.size === 0) {
      const fd = offer.fd.take();
      closeSync(fd);
      return { offer, body: createReadStream('/dev/null') };
    }
    // No more than was promised, should the file grow meanwhile.
    return { offer, body: createReadStream('', { fd: offer.fd.take(), start: 0, end: offer.size - 1 }) };
  }

  close(): void {
    this.#offers.close();
  }

  async #owner(): Promise<UserRecord> {
    const { owner } = this.#seat;
    if (owner === undefined) throw new Error('there is no session on the seat to give it to');
    if (owner !== process.getuid!() && process.getuid!() !== 0)
      throw new Error('the session in front is another user’s');
    return userRecord(owner);
  }
}

async function whole(request: IncomingMessage, length: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let received = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    received += piece.length;
    if (received > length) break;
    pieces.push(piece);
  }
  if (received !== length) throw new Error('it did not come whole');
  return Buffer.concat(pieces);
}

const isPng = (bytes: Buffer): boolean =>
  bytes.subarray(0, 8).equals(Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'));
