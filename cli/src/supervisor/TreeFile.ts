import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRunning, type RuntimeDir } from '@switchyard/runtime';
import { z } from 'zod';

/** Made when there is something to check: at most starts there is nothing, and each waits for this. */
const schema = () =>
  z.object({
    tree: z.string(),
    services: z.array(z.object({ name: z.string(), pid: z.number().int(), startTime: z.string() })),
    /** The further seats. */
    seats: z.array(
      z.object({
        seat: z.string(),
        listen: z.string(),
        port: z.number(),
        size: z.string(),
        further: z.boolean(),
        console: z.boolean(),
        shared: z.object({ title: z.string(), uid: z.number(), follow: z.boolean() }).optional(),
        screens: z.boolean().optional(),
        web: z.array(z.string()).optional(),
      }),
    ),
  });

/** `state/tree.json`: what a supervisor left running, for the one that comes after it. */
export type TreeFile = z.infer<ReturnType<typeof schema>>;

const path = (directory: RuntimeDir) => join(directory.state, 'tree.json');

export function readTreeFile(directory: RuntimeDir): TreeFile | undefined {
  try {
    const content: unknown = JSON.parse(readFileSync(path(directory), 'utf8'));
    return schema().parse(content);
  } catch {
    return undefined;
  }
}

/** Whether services of a supervisor that has died run on. */
export function runsOn(directory: RuntimeDir): boolean {
  return readTreeFile(directory)?.services.some(isRunning) ?? false;
}

/** Keeps the file as its tree is: written once for all that changes in a turn, and only if that is news. */
export class TreeRecord {
  readonly #directory: RuntimeDir;
  readonly #content: () => TreeFile | undefined;
  readonly #failed: (error: unknown) => void;
  #written = '';
  #due = false;

  /** `content` is asked for when it is written; there is none of a tree that ends. */
  constructor(directory: RuntimeDir, content: () => TreeFile | undefined, failed: (error: unknown) => void) {
    this.#directory = directory;
    this.#content = content;
    this.#failed = failed;
  }

  changed(): void {
    if (this.#due) return;
    this.#due = true;
    queueMicrotask(() => this.#write());
  }

  #write(): void {
    this.#due = false;
    const content = this.#content();
    const text = JSON.stringify(content);
    if (content === undefined || text === this.#written) return;
    try {
      const fresh = `${path(this.#directory)}.new`;
      writeFileSync(fresh, text, { mode: 0o600 });
      renameSync(fresh, path(this.#directory));
      this.#written = text;
    } catch (error) {
      this.#failed(error);
    }
  }
}
