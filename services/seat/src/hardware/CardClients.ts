import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { constants } from 'node:os';
import { type Fd, Pidfd, SystemError } from '@switchyard/sys';
import { DrmCard } from '@switchyard/uapi/calls';

/** A process that is master of a card through a file which is not ours. */
export interface CardMaster extends Disposable {
  readonly pid: number;
  readonly uid: number;
  readonly name: string;
  readonly process: Pidfd;
  /** The process has the file from somebody else; undefined where the kernel does not say who opened it. */
  readonly given: boolean | undefined;
  /** A duplicate of its file; undefined when it keeps the file without having an fd of it. */
  readonly file: Fd | undefined;
}

interface Card {
  readonly major: number;
  readonly minor: number;
  readonly path: string;
}

/** Who, but us, is master of the card: by every process's open files, else by what DRM tells in debugfs. */
export function findCardMaster(card: Card, debugfs: string): CardMaster | undefined {
  const opener = cardClients(card, debugfs).find((client) => client.master);
  for (const pid of processes()) {
    if (pid === process.pid) continue;
    const master = masterIn(pid, card, opener?.pid);
    if (master) return master;
  }
  return opener && opener.pid !== process.pid ? mappedBy(opener.pid, card) : undefined;
}

function masterIn(pid: number, card: Card, opener: number | undefined): CardMaster | undefined {
  const numbers = filesOf(pid, card);
  if (numbers.length === 0) return undefined;
  const known = openProcess(pid);
  if (!known) return undefined;
  for (const number of numbers) {
    let file: Fd | undefined;
    try {
      file = known.process.duplicate(number);
      if (owns(file)) {
        return masterOf(pid, known, file, opener === undefined ? undefined : opener !== pid);
      }
    } catch (error) {
      // Closed meanwhile, ended meanwhile, or not to be traced by us.
      if (!(error instanceof SystemError)) throw error;
    }
    file?.close();
  }
  known.process.close();
  return undefined;
}

/** Lessees of the master answer as it does, also to SET_MASTER; but they cannot lease. */
function owns(file: Fd): boolean {
  const card = new DrmCard(file);
  if (!card.isMaster()) return false;
  try {
    card.leases.create([]).fd.close();
  } catch (error) {
    if (error instanceof SystemError && error.errno === constants.errno.EINVAL) return false;
    // It cannot be told: a kernel or driver without leases has no lessees.
    if (!(error instanceof SystemError)) throw error;
  }
  return true;
}

/**
 * A file without an fd lives on in a mapping. DRM's word alone is not enough: a process that called itself like a line of
 * its list could have us take another for it.
 */
function mappedBy(pid: number, { path }: Card): CardMaster | undefined {
  const known = openProcess(pid);
  if (!known) return undefined;
  try {
    if (readFileSync(`/proc/${pid}/maps`, 'utf8').includes(` ${path}\n`))
      return masterOf(pid, known, undefined, false);
  } catch {
    // Ended meanwhile.
  }
  known.process.close();
  return undefined;
}

type Known = { process: Pidfd; uid: number; name: string };

function masterOf(pid: number, known: Known, file: Fd | undefined, given: boolean | undefined): CardMaster {
  return {
    ...known,
    pid,
    file,
    given,
    [Symbol.dispose]() {
      known.process.close();
      file?.close();
    },
  };
}

function openProcess(pid: number): Known | undefined {
  let pidfd: Pidfd | undefined;
  try {
    pidfd = Pidfd.open(pid);
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    // What was read is of the process that the pidfd is of, if that one still runs.
    pidfd.signal(0);
    const name = /^Name:\t(.*)$/m.exec(status)?.[1] ?? '';
    // Real, effective, saved, of files: whoever may become root is root.
    const uids = (/^Uid:\t(.*)$/m.exec(status)?.[1] ?? '0').split('\t').map(Number);
    return { process: pidfd, uid: uids.includes(0) ? 0 : uids[0]!, name };
  } catch {
    pidfd?.close();
    return undefined;
  }
}

function processes(): number[] {
  return readdirSync('/proc').flatMap((entry) => (/^\d+$/.test(entry) ? [Number(entry)] : []));
}

/** Numbers of the fds that a process has of the card. */
function filesOf(pid: number, { major, minor }: Card): number[] {
  const directory = `/proc/${pid}/fd`;
  let entries: string[];
  try {
    entries = readdirSync(directory);
  } catch {
    return [];
  }
  return entries.flatMap((entry) => {
    const path = `${directory}/${entry}`;
    try {
      // Sockets, pipes and the like have no path, and are most.
      if (!readlinkSync(path).startsWith('/')) return [];
      const { rdev } = statSync(path);
      return deviceMajor(rdev) === major && deviceMinor(rdev) === minor ? [Number(entry)] : [];
    } catch {
      return [];
    }
  });
}

/** dev_t as stat(2) gives it: makedev(3). */
function deviceMajor(rdev: number): number {
  return Math.floor(rdev / 256) % 4096;
}
function deviceMinor(rdev: number): number {
  return (rdev % 256) + Math.floor(rdev / 2 ** 20) * 256;
}

/** DRM's own list of open files: /sys/kernel/debug/dri/N/clients. Empty where debugfs is not mounted. */
function cardClients({ minor }: Card, debugfs: string): { pid: number; master: boolean }[] {
  try {
    return parseCardClients(readFileSync(`${debugfs}/dri/${minor}/clients`, 'utf8'));
  } catch {
    return [];
  }
}

/**
 * Columns are the command, which is whatever its process calls itself, in 20 characters, then tgid, dev, master,
 * authenticated, uid, magic, and more in later kernels.
 */
export function parseCardClients(text: string): { pid: number; master: boolean }[] {
  return [...text.matchAll(/^.{20} +(\d+) +\d+ +([yn]) +[yn] +\d+ +\d+\b.*$/gm)].map((match) => ({
    pid: Number(match[1]),
    master: match[2] === 'y',
  }));
}
