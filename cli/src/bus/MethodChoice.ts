import {
  type CallOptions,
  type Connection,
  DBusError,
  type InterfaceDescription,
  isInterfaceName,
  isMemberName,
  isValidSignature,
  parseSignature,
  type Proxy as RemoteObject,
} from '@switchyard/dbus';
import { exitCode, Failure } from '../Failure.js';
import { valuesOfWords } from './ArgumentWords.js';
import { explained } from './BusFailure.js';

/** What a command is to call, and with what. */
export type ChosenCall = { interface: string; member: string; signature: string; body: unknown[] };

type Found = {
  interface: string;
  member: string;
  method: NonNullable<InterfaceDescription['methods']>[string] | undefined;
  rest: string[];
};

/**
 * Reads `INTERFACE METHOD …`, `INTERFACE.METHOD …` or `METHOD …` and the arguments behind it; what is left open is asked of the
 * object (introspection): the interface, and the signature, which may also stand before the arguments as busctl wants it.
 */
export async function chosenCall(
  bus: Connection,
  destination: string,
  path: string,
  words: readonly string[],
  given: string | undefined,
  options: CallOptions = {},
): Promise<ChosenCall> {
  const { interfaces, failure } = await interfacesOf(bus.proxy(destination, path, options));
  const found = findMethod(interfaces, words) ?? spelledOut(words);
  if (!found) throw notFound(interfaces, failure, { destination, path, words });
  const { interface: name, member, method, rest } = found;
  if (given !== undefined) {
    if (!isValidSignature(given)) throw new Failure(`not a signature: ${given}`, exitCode.usage);
    return { interface: name, member, signature: given, body: valuesOfWords(given, rest) };
  }
  if (method) {
    const signature = method.in ?? '';
    const named = method.inNames ?? [];
    // As busctl: the signature first. If that does not fit, it is a value that looks like one.
    const values =
      rest[0] === signature && rest.length > 0 && signature !== ''
        ? attempt(() => valuesOfWords(signature, rest.slice(1), named))
        : undefined;
    return { interface: name, member, signature, body: values ?? valuesOfWords(signature, rest, named) };
  }
  const [signature = '', ...values] = rest;
  if (!isValidSignature(signature))
    throw new Failure(
      `${path} does not tell what ${name}.${member} takes (no introspection): put the signature before the arguments, or --signature`,
      exitCode.usage,
    );
  return { interface: name, member, signature, body: valuesOfWords(signature, values) };
}

function attempt<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}

async function interfacesOf(
  object: RemoteObject,
): Promise<{ interfaces: InterfaceDescription[]; failure: unknown }> {
  try {
    return { interfaces: (await object.introspect()).interfaces, failure: undefined };
  } catch (error) {
    // Who is not there cannot be called either; who only does not introspect can.
    if (error instanceof DBusError && /\.(ServiceUnknown|NameHasNoOwner)$/.test(error.name))
      throw explained(error);
    return { interfaces: [], failure: error };
  }
}

function findMethod(
  interfaces: readonly InterfaceDescription[],
  words: readonly string[],
): Found | undefined {
  const [first = '', second = '', ...others] = words;
  const methodOf = (name: string, member: string) => {
    const methods = interfaces.find((one) => one.name === name)?.methods;
    return methods && Object.hasOwn(methods, member) ? methods[member] : undefined;
  };
  const separate = methodOf(first, second);
  if (separate) return { interface: first, member: second, method: separate, rest: others };
  const dot = first.lastIndexOf('.');
  const [name, member] = [first.slice(0, Math.max(dot, 0)), first.slice(dot + 1)];
  const joined = methodOf(name, member);
  if (joined) return { interface: name, member, method: joined, rest: words.slice(1) };
  if (dot >= 0) return undefined;
  const having = interfaces.filter((one) => methodOf(one.name, first));
  if (having.length > 1)
    throw new Failure(
      `several interfaces have a method ${first}: ${having.map((one) => `${one.name}.${first}`).join(', ')}; say which`,
      exitCode.usage,
    );
  const only = having[0];
  return (
    only && { interface: only.name, member: first, method: methodOf(only.name, first), rest: words.slice(1) }
  );
}

/** For objects that do not tell: both names have to be there. */
function spelledOut(words: readonly string[]): Found | undefined {
  const [first = '', second = '', ...others] = words;
  if (isInterfaceName(first) && isMemberName(second) && !isMemberOnly(first))
    return { interface: first, member: second, method: undefined, rest: others };
  const dot = first.lastIndexOf('.');
  const [name, member] = [first.slice(0, Math.max(dot, 0)), first.slice(dot + 1)];
  if (isInterfaceName(name) && isMemberName(member))
    return { interface: name, member, method: undefined, rest: words.slice(1) };
  return undefined;
}

function isMemberOnly(word: string): boolean {
  return !word.includes('.');
}

function notFound(
  interfaces: readonly InterfaceDescription[],
  failure: unknown,
  { destination, path, words }: { destination: string; path: string; words: readonly string[] },
): unknown {
  if (failure !== undefined && interfaces.length === 0 && failure instanceof DBusError)
    return explained(failure);
  const wanted = words[0];
  const all = interfaces.flatMap((one) =>
    Object.keys(one.methods ?? {}).map((member) => `${one.name}.${member}`),
  );
  const last = (wanted ?? '').split('.').at(-1)!.toLowerCase();
  const near = all.filter((one) => {
    const member = one.slice(one.lastIndexOf('.') + 1).toLowerCase();
    return member.includes(last) || (last.length > 2 && member.startsWith(last.slice(0, 2)));
  });
  return new Failure(
    `${path} of ${destination} has no method ${wanted}; ${near.length > 0 ? `did you mean ${near.slice(0, 3).join(' or ')}?` : `yard bus introspect ${destination} ${path} shows what it has`}`,
    exitCode.notFound,
  );
}

/** Signature and values of a signal, or of a method that nobody describes: `SIGNATURE ARGUMENT…`. */
export function spelledBody(words: readonly string[]): { signature: string; body: unknown[] } {
  const [signature = '', ...values] = words;
  if (!isValidSignature(signature))
    throw new Failure(`not a signature: ${JSON.stringify(signature)}; such as s, or ua{sv}`, exitCode.usage);
  parseSignature(signature);
  return { signature, body: valuesOfWords(signature, values) };
}
