import type { Fifo } from './Fifo.js';

/** In the order in which BlockInhibited names them. */
export const inhibitWhats = [
  'shutdown',
  'sleep',
  'idle',
  'handle-power-key',
  'handle-suspend-key',
  'handle-hibernate-key',
  'handle-lid-switch',
  'handle-reboot-key',
] as const;
export type InhibitWhat = (typeof inhibitWhats)[number];

/** Not while it is held; a while later; or not, unless who asks may override or holds it himself. */
export const inhibitModes = ['block', 'delay', 'block-weak'] as const;
export type InhibitMode = (typeof inhibitModes)[number];

/** A lock that somebody holds by an open file, the write end of its fifo. */
export interface Inhibitor {
  readonly id: number;
  readonly what: ReadonlySet<InhibitWhat>;
  readonly who: string;
  readonly why: string;
  readonly mode: InhibitMode;
  readonly uid: number;
  readonly pid: number;
  readonly fifo: Fifo;
}

/** `a:b` as ListInhibitors and the properties have it. */
export function joinWhats(whats: ReadonlySet<InhibitWhat>): string {
  return inhibitWhats.filter((what) => whats.has(what)).join(':');
}

/** Undefined when it is empty or names what there is not. */
export function parseWhats(text: string): ReadonlySet<InhibitWhat> | undefined {
  const names: ReadonlySet<string> = new Set(inhibitWhats);
  const whats = text.split(':').filter((name) => name !== '');
  const valid = whats.length > 0 && whats.every((name) => names.has(name));
  return valid ? new Set(whats as InhibitWhat[]) : undefined;
}
