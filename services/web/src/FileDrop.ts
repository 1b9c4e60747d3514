import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { harmlessFileName } from './FileName.js';
import type { UserRecord } from './UserRecord.js';

/** One file: a recording or a disk image, but not what fills a home by mistake. */
export const FILE_MAX = 2 * 1024 * 1024 * 1024;
/** Files on their way at once, of all viewers. */
const FILES_MAX = 4;
/** A browser that sends nothing for this long is gone (ms). */
const IDLE_MS = 30_000;

/**
 * What the file's owner runs: the bytes go to a fresh hidden file, which gets its name only when all of it has come
 * (fd 3 says so), by link(2), which never takes a name that is there. $1 is the name. Says the name that it got.
 */
const receive = `
umask 077
folder=$(xdg-user-dir DOWNLOAD 2>/dev/null)
case $folder in /*) ;; *) folder=$HOME/Downloads ;; esac
[ "$folder" = "$HOME" ] && folder=$HOME/Downloads
mkdir -p -- "$folder" && cd -- "$folder" || exit 1
part=$(mktemp .receiving.XXXXXXXX) || exit 1
trap 'rm -f -- "$part"' EXIT
cat > "$part" || exit 1
read -r whole <&3
[ "$whole" = whole ] || exit 1
stem=\${1%.*} extension=
case $1 in ?*.?*) extension=.\${1##*.} ;; esac
name=$1 number=1
until ln -T -- "$part" "$name" 2>/dev/null; do
  [ $number -le 999 ] && [ -e "$name" ] || exit 1
  name="$stem ($number)$extension"
  number=$((number + 1))
done
printf '%s/%s' "$folder" "$name"
`;

/** Files that are dropped on the page, written into their owner's downloads by a process of his own. */
export class FileDrop {
  #under = 0;

  /** Resolves to the path. Rejects with words; then nothing is left of the file. `bytes` is what must come. */
  async take(name: string, bytes: number, body: Readable, user: UserRecord): Promise<string> {
    if (bytes > FILE_MAX) throw new Error(`a file may have ${FILE_MAX / 2 ** 30} GiB at most`);
    if (this.#under >= FILES_MAX) throw new Error(`${FILES_MAX} files are on their way already; try again`);
    this.#under++;
    try {
      return await this.#write(harmlessFileName(name), bytes, body, user);
    } finally {
      this.#under--;
    }
  }

  async #write(name: string, bytes: number, body: Readable, user: UserRecord): Promise<string> {
    const own = process.getuid!() === user.uid;
    const child = spawn('/bin/sh', ['-c', receive, 'receive', name], {
      ...(own ? {} : { uid: user.uid, gid: user.gid }),
      env: { HOME: user.home, PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C.UTF-8' },
      cwd: '/',
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    });
    let path = '';
    let said = '';
    child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      path += text;
    });
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      said += text.slice(0, 1000);
    });
    const ended = new Promise<number | null>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', resolve);
    });
    const verdict = child.stdio[3] as NodeJS.WritableStream;
    verdict.on('error', () => {});
    const idle = setTimeout(() => body.destroy(new Error('nothing came for too long')), IDLE_MS);
    let received = 0;
    body.on('data', (chunk: Buffer) => {
      received += chunk.length;
      idle.refresh();
    });
    try {
      await pipeline(body, child.stdin!);
    } catch (error) {
      if (said === '') said = (error as Error).message;
    } finally {
      clearTimeout(idle);
    }
    verdict.end(received === bytes ? 'whole\n' : 'broken\n');
    if ((await ended) === 0 && path !== '') return path;
    throw new Error(
      received === bytes ? said.trim().split('\n')[0] || 'it cannot be written' : 'it did not come whole',
    );
  }
}
