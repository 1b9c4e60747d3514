import { type CallContext, type Connection, DBusError, type Interface } from '@switchyard/dbus';
import { type Fd, fileStat, getSeals, SystemError } from '@switchyard/sys';
import { MAX_MIME_TYPE_LENGTH } from './ClientSource.js';
import { MemfdSource } from './MemfdSource.js';
import { MAX_TRANSFER_BYTES, readPipe } from './PipeReader.js';
import type { SelectionBoard } from './SelectionBoard.js';

export const clipboard1 = {
  path: '/org/switchyard/Display1',
  interface: 'org.switchyard.Clipboard1',
} as const;

/** Text, HTML and an image in a few formats is what a browser gives. */
const MAX_MIME_TYPES = 64;

/** Answers wait for clients, each with a pipe and a memfd of up to 64 MiB. */
const MAX_READS = 8;

/** Selections change as fast as a client likes; the bus hears of it this often (ms). */
const SIGNAL_INTERVAL_MS = 50;

const invalidArgs = 'org.freedesktop.DBus.Error.InvalidArgs';

/**
 * org.switchyard.Clipboard1: the clipboard of whoever works at the seat, for the page that shows it. That is the user
 * whose client has the keyboard; while nobody has, the one who had it last.
 */
export class Clipboard {
  readonly #board: SelectionBoard;
  readonly #primary: SelectionBoard;
  readonly #seat: string;
  #uid: number = process.getuid!();
  #reads = 0;
  #signal: NodeJS.Timeout | undefined;
  #connection: Connection | undefined;

  constructor(board: SelectionBoard, primary: SelectionBoard, seat: string) {
    this.#board = board;
    this.#primary = primary;
    this.#seat = seat;
    board.onChanged((uid) => {
      if (board.focus) this.#uid = board.focus.uid;
      if (uid === this.#uid) this.#changed();
    });
  }

  /** Beside org.switchyard.Display1, on the same object. */
  serve(connection: Connection): void {
    this.#connection = connection;
    connection.export(clipboard1.path, this.#interface());
  }

  close(): void {
    clearTimeout(this.#signal);
    this.#connection = undefined;
  }

  #interface(): Interface {
    return {
      name: clipboard1.interface,
      methods: {
        SetSelection: {
          in: 'sa{sh}',
          inNames: ['seat', 'data'],
          call: (context: CallContext, seat: string, data: Map<string, Fd>) =>
            this.#setSelection(this.#board, context, seat, data),
        },
        SetPrimarySelection: {
          in: 'sa{sh}',
          inNames: ['seat', 'data'],
          call: (context: CallContext, seat: string, data: Map<string, Fd>) =>
            this.#setSelection(this.#primary, context, seat, data),
        },
        GetSelection: {
          in: 'ss',
          inNames: ['seat', 'mime_type'],
          out: 'h',
          outNames: ['data'],
          call: (context: CallContext, seat: string, mimeType: string) =>
            this.#getSelection(context, seat, mimeType),
        },
      },
      signals: { SelectionChanged: { args: 'sas', names: ['seat', 'mime_types'] } },
    };
  }

  async #setSelection(
    board: SelectionBoard,
    context: CallContext,
    seat: string,
    data: Map<string, Fd>,
  ): Promise<void> {
    try {
      await this.#check(context, seat);
      if (data.size > MAX_MIME_TYPES) {
        throw new DBusError(invalidArgs, `${data.size} MIME types: at most ${MAX_MIME_TYPES}`);
      }
      for (const [mimeType, fd] of data) {
        checkName(mimeType);
        checkMemfd(mimeType, fd);
      }
    } catch (error) {
      for (const fd of data.values()) fd.close();
      throw error;
    }
    board.set(this.#uid, data.size === 0 ? undefined : new MemfdSource(data));
  }

  async #getSelection(context: CallContext, seat: string, mimeType: string): Promise<[Fd]> {
    await this.#check(context, seat);
    const source = this.#board.selectionOf(this.#uid);
    if (!source?.mimeTypes.has(mimeType)) {
      throw new DBusError('org.switchyard.Error.NoSuchType', `the clipboard has nothing as ${mimeType}`);
    }
    if (source instanceof MemfdSource) return [source.duplicate(mimeType)!];
    if (this.#reads >= MAX_READS) {
      throw new DBusError(
        'org.freedesktop.DBus.Error.LimitsExceeded',
        `${MAX_READS} transfers are under way already: ask again`,
      );
    }
    this.#reads++;
    try {
      // A memfd's name has room for 249 bytes.
      return [
        await readPipe(`clipboard ${mimeType.slice(0, 64)}`, (writing) => source.send(mimeType, writing)),
      ];
    } catch (error) {
      throw new DBusError('org.freedesktop.DBus.Error.Failed', (error as Error).message);
    } finally {
      this.#reads--;
    }
  }

  async #check(context: CallContext, seat: string): Promise<void> {
    if (seat !== this.#seat) {
      throw new DBusError(
        'org.freedesktop.login1.NoSuchSeat',
        `this display shows ${this.#seat}, not ${seat}`,
      );
    }
    const { uid } = await context.credentials();
    if (uid === 0 || uid === process.getuid!()) return;
    throw new DBusError(
      'org.freedesktop.DBus.Error.AccessDenied',
      `the seat's clipboard is not uid ${uid}'s`,
    );
  }

  #changed(): void {
    this.#signal ??= setTimeout(() => {
      this.#signal = undefined;
      const mimeTypes = [...(this.#board.selectionOf(this.#uid)?.mimeTypes ?? [])];
      this.#connection?.emit({
        path: clipboard1.path,
        interface: clipboard1.interface,
        member: 'SelectionChanged',
        signature: 'sas',
        body: [this.#seat, mimeTypes],
      });
    }, SIGNAL_INTERVAL_MS);
  }
}

/** Programs are told of it in a message, which has no room for any length. */
function checkName(mimeType: string): void {
  if (mimeType === '' || mimeType.length > MAX_MIME_TYPE_LENGTH) {
    throw new DBusError(
      invalidArgs,
      `a MIME type of ${mimeType.length} characters: it has 1 to ${MAX_MIME_TYPE_LENGTH}`,
    );
  }
}

/** Sealed, so that what is given out later is what was checked, and reading it cannot fail half-way. */
function checkMemfd(mimeType: string, fd: Fd): void {
  let seals: ReadonlySet<string>;
  try {
    seals = getSeals(fd);
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    throw new DBusError(invalidArgs, `${mimeType}: not a memfd`);
  }
  if (!seals.has('shrink') || !seals.has('write')) {
    throw new DBusError(invalidArgs, `${mimeType}: the memfd must be sealed against shrinking and writing`);
  }
  const { size } = fileStat(fd);
  if (size > MAX_TRANSFER_BYTES) {
    throw new DBusError(invalidArgs, `${mimeType}: ${size} bytes, at most ${MAX_TRANSFER_BYTES} are taken`);
  }
}
