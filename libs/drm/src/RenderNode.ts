import { readdirSync } from 'node:fs';
import { type Fd, fileStat } from '@switchyard/sys';

/**
 * The render node of the device that a card's file belongs to. On it there is no master and nothing to show: programs draw there,
 * each for itself, and hand the result on as dma-bufs. A Card opens it; its mode setting is EACCES.
 */
export function renderNodeOf(card: Fd): string | undefined {
  const { major, minor } = fileStat(card).rdev;
  const directory = `/sys/dev/char/${major}:${minor}/device/drm`;
  let names: string[];
  try {
    names = readdirSync(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const node = names.find((name) => /^renderD\d+$/.test(name));
  return node === undefined ? undefined : `/dev/dri/${node}`;
}
