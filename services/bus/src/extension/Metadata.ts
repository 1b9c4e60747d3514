import { readFileSync, readlinkSync } from 'node:fs';
import { DBusError, ErrorName, Variant } from '@switchyard/dbus';
import { type Fd, monotonicNow, Pidfd, SystemError } from '@switchyard/sys';
import type { Peer } from '../Peer.js';

/** What can be asked for, as bits. */
export const MetadataItem = {
  timestamp: 1,
  credentials: 2,
  pidfd: 4,
  groups: 8,
  comm: 16,
  exe: 32,
  cmdline: 64,
  cgroup: 128,
  label: 256,
  names: 512,
  capabilities: 1024,
  audit: 2048,
  description: 4096,
} as const;

const fromKernel = ~(MetadataItem.timestamp | MetadataItem.names | MetadataItem.description);
const fromProc =
  MetadataItem.comm |
  MetadataItem.exe |
  MetadataItem.cmdline |
  MetadataItem.cgroup |
  MetadataItem.capabilities |
  MetadataItem.audit;

/** Whether the kernel must tell who sent each message. */
export function wantsCredentials(items: number): boolean {
  return (items & fromKernel) !== 0;
}

/** Throws InvalidArgs for an item that there is not. */
export function metadataItems(names: readonly string[]): number {
  let items = 0;
  for (const name of names) {
    const item = (MetadataItem as Record<string, number>)[name];
    if (!item || !Object.hasOwn(MetadataItem, name))
      throw new DBusError(ErrorName.invalidArgs, `No such item of metadata: ${JSON.stringify(name)}`);
    items |= item;
  }
  return items;
}

export type Metadata = { values: Map<string, Variant>; pidfd: Fd | undefined };

/**
 * What is known of the process that sent the message which was read last from `peer`. Who it is comes with the message
 * from the kernel (SCM_CREDENTIALS), so it is the process that sent, whoever connected. The rest is read from /proc while
 * a pidfd holds the process fast; what cannot be read is left out.
 */
export function metadataOf(
  peer: Peer,
  items: number,
  context: { sequence: number; names: () => string[] },
): Metadata {
  const values = new Map<string, Variant>();
  if (items & MetadataItem.timestamp) {
    values.set('Sequence', new Variant('t', context.sequence));
    values.set('Monotonic', new Variant('t', monotonicNow()));
    values.set('Realtime', new Variant('t', BigInt(Date.now()) * 1_000_000n));
  }
  if (items & MetadataItem.names) values.set('OwnedNames', new Variant('as', context.names()));
  if (items & MetadataItem.description)
    values.set('Description', new Variant('s', peer.extension?.description ?? ''));
  const metadata: Metadata = { values, pidfd: undefined };
  if (wantsCredentials(items)) addProcess(metadata, peer, items);
  return metadata;
}

function addProcess(metadata: Metadata, peer: Peer, items: number): void {
  const { values } = metadata;
  const sender = peer.sendingProcess;
  const isConnector = sender.pid === peer.pid;
  if (items & MetadataItem.credentials) {
    values.set('UnixUserID', new Variant('u', sender.uid));
    values.set('UnixGroupID', new Variant('u', sender.gid));
    if (sender.pid > 0) values.set('ProcessID', new Variant('u', sender.pid));
  }
  if (items & MetadataItem.groups && isConnector) {
    const groups = peer.socket.peerGroups();
    if (groups) values.set('UnixGroupIDs', new Variant('au', groups));
  }
  if (items & MetadataItem.label && isConnector) {
    const label = peer.socket.peerLabel();
    if (label) values.set('LinuxSecurityLabel', new Variant('ay', Buffer.from(`${label}\0`, 'utf8')));
  }
  if (!(items & (fromProc | MetadataItem.pidfd)) || sender.pid === 0) return;
  const pidfd = isConnector ? peer.socket.peerPidfd() : openPidfd(sender.pid);
  if (!pidfd) return;
  const read = items & fromProc ? readProc(sender.pid, items) : [];
  // The pid was not another's while we read if the process still is there.
  if (isAlive(pidfd)) for (const [key, value] of read) values.set(key, value);
  if (items & MetadataItem.pidfd) metadata.pidfd = pidfd;
  else pidfd.close();
}

function openPidfd(pid: number): Fd | undefined {
  try {
    return Pidfd.open(pid).fd;
  } catch (error) {
    if (error instanceof SystemError) return undefined;
    throw error;
  }
}

function isAlive(pidfd: Fd): boolean {
  try {
    Pidfd.adopt(pidfd).signal(0);
    return true;
  } catch (error) {
    // A process of another user is alive if we may not signal it.
    return error instanceof SystemError && error.code === 'EPERM';
  }
}

function readProc(pid: number, items: number): [string, Variant][] {
  const found: [string, Variant][] = [];
  const add = (item: number, key: string, read: () => Variant | undefined) => {
    if (!(items & item)) return;
    const value = attempt(read);
    if (value) found.push([key, value]);
  };
  const text = (name: string) => readFileSync(`/proc/${pid}/${name}`, 'utf8');
  add(MetadataItem.comm, 'Comm', () => new Variant('s', text('comm').trimEnd()));
  add(MetadataItem.exe, 'Exe', () => new Variant('s', readlinkSync(`/proc/${pid}/exe`)));
  add(
    MetadataItem.cmdline,
    'CommandLine',
    () => new Variant('as', text('cmdline').replace(/\0$/, '').split('\0')),
  );
  add(MetadataItem.cgroup, 'ControlGroup', () => {
    const path = /^0::(.*)$/m.exec(text('cgroup'))?.[1];
    return path === undefined ? undefined : new Variant('s', path);
  });
  add(MetadataItem.capabilities, 'Capabilities', () => {
    const status = text('status');
    const set = (name: string) => BigInt(`0x${new RegExp(`^${name}:\\s*(\\w+)$`, 'm').exec(status)![1]}`);
    return new Variant('(tttt)', ['CapInh', 'CapPrm', 'CapEff', 'CapBnd'].map(set));
  });
  add(MetadataItem.audit, 'AuditSession', () => new Variant('u', Number(text('sessionid'))));
  add(MetadataItem.audit, 'AuditLoginUser', () => new Variant('u', Number(text('loginuid'))));
  return found;
}

/** A process that has gone, or that we may not look at, has nothing to show. */
function attempt<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
