import type { Fd } from '@switchyard/sys';

/** Who has the data of a selection or a drag: a client's source object, or memfds that came over the bus. */
export interface TransferSource {
  readonly mimeTypes: ReadonlySet<string>;
  /** Nothing can be had from it any more. */
  readonly gone: boolean;
  /** Writes the data in this type to the fd and closes it, now or later. Moves the fd; for an unknown type only closes it. */
  send(mimeType: string, fd: Fd): void;
  /** It is not the selection any more, or was not dropped: nobody will ask again. */
  cancelled(): void;
  /** Called once when it is gone. */
  onGone(callback: () => void): void;
}
