import type { Fd } from '@switchyard/sys';
import type { Message } from './Message.js';

/** Sets of capabilities(7), as bits. */
export type Capabilities = { inheritable: bigint; permitted: bigint; effective: bigint; bounding: bigint };

/**
 * What the kernel and the bus know of the process that sent a message, when it sent it: as far as it was asked for
 * (ExtensionOptions.metadata) and could be known. Nothing of it is the sender's own word but `description`, and what a process
 * may say of itself: `comm`, `exe` (by what it runs), `commandLine`.
 */
export class MessageMetadata implements Disposable {
  /** One number for each message of the bus, the same for all its receivers, growing. */
  readonly sequence: bigint | undefined;
  /** CLOCK_MONOTONIC and CLOCK_REALTIME when the bus took it, in nanoseconds. */
  readonly monotonic: bigint | undefined;
  readonly realtime: bigint | undefined;
  readonly uid: number | undefined;
  readonly gid: number | undefined;
  readonly pid: number | undefined;
  /** The sender's pidfd; it belongs to this object, which closes it when disposed: `dup()` it to keep it. */
  readonly pidfd: Fd | undefined;
  /** Supplementary groups; when the sender is the process that connected. */
  readonly groups: number[] | undefined;
  readonly comm: string | undefined;
  readonly exe: string | undefined;
  readonly commandLine: string[] | undefined;
  readonly controlGroup: string | undefined;
  /** Of the kernel's security module, without the NUL at its end. */
  readonly label: string | undefined;
  /** The well-known names that the connection owned when the message was sent. */
  readonly ownedNames: string[] | undefined;
  readonly capabilities: Capabilities | undefined;
  readonly auditSession: number | undefined;
  readonly auditLoginUser: number | undefined;
  readonly description: string | undefined;

  /** Of a message that is being handled; undefined when nothing came with it. */
  static of(message: Message): MessageMetadata | undefined {
    return message.hasMetadata ? new MessageMetadata(message) : undefined;
  }

  private constructor(message: Message) {
    const values = message.metadata!;
    const get = <Value>(name: string) => values.get(name)?.value as Value | undefined;
    this.sequence = get('Sequence');
    this.monotonic = get('Monotonic');
    this.realtime = get('Realtime');
    this.uid = get('UnixUserID');
    this.gid = get('UnixGroupID');
    this.pid = get('ProcessID');
    this.pidfd = get('ProcessFD');
    this.groups = get('UnixGroupIDs');
    this.comm = get('Comm');
    this.exe = get('Exe');
    this.commandLine = get('CommandLine');
    this.controlGroup = get('ControlGroup');
    const label = get<Uint8Array>('LinuxSecurityLabel');
    this.label = label && Buffer.from(label).toString('utf8').replace(/\0$/, '');
    this.ownedNames = get('OwnedNames');
    const sets = get<[bigint, bigint, bigint, bigint]>('Capabilities');
    this.capabilities = sets && {
      inheritable: sets[0],
      permitted: sets[1],
      effective: sets[2],
      bounding: sets[3],
    };
    this.auditSession = get('AuditSession');
    this.auditLoginUser = get('AuditLoginUser');
    this.description = get('Description');
  }

  [Symbol.dispose](): void {
    this.pidfd?.close();
  }
}
