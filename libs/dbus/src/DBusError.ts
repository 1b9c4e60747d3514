import { SystemError } from '@switchyard/sys';

/** Error names that the specification and the reference implementations define. */
export const ErrorName = {
  failed: 'org.freedesktop.DBus.Error.Failed',
  noMemory: 'org.freedesktop.DBus.Error.NoMemory',
  serviceUnknown: 'org.freedesktop.DBus.Error.ServiceUnknown',
  nameHasNoOwner: 'org.freedesktop.DBus.Error.NameHasNoOwner',
  noReply: 'org.freedesktop.DBus.Error.NoReply',
  ioError: 'org.freedesktop.DBus.Error.IOError',
  badAddress: 'org.freedesktop.DBus.Error.BadAddress',
  notSupported: 'org.freedesktop.DBus.Error.NotSupported',
  limitsExceeded: 'org.freedesktop.DBus.Error.LimitsExceeded',
  accessDenied: 'org.freedesktop.DBus.Error.AccessDenied',
  authFailed: 'org.freedesktop.DBus.Error.AuthFailed',
  timeout: 'org.freedesktop.DBus.Error.Timeout',
  addressInUse: 'org.freedesktop.DBus.Error.AddressInUse',
  disconnected: 'org.freedesktop.DBus.Error.Disconnected',
  invalidArgs: 'org.freedesktop.DBus.Error.InvalidArgs',
  fileNotFound: 'org.freedesktop.DBus.Error.FileNotFound',
  fileExists: 'org.freedesktop.DBus.Error.FileExists',
  unknownMethod: 'org.freedesktop.DBus.Error.UnknownMethod',
  unknownObject: 'org.freedesktop.DBus.Error.UnknownObject',
  unknownInterface: 'org.freedesktop.DBus.Error.UnknownInterface',
  unknownProperty: 'org.freedesktop.DBus.Error.UnknownProperty',
  propertyReadOnly: 'org.freedesktop.DBus.Error.PropertyReadOnly',
  matchRuleNotFound: 'org.freedesktop.DBus.Error.MatchRuleNotFound',
  matchRuleInvalid: 'org.freedesktop.DBus.Error.MatchRuleInvalid',
  inconsistentMessage: 'org.freedesktop.DBus.Error.InconsistentMessage',
  unixProcessIdUnknown: 'org.freedesktop.DBus.Error.UnixProcessIdUnknown',
  seLinuxSecurityContextUnknown: 'org.freedesktop.DBus.Error.SELinuxSecurityContextUnknown',
  adtAuditDataUnknown: 'org.freedesktop.DBus.Error.AdtAuditDataUnknown',
} as const;

/** sd-bus's names for kernel errors (sd-bus-errors(3)); every other errno is System.Error.ERRNO. */
const namesByErrno: Readonly<Record<string, string>> = {
  ENOMEM: ErrorName.noMemory,
  EPERM: ErrorName.accessDenied,
  EACCES: ErrorName.accessDenied,
  EINVAL: ErrorName.invalidArgs,
  ESRCH: ErrorName.unixProcessIdUnknown,
  ENOENT: ErrorName.fileNotFound,
  EEXIST: ErrorName.fileExists,
  ETIMEDOUT: ErrorName.timeout,
  ETIME: ErrorName.timeout,
  EIO: ErrorName.ioError,
  ENETRESET: ErrorName.disconnected,
  ECONNABORTED: ErrorName.disconnected,
  ECONNRESET: ErrorName.disconnected,
  EOPNOTSUPP: ErrorName.notSupported,
  EADDRNOTAVAIL: ErrorName.badAddress,
  ENOBUFS: ErrorName.limitsExceeded,
  EADDRINUSE: ErrorName.addressInUse,
  EBADMSG: ErrorName.inconsistentMessage,
};

/** An error that travels on the bus: thrown by a method's implementation, received by its caller. */
export class DBusError extends Error {
  override readonly name: string;
  /** What was asked, of which object of whom, when this is a call's answer. */
  call:
    | {
        readonly destination: string;
        readonly path: string;
        readonly interface: string;
        readonly member: string;
      }
    | undefined;

  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }

  /** One line for a log or a person: what was asked of whom, and what came of it. */
  get description(): string {
    const what =
      this.call &&
      `${this.call.interface}.${this.call.member} of ${this.call.path} at ${this.call.destination}: `;
    return `${what ?? ''}${this.name}${this.message ? `: ${this.message}` : ''}`;
  }

  /** What a caller is told when an implementation threw `thrown`. */
  static from(thrown: unknown): DBusError {
    if (thrown instanceof DBusError) return thrown;
    if (thrown instanceof SystemError)
      return new DBusError(namesByErrno[thrown.code] ?? `System.Error.${thrown.code}`, thrown.message);
    return new DBusError(ErrorName.failed, thrown instanceof Error ? thrown.message : String(thrown));
  }
}

/** Bytes that are no D-Bus: the peer that sent them is disconnected. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
}
