// Emulation alone, without a pseudo-terminal and without drawing: ours and libtsm's, MB a second of CPU time.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const TURN_BYTES = 64 << 10;

/** What the pty makes of a file: a carriage return before each line feed. */
export function asFromPty(file) {
  const made = `${file}.crlf`;
  writeFileSync(made, readFileSync(file, 'latin1').replaceAll('\n', '\r\n'), 'latin1');
  return made;
}

export async function ours(file) {
  const { Screen } = await import('../../services/console/dist/Screen.js');
  const bytes = readFileSync(file);
  const events = { answer() {}, changed() {}, title() {}, bell() {}, copied() {}, notified() {} };
  const screen = new Screen(160, 45, events);
  const write = (from, to) => {
    for (let at = from; at < to; at += TURN_BYTES)
      screen.write(bytes.subarray(at, Math.min(at + TURN_BYTES, to)));
  };
  // The compiler has seen it once.
  write(0, Math.min(bytes.length, 4e6));
  const begin = process.cpuUsage();
  write(0, bytes.length);
  const { user, system } = process.cpuUsage(begin);
  screen.close();
  return bytes.length / (user + system);
}

/** Undefined where it cannot be built: libtsm-dev and a C compiler. */
export function buildTsm(directory) {
  const program = join(directory, 'tsm');
  const source = new URL('tsm.c', import.meta.url).pathname;
  const flags = spawnSync('pkg-config', ['--cflags', '--libs', 'libtsm'], { encoding: 'utf8' });
  if (flags.status !== 0) return undefined;
  const words = ['-O2', '-o', program, source, ...flags.stdout.trim().split(/\s+/)];
  return spawnSync('cc', words, { stdio: 'inherit' }).status === 0 ? program : undefined;
}

export const tsm = (program, file) => Number(spawnSync(program, [file], { encoding: 'utf8' }).stdout);
