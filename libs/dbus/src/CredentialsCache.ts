import { Fd } from '@switchyard/sys';
import type { PeerIdentity } from './Interface.js';
import type { Variant } from './Variant.js';

/** Callers remembered at once: a service has few at a time, and each may hold a pidfd. */
const maximumEntries = 256;

type Entry = { identity: Promise<PeerIdentity>; watch: Disposable };

/** What the bus said of callers, until they leave it. Unique names are never given twice, so nothing goes stale. */
export class CredentialsCache {
  readonly #ask: (sender: string) => Promise<Map<string, Variant>>;
  readonly #watch: (sender: string, vanished: () => void) => Disposable;
  readonly #entries = new Map<string, Entry>();

  constructor(
    ask: (sender: string) => Promise<Map<string, Variant>>,
    watch: (sender: string, vanished: () => void) => Disposable,
  ) {
    this.#ask = ask;
    this.#watch = watch;
  }

  get(sender: string): Promise<PeerIdentity> {
    const known = this.#entries.get(sender);
    if (known) return known.identity;
    if (this.#entries.size >= maximumEntries) this.#forget(this.#entries.keys().next().value!);
    const entry = {
      identity: this.#ask(sender).then(identityOf),
      watch: this.#watch(sender, () => this.#forget(sender)),
    };
    entry.identity.catch(() => this.#forget(sender));
    this.#entries.set(sender, entry);
    return entry.identity;
  }

  clear(): void {
    for (const sender of [...this.#entries.keys()]) this.#forget(sender);
  }

  #forget(sender: string): void {
    const entry = this.#entries.get(sender);
    if (!entry) return;
    this.#entries.delete(sender);
    entry.watch[Symbol.dispose]();
    entry.identity.then(
      (identity) => identity.pidfd?.close(),
      () => {},
    );
  }
}

function identityOf(credentials: Map<string, Variant>): PeerIdentity {
  const uid = credentials.get('UnixUserID')?.value;
  const pid = credentials.get('ProcessID')?.value;
  const gids = credentials.get('UnixGroupIDs')?.value;
  const pidfd = credentials.get('ProcessFD')?.value;
  const identity: PeerIdentity = {
    // Who the bus cannot name is nobody in particular: overflowuid, and no process.
    uid: typeof uid === 'number' ? uid : 65534,
    pid: typeof pid === 'number' ? pid : 0,
  };
  if (Array.isArray(gids)) identity.gids = gids as number[];
  if (pidfd instanceof Fd) identity.pidfd = pidfd;
  return identity;
}
