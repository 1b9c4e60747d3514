import { accessSync, constants, mkdirSync, readFileSync, rmdirSync } from 'node:fs';
import { join, posix } from 'node:path';
import type { Log } from '@switchyard/runtime';
import type { Session } from './Session.js';
import { childGroups, SessionScope } from './SessionScope.js';

/**
 * Control groups of sessions, named as systemd names them, so that libsystemd finds a process's session by its
 * /proc/PID/cgroup:
 *
 *   ROOT/user.slice/user-UID.slice/session-ID.scope
 *
 * A process stays in its session's, whatever it forks, detaches and renames: who is asked "whose is this process?" needs
 * no ancestry, and killing all of a session misses none.
 */
export class CgroupTree {
  readonly #root: string;
  /** What stands before user.slice in /proc/PID/cgroup. */
  readonly #prefix: string;
  readonly #log: Log;

  private constructor(root: string, prefix: string, log: Log) {
    this.#root = root;
    this.#prefix = prefix;
    this.#log = log;
  }

  /** Where cgroup2 is mounted; also where version 1 has the controllers. */
  static mountPoint(): string | undefined {
    return cgroup2Mounts()[0]?.point;
  }

  /** Undefined, and said in the log, when no groups can be made there. */
  static open(root: string, log: Log): CgroupTree | undefined {
    const mount = cgroup2Mounts().find(({ point }) => root === point || root.startsWith(`${point}/`));
    if (!mount) {
      log.warn(`no control groups for sessions: ${root} is in no cgroup2 file system`);
      return undefined;
    }
    try {
      mkdirSync(join(root, 'user.slice'), { recursive: true, mode: 0o755 });
      accessSync(join(root, 'user.slice'), constants.W_OK);
    } catch (error) {
      log.warn(`no control groups for sessions: ${(error as Error).message}`);
      return undefined;
    }
    const prefix = posix.join(mount.root, root.slice(mount.point.length));
    return new CgroupTree(root, prefix === '/' ? '' : prefix, log);
  }

  /** The session's own group, with its leader in it; also one that is there from before our restart. */
  enter(session: Session): SessionScope | undefined {
    const path = join(this.#slice(session.uid), `session-${session.id}.scope`);
    try {
      mkdirSync(path, { recursive: true, mode: 0o755 });
      const scope = new SessionScope(path);
      scope.adopt(session.leader.pid);
      return scope;
    } catch (error) {
      // A leader that ends just now, most of all. The session is none the worse for it.
      this.#log.warn({ session: session.id }, `no control group: ${(error as Error).message}`);
      this.#prune(path);
      return undefined;
    }
  }

  /** The id of the session in whose group a process is. */
  sessionOf(pid: number): string | undefined {
    let text: string;
    try {
      text = readFileSync(`/proc/${pid}/cgroup`, 'utf8');
    } catch {
      return undefined;
    }
    const path = /^0::(.*)$/m.exec(text)?.[1];
    if (!path?.startsWith(`${this.#prefix}/`)) return undefined;
    return /^\/user\.slice\/user-\d+\.slice\/session-([^/]+)\.scope(?:\/|$)/.exec(
      path.slice(this.#prefix.length),
    )?.[1];
  }

  /** The session is over. What still runs in its group goes on; the group goes when that has ended. */
  leave(scope: SessionScope): void {
    scope.onEmpty(() => {
      scope.unwatch();
      this.#prune(scope.path);
    });
  }

  /** Groups of sessions that ended while nobody looked. */
  sweep(sessions: Iterable<Session>): void {
    const kept = new Set<string>();
    for (const { scope } of sessions) if (scope) kept.add(scope.path);
    const slices = join(this.#root, 'user.slice');
    for (const slice of childGroups(slices)) {
      for (const name of childGroups(join(slices, slice))) {
        const path = join(slices, slice, name);
        if (/^session-.*\.scope$/.test(name) && !kept.has(path)) this.leave(new SessionScope(path));
      }
    }
  }

  #slice(uid: number): string {
    return join(this.#root, 'user.slice', `user-${uid}.slice`);
  }

  /** With its own children, and its user's slice when it was the last. A group with processes stays (EBUSY). */
  #prune(path: string): void {
    const remove = (at: string) => {
      for (const name of childGroups(at)) remove(join(at, name));
      rmdirSync(at);
    };
    try {
      remove(path);
      rmdirSync(join(path, '..'));
    } catch {
      // Somebody is there.
    }
  }
}

/** By /proc/self/mountinfo, proc(5): the fourth column is the root of the mount, the fifth where it is. */
function cgroup2Mounts(): { root: string; point: string }[] {
  let text: string;
  try {
    text = readFileSync('/proc/self/mountinfo', 'utf8');
  } catch {
    return [];
  }
  return text.split('\n').flatMap((line) => {
    const [before, after] = line.split(' - ');
    const [, , , root, point] = before?.split(' ') ?? [];
    return after?.startsWith('cgroup2 ') && root && point ? [{ root, point }] : [];
  });
}
