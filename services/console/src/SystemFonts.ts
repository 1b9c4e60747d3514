import { spawnSync } from 'node:child_process';

/** Asking for a font reads fontconfig's caches; a machine where that takes longer has none. */
const PATIENCE_MS = 3000;

let order: readonly string[] | undefined;

/**
 * The machine's font families in the order in which its user prefers them for a terminal (fontconfig: language, configuration), those
 * that are installed only. Empty without fontconfig.
 */
export function preferredFamilies(): readonly string[] {
  order ??= [...new Set(ask(['-s', '-f', '%{family[0]}\\n', 'monospace']).split('\n'))].filter(
    (name) => name !== '',
  );
  return order;
}

/** The family that a name stands for (`monospace`); undefined without fontconfig. */
export function familyOf(name: string): string | undefined {
  return ask(['-f', '%{family[0]}', name]) || undefined;
}

function ask(words: readonly string[]): string {
  const { stdout, status } = spawnSync('fc-match', words, {
    encoding: 'utf8',
    timeout: PATIENCE_MS,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return status === 0 ? stdout : '';
}
