import { type ChildProcess, execFile, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { Log } from '@switchyard/runtime';
import type { UserRecord } from '../UserRecord.js';
import { OggPackets } from './OggPackets.js';
import { recordingOf, type SoundServer } from './SoundServer.js';

/** What an Opus stream in Ogg begins with: RFC 7845, sections 5.1 and 5.2. */
const HEADERS = ['OpusHead', 'OpusTags'];
/** After an encoder that died by itself (ms). */
const AGAIN_MS = 2000;
const HELP_TIMEOUT_MS = 2000;

/**
 * What a user's sessions play, as Opus packets of 20 ms: ffmpeg, as that user, encodes the default sink's monitor, which it
 * records by itself (PulseAudio) or gets from pw-record (PipeWire).
 *
 *   running ──ended by itself──▶ waiting (2 s) ──▶ running
 *      └──────────── close ─────────┴──▶ closed
 */
export class SoundSource {
  readonly #user: UserRecord;
  readonly #server: SoundServer;
  readonly #onPacket: (packet: Buffer) => void;
  readonly #log: Log;
  #children: ChildProcess[] = [];
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(user: UserRecord, server: SoundServer, onPacket: (packet: Buffer) => void, log: Log) {
    this.#user = user;
    this.#server = server;
    this.#onPacket = onPacket;
    this.#log = log;
    void this.#run();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#kill();
  }

  #kill(): void {
    for (const child of this.#children.splice(0)) child.kill('SIGKILL');
  }

  async #run(): Promise<void> {
    const help = this.#server.kind === 'pipewire' ? await helpOf('pw-record') : '';
    if (this.#closed) return;
    const { recorder, input } = recordingOf(this.#server, help);
    let said = '';
    // As the user, whose sound it is.
    const start = (program: string, args: readonly string[], stdin: Readable | 'ignore', more = {}) => {
      const { uid, gid, home } = this.#user;
      const child = spawn(program, args, {
        ...(process.getuid!() === uid ? {} : { uid, gid }),
        // The cookie of PulseAudio is in the home.
        env: { HOME: home, PATH: process.env['PATH'] ?? '/usr/bin:/bin', ...more },
        cwd: '/',
        stdio: [stdin, 'pipe', 'pipe'],
      });
      this.#children.push(child);
      child.stderr!.setEncoding('utf8').on('data', (text: string) => {
        said = text.trim().slice(0, 200);
      });
      child.on('error', (error) => {
        said = error.message;
      });
      return child;
    };
    const source = recorder && start(recorder.program, recorder.args, 'ignore', recorder.environment);
    const child = start(
      'ffmpeg',
      [
        ...['-hide_banner', '-loglevel', 'error', ...(source ? [] : ['-nostdin'])],
        ...input,
        ...['-c:a', 'libopus', '-b:a', '96k', '-frame_duration', '20', '-application', 'lowdelay'],
        ...['-f', 'ogg', '-page_duration', '20000', '-flush_packets', '1', 'pipe:1'],
      ],
      source?.stdout ?? 'ignore',
    );
    // The encoder has it now, and hears of the recorder's end only if nobody else holds it.
    source?.stdout?.destroy();
    const packets = new OggPackets((packet) => {
      if (!HEADERS.includes(packet.toString('latin1', 0, 8))) this.#onPacket(packet);
    });
    child.stdout!.on('data', (bytes: Buffer) => {
      try {
        packets.push(bytes);
      } catch (error) {
        said = (error as Error).message;
        child.kill('SIGKILL');
      }
    });
    child.on('close', () => {
      if (this.#closed) return;
      this.#kill();
      this.#log.warn({ uid: this.#user.uid, reason: said }, 'the sound ended; trying again');
      this.#timer = setTimeout(() => void this.#run(), AGAIN_MS);
    });
  }
}

/** What a program says of its options; '' when it cannot be asked. */
function helpOf(program: string): Promise<string> {
  return new Promise((resolve) => {
    execFile(program, ['--help'], { timeout: HELP_TIMEOUT_MS }, (_error, said) => resolve(said));
  });
}
