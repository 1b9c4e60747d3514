import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BusLink } from '@switchyard/dbus';
import type { Log } from '@switchyard/runtime';
import { login1, seatPath, sessionPath, switchyard } from '@switchyard/seat';
import type { Paper } from '../board/Paper.js';
import type { KeyModifiers, KeyPress } from '../KeyEncoder.js';
import { KernelLog, type LogEntry } from './KernelLog.js';
import { isAlarm, type KernelRecord, levels } from './KernelRecord.js';
import { LogView } from './LogView.js';

/** Who has gone back is not fetched again sooner: a kernel in trouble says so in hundreds of lines. */
const RAISE_PAUSE_MS = 10_000;

export interface LogSessionOptions {
  readonly link: BusLink;
  readonly seat: string;
  /** Where it is saved. */
  readonly folder: string;
  /** It comes to the front by itself at an alarm. */
  readonly raises: boolean;
  readonly log: Log;
  /** Of the smallest monitor. */
  rows(): number;
  /** Takes the seat. */
  activate(): Promise<void>;
  changed(): void;
}

/**
 * The kernel log as a session.
 *
 *   behind ──alarm──▶ in front, with a notice that says whence ──q──▶ behind, where it came from in front
 *      └──somebody switches──▶ in front ──somebody switches──▶ behind
 */
export class LogSession implements Disposable {
  readonly #options: LogSessionOptions;
  readonly #kernel: KernelLog;
  readonly #view: LogView;
  #active = false;
  #raisedAt = Number.NEGATIVE_INFINITY;
  /** Who was in front before us. */
  #from: string | undefined;
  #dirty = false;

  /** Throws SystemError when the log may not be read. */
  constructor(options: LogSessionOptions) {
    this.#options = options;
    let early = true;
    this.#kernel = KernelLog.open({
      added: (entry, old) => {
        this.#dirty = true;
        if (!old && !early && options.raises && !('lost' in entry) && isAlarm(entry)) void this.#raise(entry);
      },
      settled: () => {
        if (this.#dirty && !early) options.changed();
        this.#dirty = false;
      },
    });
    early = false;
    this.#view = new LogView(this.#kernel.entries, options.rows, {
      leave: () => void this.#leave(),
      save: () => this.#save(),
      changed: options.changed,
    });
  }

  compose(paper: Paper): void {
    this.#view.compose(paper);
  }

  key(press: KeyPress, modifiers: KeyModifiers): void {
    this.#view.key(press, modifiers);
  }

  active(active: boolean): void {
    this.#active = active;
    if (!active) this.#view.notice = '';
  }

  [Symbol.dispose](): void {
    this.#kernel[Symbol.dispose]();
  }

  async #raise(record: KernelRecord): Promise<void> {
    const now = performance.now();
    if (this.#active || now - this.#raisedAt < RAISE_PAUSE_MS) return;
    this.#raisedAt = now;
    const { log } = this.#options;
    // Asked for before we come to the front, and answered whether or not anybody answers.
    const from = this.#inFront();
    this.#view.notice = noticeOf(record, undefined);
    try {
      await this.#options.activate();
    } catch (error) {
      log.warn(`an alarm of the kernel is not shown: ${(error as Error).message}`);
      return;
    }
    const before = await from.catch(() => undefined);
    this.#from = before?.id;
    this.#view.notice = noticeOf(record, before);
    this.#options.changed();
  }

  async #inFront(): Promise<{ id: string; title: string } | undefined> {
    const connection = this.#options.link.connection;
    if (!connection) return undefined;
    const seat = connection.proxy(login1.name, seatPath(this.#options.seat));
    const [id] = (await seat.get(login1.seat, 'ActiveSession')) as [string, string];
    if (id === '') return undefined;
    const session = connection.proxy(login1.name, sessionPath(id));
    return { id, title: String(await session.get(switchyard.session, 'Title')) };
  }

  async #leave(): Promise<void> {
    const { link, seat } = this.#options;
    const connection = link.connection;
    if (!connection) return;
    try {
      if (this.#from === undefined) {
        await connection.proxy(login1.name, seatPath(seat)).call(login1.seat, 'SwitchToPrevious', '');
      } else {
        const manager = connection.proxy(login1.name, login1.path);
        await manager.call(login1.manager, 'ActivateSession', 's', this.#from);
      }
    } catch (error) {
      this.#view.message = (error as Error).message;
    }
    this.#from = undefined;
  }

  #save(): void {
    const name = `kernel-${new Date().toISOString().replaceAll(/[:.]/g, '-')}.txt`;
    const path = join(this.#options.folder, name);
    try {
      mkdirSync(this.#options.folder, { recursive: true, mode: 0o700 });
      writeFileSync(path, `${this.#kernel.entries.map(lineOf).join('\n')}\n`, { mode: 0o600, flag: 'wx' });
      this.#view.message = `saved as ${path}`;
    } catch (error) {
      this.#view.message = (error as Error).message;
    }
  }
}

function noticeOf({ level, text }: KernelRecord, from: { id: string; title: string } | undefined): string {
  const back = from ? `  —  you were in ${from.title || from.id} (${from.id}); q goes back` : '';
  return `${levels[level]}: ${text}${back}`;
}

function lineOf(entry: LogEntry): string {
  if ('lost' in entry) return `${entry.lost} messages were lost`;
  const { microseconds, level, text, dictionary } = entry;
  const more = [...dictionary].map(([key, value]) => `\n  ${key}=${value}`).join('');
  return `[${(microseconds / 1e6).toFixed(6).padStart(12)}] ${levels[level]}: ${text}${more}`;
}
