import native from '@switchyard/native';
import { check, errno } from './SystemError.js';

/** PR_SET_CHILD_SUBREAPER: orphans below this process become its children, and it must reap them. */
export function setChildSubreaper(): void {
  check(native.setChildSubreaper(), 'prctl(PR_SET_CHILD_SUBREAPER)', '');
}

/**
 * waitpid(pid, WNOHANG) for an adopted child: its wait status (as wait(2) has it) when it has ended, undefined while it
 * runs or when it is no child of ours. Never for children of node:child_process, which reaps its own.
 */
export function reapChild(pid: number): { status: number } | undefined {
  const reaped = native.reapChild(pid);
  if (reaped === 0 || reaped === -errno.ECHILD) return undefined;
  check(reaped, 'waitpid', `${pid}`);
  return { status: native.results[0]! };
}
