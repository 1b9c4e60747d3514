import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import type { UserRecord } from '../UserRecord.js';

/** What plays a user's sound, and where it listens. */
export interface SoundServer {
  readonly kind: 'pulse' | 'pipewire';
  readonly path: string;
}

/** A program and its arguments. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** What records goes to the encoder's input by a pipe; `input` is what ffmpeg is told of it. */
export interface Recording {
  readonly recorder?: Command;
  readonly input: readonly string[];
}

/**
 * A user's PulseAudio, or what speaks for it (PipeWire's); or PipeWire by its own socket, where its programs are
 * installed. undefined when there is none.
 */
export function soundServer(user: UserRecord): SoundServer | undefined {
  const own = process.getuid!() === user.uid;
  const given = own ? process.env['PULSE_SERVER'] : undefined;
  const runtime = (own ? process.env['XDG_RUNTIME_DIR'] : undefined) ?? `/run/user/${user.uid}`;
  const pulse = given?.replace(/^unix:/, '') ?? join(runtime, 'pulse', 'native');
  if (isSocket(pulse)) return { kind: 'pulse', path: pulse };
  const pipewire = join(runtime, 'pipewire-0');
  return isSocket(pipewire) && isInstalled('pw-record') ? { kind: 'pipewire', path: pipewire } : undefined;
}

/** How the default sink's monitor is recorded: 48 kHz, two channels, in pieces of 20 ms. `help`: what `pw-record --help` says. */
export function recordingOf({ kind, path }: SoundServer, help: string): Recording {
  if (kind === 'pulse')
    return {
      input: [
        ...['-f', 'pulse', '-server', `unix:${path}`, '-name', 'Switchyard'],
        ...['-sample_rate', '48000', '-channels', '2', '-fragment_size', '3840', '-i', '@DEFAULT_MONITOR@'],
      ],
    };
  return {
    recorder: {
      program: 'pw-record',
      args: [
        ...['-P', '{ stream.capture.sink = true node.name = Switchyard }', '--latency', '20ms'],
        ...['--rate', '48000', '--channels', '2', '--format', 's16'],
        // Older ones write nothing else to a pipe; newer ones write AU unless they are told.
        ...(/^.*--raw\b/m.test(help) ? ['--raw'] : []),
        '-',
      ],
      environment: { XDG_RUNTIME_DIR: dirname(path) },
    },
    input: ['-f', 's16le', '-ar', '48000', '-ac', '2', '-i', 'pipe:0'],
  };
}

export function isInstalled(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function isSocket(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isSocket() ?? false;
}
