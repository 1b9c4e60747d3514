import { DBusError } from '@switchyard/dbus';
import { type Fd, Mapping } from '@switchyard/sys';
import { exitCode, Failure } from './Failure.js';
import type { Yard } from './Yard.js';

/** What a picture is of. */
export interface SnapshotSubject {
  readonly kind: 'seat' | 'monitor' | 'session';
  readonly id: string;
  /** Whose display has it. */
  readonly seat: string;
}

export interface SnapshotOptions {
  readonly seat?: string;
  readonly session?: string;
  readonly monitor?: number;
}

/** The seat or one of its monitors, or the session when one is named. */
export async function findSubject(yard: Yard, options: SnapshotOptions): Promise<SnapshotSubject> {
  if (options.session !== undefined && options.monitor !== undefined)
    throw new Failure(
      'a session’s picture is of all monitors: --session or --monitor, not both',
      exitCode.usage,
    );
  if (options.session !== undefined) {
    const { id, seat } = await yard.find(options.session);
    return { kind: 'session', id, seat };
  }
  const seat = await yard.findSeat(options.seat);
  const { monitor } = options;
  if (monitor === undefined) return { kind: 'seat', id: seat, seat };
  // As the display calls them.
  return { kind: 'monitor', id: monitor === 1 ? seat : `${seat}-${monitor}`, seat };
}

/** The pixels of a seat or a session at one moment: XR24, blue first, `stride` bytes a row. */
export class Snapshot implements Disposable {
  readonly width: number;
  readonly height: number;
  readonly stride: number;
  readonly #mapping: Mapping;

  private constructor(mapping: Mapping, width: number, height: number, stride: number) {
    this.#mapping = mapping;
    this.width = width;
    this.height = height;
    this.stride = stride;
  }

  /** Throws Failure when the display has none to give. */
  static async take(yard: Yard, { kind, id, seat }: SnapshotSubject): Promise<Snapshot> {
    let answer: unknown[];
    try {
      answer = await yard.display(seat).call('org.switchyard.Display1', 'Screenshot', 'ss', kind, id);
    } catch (error) {
      if (error instanceof DBusError) throw new Failure(`no picture of ${kind} ${id}: ${error.message}`);
      throw error;
    }
    const [memfd, width, height, stride] = answer as [Fd, number, number, number];
    using file = memfd;
    return new Snapshot(Mapping.map(file, stride * height), width, height, stride);
  }

  /** Empty after dispose. */
  get bytes(): Uint8Array {
    return this.#mapping.bytes;
  }

  [Symbol.dispose](): void {
    this.#mapping.unmap();
  }
}
