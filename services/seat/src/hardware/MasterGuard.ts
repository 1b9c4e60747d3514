import type { Log } from '@switchyard/runtime';
import { SystemError } from '@switchyard/sys';
import { DrmCard } from '@switchyard/uapi/calls';
import { type CardMaster, findCardMaster } from './CardClients.js';
import type { KernelDevice } from './KernelDevice.js';

/** As many thieves as one may start at once; each attempt ends one. */
const ATTEMPTS_MAX = 64;

/** What is done about a thief: it is killed, or only loses the card until it takes it again. */
export type TheftPolicy = 'end' | 'report';

/** Somebody was master of a card when a session was to be. */
export interface Theft {
  readonly card: KernelDevice;
  readonly pid: number;
  readonly uid: number;
  readonly name: string;
  /** `ended`; `dropped`: it is no master any more; `left`: it is root's, whose business it may be. */
  readonly done: 'ended' | 'dropped' | 'left';
}

export interface MasterGuardOptions {
  readonly policy: TheftPolicy;
  /** `/sys/kernel/debug` */
  readonly debugfs: string;
  /** The process is one of a session of ours. */
  isSession(pid: number): boolean;
  stolen(theft: Theft): void;
}

/**
 * Who opens a card by himself while it has no master is its master, and may be so again whenever nobody else is: in the
 * gap between two sessions. Permissions keep strangers from opening cards; who got in all the same (by membership of
 * group video, say) is found here when a session does not become master.
 *
 * Files of ours that a session keeps from before this manager was restarted look the same. Their holder did not open them:
 * it loses the card, and nothing else.
 */
export class MasterGuard {
  readonly #options: MasterGuardOptions;
  readonly #log: Log;

  constructor(options: MasterGuardOptions, log: Log) {
    this.#options = options;
    this.#log = log;
  }

  /** Called when a session could not be made master. True: it may be now. */
  readonly usurped = (card: KernelDevice, attempt: number): boolean => {
    if (attempt > ATTEMPTS_MAX) return false;
    using master = findCardMaster(card, this.#options.debugfs);
    if (!master) return false;
    const { pid, uid, name } = master;
    const handed = master.given ?? this.#options.isSession(pid);
    const done = this.#dealWith(master, handed);
    if (handed) {
      this.#log.info({ device: card.key, pid, name }, 'a file of the manager before this one was master');
    } else {
      this.#log.error({ device: card.key, pid, uid, name, done }, `${name} (${pid}) had taken ${card.path}`);
      this.#options.stolen({ card, pid, uid, name, done });
    }
    return done !== 'left';
  };

  /** `handed`: the process did not open the file itself. */
  #dealWith(master: CardMaster, handed: boolean): Theft['done'] {
    if (master.uid === 0 && !handed) return 'left';
    const end = this.#options.policy === 'end' && !handed;
    if (end) attempt(() => master.process.signal('SIGKILL'));
    // At once, and not when the kernel has come to end the process.
    const { file } = master;
    const dropped = file !== undefined && attempt(() => new DrmCard(file).dropMaster());
    if (end) return 'ended';
    return dropped ? 'dropped' : 'left';
  }
}

/** False: it is gone meanwhile, or not ours to touch. */
function attempt(what: () => void): boolean {
  try {
    what();
    return true;
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    return false;
  }
}
