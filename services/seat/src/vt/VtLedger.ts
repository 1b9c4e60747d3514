import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { identifyProcess, isRunning, type ProcessIdentity } from '@switchyard/runtime';
import { bootId } from '../StateStore.js';
import type { VtState } from './VtState.js';

/** A VT that is changed, and for whom. */
export interface LedgerEntry {
  readonly before: VtState;
  /** Ids of the sessions that draw on it. */
  readonly sessions: readonly string[];
  /** It was free, and is to be so again; what was in front then. */
  readonly chosen?: number | undefined;
  /** By which somebody was asked to leave it, who is not any more. */
  readonly signal?: number | undefined;
}

interface Content {
  readonly version: 1;
  readonly boot: string;
  readonly manager: ProcessIdentity;
  readonly vts: readonly LedgerEntry[];
}

/**
 * `state/vts.json`: the VTs that this manager has changed and how they were, on disk before they are changed, so that
 * they can be restored when the manager could not: by its guard, its supervisor, or the next manager. There is no file
 * while there is nothing to restore.
 */
export class VtLedger {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  }

  /** Throws when it cannot be written: then the VTs must stay as they are. */
  write(vts: readonly LedgerEntry[]): void {
    if (vts.length === 0) {
      rmSync(this.path, { force: true });
      return;
    }
    const content: Content = { version: 1, boot: bootId(), manager: identifyProcess(process.pid)!, vts };
    const next = `${this.path}.next`;
    writeFileSync(next, JSON.stringify(content), { mode: 0o600 });
    renameSync(next, this.path);
  }

  /** What a manager left that is dead; nothing while it lives, and nothing of before the machine was started. */
  left(): readonly LedgerEntry[] {
    try {
      const content = JSON.parse(readFileSync(this.path, 'utf8')) as Content;
      if (content.version !== 1 || content.boot !== bootId()) return [];
      return isRunning(content.manager) ? [] : content.vts;
    } catch {
      return [];
    }
  }
}
