import type { Fd } from '@switchyard/sys';
import type {
  Client,
  ExtDataControlSourceV1Resource,
  WlDataSourceResource,
  ZwlrDataControlSourceV1Resource,
  ZwpPrimarySelectionSourceV1Resource,
} from '@switchyard/wayland';
import type { TransferSource } from './TransferSource.js';

/** An office program offers some 40; every one is an event for every client that gets the selection. */
const MAX_MIME_TYPES = 256;
/** RFC 6838 allows 127 + 1 + 127, and parameters (`;charset=…`) come on top. */
export const MAX_MIME_TYPE_LENGTH = 512;

/** Names of types that one client makes us hold: several sources of the largest kind. */
const MAX_CHARACTERS_PER_CLIENT = 8 * MAX_MIME_TYPES * 64;

const charactersOf = new WeakMap<Client, number>();

/** What a client offers by a source object. Its data goes from process to process: only the fd passes through us. */
export abstract class ClientSource<
  R extends
    | WlDataSourceResource
    | ZwpPrimarySelectionSourceV1Resource
    | ZwlrDataControlSourceV1Resource
    | ExtDataControlSourceV1Resource,
> implements TransferSource
{
  readonly resource: R;
  readonly mimeTypes = new Set<string>();

  #characters = 0;

  constructor(resource: R) {
    this.resource = resource;
    resource.onDestroy(() => this.#charge(-this.#characters));
  }

  get gone(): boolean {
    return !this.resource.alive;
  }

  send(mimeType: string, fd: Fd): void {
    // A source that does not read its events gets no more of them: another client's wishes must not fill its queue.
    if (!this.mimeTypes.has(mimeType) || this.resource.client.congested) fd.close();
    else this.resource.sendSend(mimeType, fd);
  }

  cancelled(): void {
    this.resource.sendCancelled();
  }

  onGone(callback: () => void): void {
    this.resource.onDestroy(callback);
  }

  // ---- requests

  offer(resource: R, mimeType: string): void {
    if (this.mimeTypes.has(mimeType)) return;
    this.mimeTypes.add(mimeType);
    const most = this.#charge(mimeType.length) > MAX_CHARACTERS_PER_CLIENT;
    if (most || this.mimeTypes.size > MAX_MIME_TYPES || mimeType.length > MAX_MIME_TYPE_LENGTH) {
      resource.client.postNoMemory();
    }
  }

  destroy(): void {}

  #charge(characters: number): number {
    const { client } = this.resource;
    const sum = (charactersOf.get(client) ?? 0) + characters;
    charactersOf.set(client, sum);
    this.#characters += characters;
    return sum;
  }
}
