import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { SeatTree } from './SeatTree.js';

/**
 * What a program sees that takes this tree for the system's: its bus as the system bus, its sd-login files at
 * /run/systemd (in a mount namespace, the machine's own stay as they are), and the directory there that says that
 * systemd runs, without which loginctl does nothing.
 */
export class SystemdView {
  readonly #tree: SeatTree;

  constructor(tree: SeatTree) {
    this.#tree = tree;
    mkdirSync(join(tree.dir, 'systemd/system'), { recursive: true });
  }

  /** Mounting needs root, and somewhere to mount. */
  static get available(): boolean {
    return (
      process.getuid?.() === 0 &&
      existsSync('/run/systemd') &&
      spawnSync('unshare', ['-m', 'true']).status === 0
    );
  }

  /** To spawn: `program` in this view. */
  command(program: string, ...args: string[]): [string, string[]] {
    const inside = 'mount --bind "$0" /run/systemd && exec "$@"';
    return ['unshare', ['-m', 'sh', '-c', inside, join(this.#tree.dir, 'systemd'), program, ...args]];
  }

  get environment(): Record<string, string> {
    return { DBUS_SYSTEM_BUS_ADDRESS: this.#tree.address };
  }
}
