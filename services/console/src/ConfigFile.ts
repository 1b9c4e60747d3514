import { existsSync, type FSWatcher, readFileSync, watch } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { type Config, ConfigError, parseConfig, usualConfig } from './Config.js';

/** A file of settings is some hundred bytes. */
const SIZE_LIMIT = 1 << 20;
/** Editors write a file in several steps. */
const SETTLE_MS = 100;

/** `$XDG_CONFIG_HOME/switchyard/console.toml` */
export function configPath(environment: NodeJS.ProcessEnv = process.env): string {
  const home = environment['HOME'] ?? homedir();
  const base = environment['XDG_CONFIG_HOME'] || join(home, '.config');
  return join(base, 'switchyard', 'console.toml');
}

/** The user's settings, and word of their changes. A file with a mistake changes nothing; the mistake is told. */
export class ConfigFile {
  readonly #path: string;
  readonly #changed: (config: Config) => void;
  readonly #failed: (message: string) => void;
  #watcher: FSWatcher | undefined;
  #timer: NodeJS.Timeout | undefined;
  #text: string | undefined;
  config: Config = usualConfig;
  /** Of the first reading. */
  mistake: string | undefined;

  constructor(path: string, changed: (config: Config) => void, failed: (message: string) => void) {
    this.#path = path;
    this.#changed = changed;
    this.#failed = failed;
    this.#read((message) => {
      this.mistake = message;
    });
    this.#watch();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#watcher?.close();
  }

  /** True when there is something new. */
  #read(failed: (message: string) => void): boolean {
    let text = '';
    try {
      text = readFileSync(this.#path, 'utf8');
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'ENOENT' && code !== 'ENOTDIR') failed(`${this.#path}: ${code}`);
    }
    if (text === this.#text || text.length > SIZE_LIMIT) return false;
    this.#text = text;
    try {
      this.config = parseConfig(text);
      return true;
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      failed(`${basename(this.#path)}, ${error.message}`);
      return false;
    }
  }

  /** The folder, since editors put a new file in the place of the old one; or the nearest one above that is there. */
  #watch(): void {
    let folder = dirname(this.#path);
    while (!existsSync(folder) && folder !== dirname(folder)) folder = dirname(folder);
    try {
      this.#watcher = watch(folder, { persistent: false }, (_, name) => {
        const next = this.#path.slice(folder.length + 1).split('/')[0];
        if (name !== null && name !== next) return;
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.#settled(), SETTLE_MS);
      });
      this.#watcher.on('error', () => this.#watcher?.close());
    } catch {
      // Out of watches: the settings are those of the start.
    }
  }

  #settled(): void {
    this.#watcher?.close();
    this.#watch();
    if (this.#read(this.#failed)) this.#changed(this.config);
  }
}
