import { readFileSync } from 'node:fs';
import { Variant } from '@switchyard/dbus';
import { type Fd, Pidfd } from '@switchyard/sys';
import type { Peer } from './Peer.js';

/** GetConnectionCredentials: what the kernel said of the process that connected. What it does not say is left out. */
export function credentialsOf(peer: Peer, withFd: boolean): Map<string, Variant> {
  const credentials = new Map<string, Variant>([['UnixUserID', new Variant('u', peer.uid)]]);
  if (peer.pid > 0) credentials.set('ProcessID', new Variant('u', peer.pid));
  const groups = peer.socket.peerGroups();
  if (groups)
    credentials.set('UnixGroupIDs', new Variant('au', sortedGroups([...groups, peer.socket.peer.gid])));
  addLabel(credentials, peer.socket.peerLabel());
  if (withFd) addPidfd(credentials, peer.socket.peerPidfd());
  return credentials;
}

/** The broker's own. */
export function ownCredentials(withFd: boolean): Map<string, Variant> {
  const groups = [...(process.getgroups?.() ?? []), process.getgid?.() ?? 0];
  const credentials = new Map<string, Variant>([
    ['UnixUserID', new Variant('u', process.getuid?.() ?? 0)],
    ['ProcessID', new Variant('u', process.pid)],
    ['UnixGroupIDs', new Variant('au', sortedGroups(groups))],
  ]);
  addLabel(credentials, ownLabel());
  if (withFd) addPidfd(credentials, Pidfd.open(process.pid).fd);
  return credentials;
}

function sortedGroups(groups: number[]): number[] {
  return [...new Set(groups)].sort((a, b) => a - b);
}

/** The specification wants the label's bytes with their NUL. */
function addLabel(credentials: Map<string, Variant>, label: string | undefined): void {
  if (label) credentials.set('LinuxSecurityLabel', new Variant('ay', Buffer.from(`${label}\0`, 'utf8')));
}

function addPidfd(credentials: Map<string, Variant>, fd: Fd | undefined): void {
  if (fd) credentials.set('ProcessFD', new Variant('h', fd));
}

function ownLabel(): string | undefined {
  try {
    return readFileSync('/proc/self/attr/current', 'utf8').replace(/[\0\n]+$/, '');
  } catch {
    // A kernel without LSMs has no such file to read.
    return undefined;
  }
}
