import { DBusError, ErrorName } from './DBusError.js';
import { MessageType } from './Frame.js';
import { isBusName, isInterfaceName, isMemberName, isNamespace, isObjectPath } from './Names.js';

/** In bytes; longer rules are refused, as dbus-daemon and dbus-broker do. */
const maximumRuleLength = 1024;
/** Specification: arg0 … arg63. */
const maximumArgument = 63;

export type MatchType = 'signal' | 'method_call' | 'method_return' | 'error';

/** Which messages a connection wants: every key that is there must hold. */
export type MatchRule = {
  type?: MatchType;
  /** A unique name, or a well-known one: then its owner at the time of the message. */
  sender?: string;
  interface?: string;
  member?: string;
  path?: string;
  /** This path and all below it. */
  pathNamespace?: string;
  destination?: string;
  /** The n-th argument is this string. */
  args?: ReadonlyMap<number, string>;
  /** The n-th argument, a string or a path, is this, or one of the two ends in '/' and begins the other. */
  argPaths?: ReadonlyMap<number, string>;
  /** The first argument is this name, or this and a '.' begin it. */
  arg0Namespace?: string;
  /** Taken and ignored, as in dbus-broker: watching others' messages is for monitors. */
  eavesdrop?: boolean;
};

/** A message as far as rules look at it. `argument` is asked for only if all else fits: it decodes the body. */
export interface MatchSubject {
  readonly type: number;
  readonly interface: string | undefined;
  readonly member: string | undefined;
  readonly path: string | undefined;
  /** Whether `name`, unique or well-known, is the sender's. */
  isFrom(name: string): boolean;
  /** Whether `name`, unique or well-known, is the receiver's. */
  isFor(name: string): boolean;
  /** The n-th argument if it is a string or an object path. */
  argument(n: number): { value: string; isPath: boolean } | undefined;
}

const messageTypes: Readonly<Record<MatchType, number>> = {
  signal: MessageType.signal,
  method_call: MessageType.methodCall,
  method_return: MessageType.methodReturn,
  error: MessageType.error,
};

export function ruleMatches(rule: MatchRule, subject: MatchSubject): boolean {
  if (rule.type !== undefined && messageTypes[rule.type] !== subject.type) return false;
  if (rule.interface !== undefined && rule.interface !== subject.interface) return false;
  if (rule.member !== undefined && rule.member !== subject.member) return false;
  if (rule.path !== undefined && rule.path !== subject.path) return false;
  if (rule.pathNamespace !== undefined && !isAtOrBelow(subject.path, rule.pathNamespace)) return false;
  if (rule.destination !== undefined && !subject.isFor(rule.destination)) return false;
  if (rule.sender !== undefined && !subject.isFrom(rule.sender)) return false;
  if (rule.args)
    for (const [n, wanted] of rule.args) {
      const argument = subject.argument(n);
      if (!argument || argument.isPath || argument.value !== wanted) return false;
    }
  if (rule.argPaths)
    for (const [n, wanted] of rule.argPaths) if (!pathsMeet(subject.argument(n)?.value, wanted)) return false;
  if (rule.arg0Namespace !== undefined) {
    const argument = subject.argument(0);
    if (!argument || argument.isPath || !isInNamespace(argument.value, rule.arg0Namespace)) return false;
  }
  return true;
}

function isAtOrBelow(path: string | undefined, root: string): boolean {
  if (path === undefined) return false;
  return root === '/' || path === root || (path.startsWith(root) && path[root.length] === '/');
}

function pathsMeet(value: string | undefined, wanted: string): boolean {
  if (value === undefined) return false;
  return (
    value === wanted ||
    (wanted.endsWith('/') && value.startsWith(wanted)) ||
    (value.endsWith('/') && wanted.startsWith(value))
  );
}

function isInNamespace(value: string, namespace: string): boolean {
  return value === namespace || (value.startsWith(namespace) && value[namespace.length] === '.');
}

/** Reads a rule as AddMatch takes it. Throws DBusError MatchRuleInvalid, or LimitsExceeded. */
export function parseMatchRule(text: string): MatchRule {
  if (Buffer.byteLength(text) > maximumRuleLength)
    throw new DBusError(
      ErrorName.limitsExceeded,
      `Match rule text is longer than ${maximumRuleLength} bytes: ${text.slice(0, 40)}…`,
    );
  const pairs = splitRule(text);
  const rule: MatchRule = {};
  const args = new Map<number, string>();
  const argPaths = new Map<number, string>();
  const seen = new Set<string>();
  for (const [key, value] of pairs) {
    if (seen.has(key) && key !== 'eavesdrop') throw invalid(`the key ${key} is there twice`, text);
    seen.add(key);
    takePair(rule, args, argPaths, key, value, text);
  }
  if (rule.path !== undefined && rule.pathNamespace !== undefined)
    throw invalid('path and path_namespace exclude each other', text);
  for (const n of argPaths.keys())
    if (args.has(n)) throw invalid(`arg${n} and arg${n}path exclude each other`, text);
  if (rule.arg0Namespace !== undefined && (args.has(0) || argPaths.has(0)))
    throw invalid('arg0namespace excludes arg0 and arg0path', text);
  if (args.size > 0) rule.args = args;
  if (argPaths.size > 0) rule.argPaths = argPaths;
  return rule;
}

function takePair(
  rule: MatchRule,
  args: Map<number, string>,
  argPaths: Map<number, string>,
  key: string,
  value: string,
  text: string,
): void {
  const require = (valid: boolean) => {
    if (!valid) throw invalid(`${key}='${value}' is not valid`, text);
  };
  switch (key) {
    case 'type':
      require(Object.hasOwn(messageTypes, value));
      rule.type = value as MatchType;
      return;
    case 'sender':
      require(isBusName(value));
      rule.sender = value;
      return;
    case 'interface':
      require(isInterfaceName(value));
      rule.interface = value;
      return;
    case 'member':
      require(isMemberName(value));
      rule.member = value;
      return;
    case 'path':
      require(isObjectPath(value));
      rule.path = value;
      return;
    case 'path_namespace':
      require(isObjectPath(value));
      rule.pathNamespace = value;
      return;
    case 'destination':
      require(isBusName(value));
      rule.destination = value;
      return;
    case 'arg0namespace':
      require(isNamespace(value));
      rule.arg0Namespace = value;
      return;
    case 'eavesdrop':
      require(value === 'true' || value === 'false');
      rule.eavesdrop = value === 'true';
      return;
  }
  const argument = /^arg(0|[1-9][0-9]?)(path)?$/.exec(key);
  const n = Number(argument?.[1]);
  if (!argument || n > maximumArgument) throw invalid(`no such key: ${key}`, text);
  (argument[2] ? argPaths : args).set(n, value);
}

/**
 * `key=value` pairs between commas. Within '…' everything stands for itself; outside, \' is an apostrophe
 * and every other backslash itself (specification, "Match Rules"), and what follows it does not end anything.
 */
function splitRule(text: string): [string, string][] {
  const pairs: [string, string][] = [];
  let at = 0;
  while (at < text.length) {
    while (text[at] === ' ' || text[at] === '\t' || text[at] === '\n' || text[at] === '\r') at++;
    if (at >= text.length) break;
    const equals = text.indexOf('=', at);
    if (equals <= at) throw invalid('no key=value', text);
    const key = text.slice(at, equals).trim();
    let value = '';
    let quoted = false;
    for (at = equals + 1; at < text.length; at++) {
      const c = text[at]!;
      if (c === "'") quoted = !quoted;
      else if (quoted) value += c;
      else if (c === ',') break;
      else if (c === '\\') {
        const next = text[++at] ?? '';
        value += next === "'" ? next : c + next;
      } else value += c;
    }
    if (quoted) throw invalid('a quotation does not end', text);
    at++;
    pairs.push([key, value]);
  }
  return pairs;
}

/** A rule's one spelling, dbus-daemon's: equal rules give equal texts whatever order their keys came in. */
export function formatMatchRule(rule: MatchRule): string {
  const pairs: string[] = [];
  const add = (key: string, value: string | undefined) => {
    if (value !== undefined) pairs.push(`${key}='${value.replaceAll("'", "'\\''")}'`);
  };
  add('type', rule.type);
  add('interface', rule.interface);
  add('member', rule.member);
  add('path', rule.path);
  add('path_namespace', rule.pathNamespace);
  add('sender', rule.sender);
  add('destination', rule.destination);
  if (rule.eavesdrop) add('eavesdrop', 'true');
  add('arg0namespace', rule.arg0Namespace);
  // An argument is there once, as itself or as a path.
  const numbers = [...(rule.args?.keys() ?? []), ...(rule.argPaths?.keys() ?? [])].sort((a, b) => a - b);
  for (const n of numbers) {
    add(`arg${n}`, rule.args?.get(n));
    add(`arg${n}path`, rule.argPaths?.get(n));
  }
  return pairs.join(',');
}

function invalid(what: string, text: string): DBusError {
  return new DBusError(ErrorName.matchRuleInvalid, `Match rule ${JSON.stringify(text)}: ${what}`);
}
