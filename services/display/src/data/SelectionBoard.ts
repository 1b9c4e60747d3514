import type { Client } from '@switchyard/wayland';
import type { Keyboard } from '../input/Keyboard.js';
import type { TransferSource } from './TransferSource.js';

/** Toolkits make one a seat; all of them are told of every change. */
const MAX_DEVICES_PER_CLIENT = 32;

/** A client's object that is told of the selection. */
export interface SelectionDevice {
  readonly client: Client;
  /** The selection as of now; undefined when there is none. */
  sendSelection(source: TransferSource | undefined): void;
}

/** The serials that a client has seen while it had the keyboard: (from, until]. */
type FocusSpan = { from: number; until: number | undefined };

/**
 * One kind of selection (the clipboard, or the primary selection) of all users: each user has one of his own, in which
 * all his sessions share, and which only the client with the keyboard is told of.
 *
 *   client sets ──▶ source of its uid ──told──▶ the focused client, if it has that uid
 *   keyboard moves to a client ──told──▶ the source of its uid, before wl_keyboard.enter
 */
export class SelectionBoard {
  readonly #sources = new Map<number, TransferSource>();
  readonly #devices = new Map<Client, Set<SelectionDevice>>();
  readonly #spans = new WeakMap<Client, FocusSpan>();
  readonly #watched = new WeakSet<TransferSource>();
  readonly #changed = new Set<(uid: number) => void>();
  #focus: Client | undefined;

  readonly #sessionOf: (client: Client) => unknown;

  /** Clients of one session trust each other. */
  constructor(keyboard: Keyboard, sessionOf: (client: Client) => unknown) {
    this.#sessionOf = sessionOf;
    keyboard.onFocusChanging((surface) => this.#focusChanging(surface?.state.client));
  }

  /** The client that has the keyboard. */
  get focus(): Client | undefined {
    return this.#focus;
  }

  selectionOf(uid: number): TransferSource | undefined {
    return this.#sources.get(uid);
  }

  /**
   * Called after a user's selection has changed, or another user's became the focused one. Returns what takes the
   * listener back.
   */
  onChanged(listener: (uid: number) => void): () => void {
    this.#changed.add(listener);
    return () => void this.#changed.delete(listener);
  }

  /**
   * A client's own wish. It is granted to the client that has the keyboard and to the others of its session, and to one
   * that had it when it got the serial, as it happens when the session is switched right after a copy. Else the source
   * is told that it lost.
   */
  request(client: Client, source: TransferSource | undefined, serial: number): void {
    if (this.#mayChange(client, serial)) this.set(client.uid, source);
    else source?.cancelled();
  }

  set(uid: number, source: TransferSource | undefined): void {
    const before = this.#sources.get(uid);
    if (before === source) return;
    if (source) {
      this.#sources.set(uid, source);
      this.#watch(source, uid);
    } else {
      this.#sources.delete(uid);
    }
    before?.cancelled();
    if (this.#focus?.uid === uid) this.#tell(this.#focus);
    for (const listener of this.#changed) listener(uid);
  }

  addDevice(device: SelectionDevice, onGone: (callback: () => void) => void): void {
    const { client } = device;
    const devices = this.#devices.get(client) ?? new Set();
    if (devices.size >= MAX_DEVICES_PER_CLIENT) {
      client.postNoMemory();
      return;
    }
    this.#devices.set(client, devices.add(device));
    onGone(() => {
      devices.delete(device);
      if (devices.size === 0) this.#devices.delete(client);
    });
    if (client === this.#focus) device.sendSelection(this.#sources.get(client.uid));
  }

  devicesOf(client: Client): Iterable<SelectionDevice> {
    return this.#devices.get(client) ?? [];
  }

  /** Once a source: a client may set the same one as often as it likes. */
  #watch(source: TransferSource, uid: number): void {
    if (this.#watched.has(source)) return;
    this.#watched.add(source);
    source.onGone(() => {
      if (this.#sources.get(uid) === source) this.set(uid, undefined);
    });
  }

  #tell(client: Client): void {
    const source = this.#sources.get(client.uid);
    for (const device of this.devicesOf(client)) device.sendSelection(source);
  }

  #focusChanging(client: Client | undefined): void {
    const before = this.#focus;
    if (client === before) return;
    if (before) {
      const span = this.#spans.get(before);
      if (span) span.until = before.display.serial;
    }
    this.#focus = client;
    if (client) {
      this.#spans.set(client, { from: client.display.serial, until: undefined });
      this.#tell(client);
      if (before?.uid !== client.uid) for (const listener of this.#changed) listener(client.uid);
    }
  }

  #mayChange(client: Client, serial: number): boolean {
    if (client === this.#focus) return true;
    const session = this.#sessionOf(client);
    if (this.#focus && session !== undefined && session === this.#sessionOf(this.#focus)) return true;
    const span = this.#spans.get(client);
    if (span?.until === undefined) return false;
    // Serials go around: what counts is the distance.
    return ((serial - span.from) | 0) > 0 && ((span.until - serial) | 0) >= 0;
  }
}
