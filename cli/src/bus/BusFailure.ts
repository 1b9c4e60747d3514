import { DBusError, ErrorName, ProtocolError } from '@switchyard/dbus';
import { exitCode, Failure } from '../Failure.js';

type Advice = { what(call: Call): string; code?: number };
type Call = NonNullable<DBusError['call']>;

const method = ({ interface: name, member }: Call) => `${name}.${member}`;

/** What a person may do about an error that a bus or a peer answered. */
const advice: Readonly<Record<string, Advice>> = {
  [ErrorName.serviceUnknown]: { what: () => 'yard bus ls shows who is there', code: exitCode.notFound },
  [ErrorName.nameHasNoOwner]: { what: () => 'yard bus ls shows who is there', code: exitCode.notFound },
  [ErrorName.unknownObject]: {
    what: ({ destination }) => `yard bus tree ${destination} shows its objects`,
    code: exitCode.notFound,
  },
  [ErrorName.unknownInterface]: {
    what: ({ destination, path }) => `yard bus introspect ${destination} ${path} shows what it has`,
    code: exitCode.notFound,
  },
  [ErrorName.unknownMethod]: {
    what: ({ destination, path }) => `yard bus introspect ${destination} ${path} shows what it has`,
    code: exitCode.notFound,
  },
  [ErrorName.unknownProperty]: {
    what: ({ destination, path }) => `yard bus introspect ${destination} ${path} shows what it has`,
    code: exitCode.notFound,
  },
  [ErrorName.noReply]: { what: () => 'it may be busy, or stopped; --timeout SECONDS waits longer' },
  [ErrorName.invalidArgs]: {
    what: ({ destination, path }) => `yard bus introspect ${destination} ${path} shows what it takes`,
  },
  [ErrorName.matchRuleInvalid]: {
    what: () => "such as type='signal',member='Blinked'",
    code: exitCode.usage,
  },
  [ErrorName.accessDenied]: { what: () => 'it is for others: its owner or root may be allowed' },
  [ErrorName.propertyReadOnly]: { what: () => 'it is only to be read' },
};

/** A peer's error as a command ends with it: what was asked of whom, what came of it, what to do. Others stay as they are. */
export function explained(error: unknown): unknown {
  if (error instanceof ProtocolError)
    return new Failure(`what came is no valid D-Bus data: ${harmless(error.message)}`);
  if (!(error instanceof DBusError)) return error;
  const { call } = error;
  const message = harmless(error.message);
  const short = error.name.replace(/^org\.freedesktop\.DBus\.Error\./, '');
  const known = advice[error.name];
  if (!call) return new Failure(`${short}: ${message}`, known?.code);
  const what = `${method(call)} of ${call.destination} ${call.path}`;
  const text = message === '' ? short : `${short}: ${message}`;
  return new Failure(`${what}: ${text}${known ? `; ${known.what(call)}` : ''}`, known?.code);
}

/** A peer's words in one line, without what a terminal would obey. */
function harmless(text: string): string {
  return text.replaceAll(/\s*[\r\n]+\s*/g, ' ').replaceAll(/\p{Cc}/gu, '�');
}
