import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Log } from '@switchyard/runtime';
import type { UserRecord } from '../UserRecord.js';
import { OggPackets } from './OggPackets.js';

/** What an Opus stream in Ogg begins with: RFC 7845, sections 5.1 and 5.2. */
const HEADERS = ['OpusHead', 'OpusTags'];
/** After an encoder that died by itself (ms). */
const AGAIN_MS = 2000;

/** The socket of a user's PulseAudio, or of what speaks for it (PipeWire); undefined when there is none. */
export function soundServer(user: UserRecord): string | undefined {
  const own = process.getuid!() === user.uid;
  const given = own ? process.env['PULSE_SERVER'] : undefined;
  const runtime = (own ? process.env['XDG_RUNTIME_DIR'] : undefined) ?? `/run/user/${user.uid}`;
  const path = given?.replace(/^unix:/, '') ?? join(runtime, 'pulse', 'native');
  return statSync(path, { throwIfNoEntry: false })?.isSocket() ? path : undefined;
}

/** Whether the encoder is installed. */
export function haveEncoder(): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, 'ffmpeg'), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/**
 * What a user's sessions play, as Opus packets of 20 ms: ffmpeg, as that user, listens to the default sink's monitor.
 *
 *   running ──ended by itself──▶ waiting (2 s) ──▶ running
 *      └──────────── close ─────────┴──▶ closed
 */
export class SoundSource {
  readonly #user: UserRecord;
  readonly #server: string;
  readonly #onPacket: (packet: Buffer) => void;
  readonly #log: Log;
  #child: ChildProcess | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(user: UserRecord, server: string, onPacket: (packet: Buffer) => void, log: Log) {
    this.#user = user;
    this.#server = server;
    this.#onPacket = onPacket;
    this.#log = log;
    this.#run();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#child?.kill('SIGKILL');
  }

  #run(): void {
    const { uid, gid, home } = this.#user;
    const child = spawn(
      'ffmpeg',
      [
        ...['-nostdin', '-hide_banner', '-loglevel', 'error'],
        ...['-f', 'pulse', '-server', `unix:${this.#server}`, '-name', 'Switchyard'],
        ...['-sample_rate', '48000', '-channels', '2', '-fragment_size', '3840', '-i', '@DEFAULT_MONITOR@'],
        ...['-c:a', 'libopus', '-b:a', '96k', '-frame_duration', '20', '-application', 'lowdelay'],
        ...['-f', 'ogg', '-page_duration', '20000', '-flush_packets', '1', 'pipe:1'],
      ],
      {
        ...(process.getuid!() === uid ? {} : { uid, gid }),
        // The cookie of PulseAudio is in the home.
        env: { HOME: home, PATH: process.env['PATH'] ?? '/usr/bin:/bin' },
        cwd: '/',
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    this.#child = child;
    const packets = new OggPackets((packet) => {
      if (!HEADERS.includes(packet.toString('latin1', 0, 8))) this.#onPacket(packet);
    });
    let said = '';
    child.stdout!.on('data', (bytes: Buffer) => {
      try {
        packets.push(bytes);
      } catch (error) {
        said = (error as Error).message;
        child.kill('SIGKILL');
      }
    });
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      said = text.trim().slice(0, 200);
    });
    child.on('error', (error) => {
      said = error.message;
    });
    child.on('close', () => {
      if (this.#closed) return;
      this.#log.warn({ uid, reason: said }, 'the sound ended; trying again');
      this.#timer = setTimeout(() => this.#run(), AGAIN_MS);
    });
  }
}
