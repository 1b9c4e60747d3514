import type { Log } from '@switchyard/runtime';
import { userRecord } from '../UserRecord.js';
import { MessageType, soundHeader } from '../wire/Wire.js';
import { isInstalled, type SoundServer, soundServer } from './SoundServer.js';
import { SoundSource } from './SoundSource.js';

/** Sound servers come and go with their users; how often that is looked at while somebody could listen (ms). */
const LOOK_MS = 3000;

export interface Listener {
  /** Takes an Opus packet in a message, if it can. */
  hear?(message: Uint8Array): void;
}

/**
 * What the session in front plays, for those who listen: one encoder for all of them, which runs only while there are
 * any. Sound is the user's, not the session's, as sound servers have it.
 */
export class Sound {
  readonly #owner: () => number | undefined;
  readonly #onAvailable: () => void;
  readonly #log: Log;
  readonly #listeners = new Set<Listener>();
  readonly #encoder = isInstalled('ffmpeg');
  #source: { uid: number; server: SoundServer; source: SoundSource } | undefined;
  #found: { uid: number; server: SoundServer } | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** `owner`: whose session is in front. `onAvailable`: `available` is another now. */
  constructor(owner: () => number | undefined, onAvailable: () => void, log: Log) {
    this.#owner = owner;
    this.#onAvailable = onAvailable;
    this.#log = log;
  }

  /** Whether there is a sound server to listen to, and what encodes it. */
  get available(): boolean {
    return this.#found !== undefined;
  }

  /** Looks for a sound server from now on, or no longer: nobody is there to be told. */
  watch(on: boolean): void {
    if (!this.#encoder || on === (this.#timer !== undefined)) return;
    clearInterval(this.#timer);
    this.#timer = on ? setInterval(() => this.look(), LOOK_MS) : undefined;
    if (on) this.look();
  }

  /** The session in front may be another user's. */
  look(): void {
    if (this.#timer !== undefined) void this.#look();
  }

  listen(listener: Listener, on: boolean): void {
    if (on) this.#listeners.add(listener);
    else this.#listeners.delete(listener);
    this.#settle();
  }

  close(): void {
    clearInterval(this.#timer);
    this.#source?.source.close();
    this.#source = undefined;
  }

  async #look(): Promise<void> {
    const uid = this.#owner();
    const mine = uid !== undefined && (process.getuid!() === 0 || process.getuid!() === uid);
    const server = mine ? soundServer(await userRecord(uid)) : undefined;
    const before = this.available;
    this.#found = server === undefined ? undefined : { uid: uid!, server };
    this.#settle();
    if (before !== this.available) this.#onAvailable();
  }

  #settle(): void {
    const found = this.#listeners.size > 0 ? this.#found : undefined;
    const { uid, server } = this.#source ?? {};
    if (found?.uid === uid && found?.server.path === server?.path) return;
    this.#source?.source.close();
    this.#source = undefined;
    if (found === undefined) return;
    // Known until the user has no session any more: his record does not change meanwhile.
    void userRecord(found.uid).then((user) => {
      if (this.#source !== undefined || this.#listeners.size === 0) return;
      const source = new SoundSource(user, found.server, (packet) => this.#send(packet), this.#log);
      this.#source = { ...found, source };
    });
  }

  #send(packet: Buffer): void {
    const message = new Uint8Array(soundHeader.size + packet.length);
    soundHeader.set.type(new DataView(message.buffer), 0, MessageType.sound);
    message.set(packet, soundHeader.size);
    for (const listener of this.#listeners) listener.hear?.(message);
  }
}
