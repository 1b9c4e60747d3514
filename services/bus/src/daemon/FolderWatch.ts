import { type FSWatcher, watch } from 'node:fs';

/** Files come in groups when a package is installed; they are looked at when it has been quiet this long. */
const settleTime = 150;

/** Says when something in one of some folders has changed. Folders that are not there are not watched. */
export class FolderWatch {
  readonly #changed: () => void;
  readonly #watchers = new Map<string, FSWatcher>();
  #timer: NodeJS.Timeout | undefined;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** Watches these, and no others. */
  set folders(paths: readonly string[]) {
    for (const [path, watcher] of this.#watchers)
      if (!paths.includes(path)) {
        watcher.close();
        this.#watchers.delete(path);
      }
    for (const path of paths) if (!this.#watchers.has(path)) this.#watch(path);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.folders = [];
  }

  #watch(path: string): void {
    try {
      const watcher = watch(path, { persistent: false }, () => {
        clearTimeout(this.#timer);
        this.#timer = setTimeout(this.#changed, settleTime).unref();
      });
      watcher.on('error', () => {
        watcher.close();
        this.#watchers.delete(path);
      });
      this.#watchers.set(path, watcher);
    } catch {
      // Not there, or the user has no more inotify watches: ReloadConfig still works.
    }
  }
}
