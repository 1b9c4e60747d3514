import { spawn } from 'node:child_process';
import type { Link } from './Links.js';
import { programEnvironment } from './Shell.js';

export interface LinkOpenerHost {
  /** The user's program for links, and its first arguments. */
  readonly program: readonly string[] | undefined;
  readonly environment: NodeJS.ProcessEnv;
  copy(address: string): void;
  tell(text: string): void;
}

/** Opens links as the user set; who set nothing has them in the clipboard. */
export class LinkOpener {
  readonly #host: LinkOpenerHost;

  constructor(host: LinkOpenerHost) {
    this.#host = host;
  }

  follow({ address }: Link): void {
    const [program, ...words] = this.#host.program ?? [];
    // Programs choose the addresses of their links (OSC 8): one that is none must not look like an option.
    if (program === undefined || !/^[a-z][a-z0-9+.-]*:/i.test(address)) this.copy(address);
    else this.#open(program, [...words, address], address);
  }

  copy(address: string): void {
    this.#host.copy(address);
    this.#host.tell(`Copied ${address}`);
  }

  #open(program: string, words: readonly string[], address: string): void {
    const child = spawn(program, words, {
      detached: true,
      stdio: 'ignore',
      env: programEnvironment(this.#host.environment),
    });
    child.on('error', (error) => this.#host.tell(`open-links: ${error.message}`));
    child.on('spawn', () => this.#host.tell(`Opened ${address}`));
    child.unref();
  }
}
