import { MessageType } from '@switchyard/dbus';
import type { PolicyRule, PolicyRules, RuleMessageType } from '../policy/PolicyRule.js';
import type { ConfigError } from './ConfigError.js';
import { numberAtStart } from './numberAtStart.js';
import type { UserDatabase } from './UserDatabase.js';
import type { XmlElement } from './XmlElement.js';

const messageTypes: Readonly<Record<string, RuleMessageType>> = {
  method_call: MessageType.methodCall,
  method_return: MessageType.methodReturn,
  error: MessageType.error,
  signal: MessageType.signal,
};
const sendAttributes = [
  'send_interface',
  'send_member',
  'send_error',
  'send_destination',
  'send_destination_prefix',
  'send_path',
  'send_type',
  'send_broadcast',
  'send_requested_reply',
];
const receiveAttributes = [
  'receive_interface',
  'receive_member',
  'receive_error',
  'receive_sender',
  'receive_path',
  'receive_type',
  'receive_requested_reply',
];
const loneAttributes = ['own', 'own_prefix', 'user', 'group'];
const ruleAttributes = new Set([
  ...sendAttributes,
  ...receiveAttributes,
  ...loneAttributes,
  'eavesdrop',
  'min_fds',
  'max_fds',
  'log',
]);
/** More fds than a message can have. */
const anyNumberOfFds = 4096;
/** dbus-daemon's: an array has no more of them. */
const maximumFds = 33_554_432;

/** What reading a policy needs to know of where it stands. */
export type PolicyContext = {
  users: UserDatabase;
  error(element: XmlElement, what: string): ConfigError;
  warn(element: XmlElement, what: string): void;
};

/** Adds a `<policy>`'s rules where they belong. */
export function readPolicy(element: XmlElement, rules: PolicyRules, context: PolicyContext): void {
  const target = targetOf(element, rules, context);
  const everybodys = [rules.default, rules.mandatory, rules.atConsole, rules.notAtConsole];
  for (const child of element.children) {
    if (child.name !== 'allow' && child.name !== 'deny')
      throw context.error(child, `<${child.name}> is not allowed inside <policy>`);
    const rule = readRule(child, context);
    if (!rule) continue;
    const connects = rule.kind === 'user' || rule.kind === 'group';
    if (connects && target && !everybodys.includes(target))
      throw context.error(child, 'who may connect is not for one user or group to say');
    target?.push(rule);
  }
}

/** undefined: for a user or group that this machine does not have. */
function targetOf(
  element: XmlElement,
  rules: PolicyRules,
  { users, error, warn }: PolicyContext,
): PolicyRule[] | undefined {
  const [first, ...more] = element.attributes;
  if (!first || more.length > 0)
    throw error(element, '<policy> needs one of context, user, group, at_console');
  const [attribute, value] = first;
  const bad = (): never => {
    throw error(element, `${attribute}="${value}" is not possible on <policy>`);
  };
  switch (attribute) {
    case 'context':
      return value === 'default' ? rules.default : value === 'mandatory' ? rules.mandatory : bad();
    case 'at_console':
      return value === 'true' ? rules.atConsole : value === 'false' ? rules.notAtConsole : bad();
    case 'user':
    case 'group': {
      const id = attribute === 'user' ? users.uid(value) : users.gid(value);
      if (id === undefined) {
        warn(element, `there is no ${attribute} ${JSON.stringify(value)}: this policy is for nobody`);
        return undefined;
      }
      const all = attribute === 'user' ? rules.byUser : rules.byGroup;
      const known = all.get(id) ?? [];
      all.set(id, known);
      return known;
    }
    default:
      return bad();
  }
}

/** undefined: about a user or group that this machine does not have. */
function readRule(element: XmlElement, context: PolicyContext): PolicyRule | undefined {
  const { attributes } = element;
  const { error } = context;
  for (const name of attributes.keys())
    if (!ruleAttributes.has(name)) throw error(element, `<${element.name}> has no attribute ${name}`);
  if (attributes.size === 0) throw error(element, `<${element.name}> needs an attribute`);
  const has = (names: readonly string[]) => names.filter((name) => attributes.has(name));
  const sends = has(sendAttributes).length > 0;
  const receives = has(receiveAttributes).length > 0;
  const lone = has(loneAttributes);
  if (Number(sends) + Number(receives) + lone.length > 1)
    throw error(element, `these attributes of <${element.name}> exclude each other`);
  if (lone.length > 0) {
    if (attributes.has('eavesdrop')) throw error(element, `eavesdrop does not go with ${lone[0]}`);
    return loneRule(element, lone[0]!, context);
  }
  if (sends) return sendRule(element, context);
  if (receives || attributes.has('eavesdrop')) return receiveRule(element, context);
  throw error(element, `<${element.name}> needs an attribute that says what it is about`);
}

function loneRule(element: XmlElement, name: string, context: PolicyContext): PolicyRule | undefined {
  const allow = element.name === 'allow';
  const value = element.attributes.get(name)!;
  if (name === 'own' || name === 'own_prefix')
    return {
      kind: 'own',
      allow,
      name: value === '*' && name === 'own' ? undefined : value,
      isPrefix: name === 'own_prefix',
    };
  const kind = name as 'user' | 'group';
  if (value === '*') return { kind, allow, id: undefined };
  const id = kind === 'user' ? context.users.uid(value) : context.users.gid(value);
  if (id !== undefined) return { kind, allow, id };
  context.warn(element, `there is no ${kind} ${JSON.stringify(value)}: this rule is about nobody`);
  return undefined;
}

function messageParts(element: XmlElement, side: 'send' | 'receive', context: PolicyContext) {
  const { attributes } = element;
  const { error } = context;
  const allow = element.name === 'allow';
  const pattern = (name: string) => {
    const value = attributes.get(`${side}_${name}`);
    return value === '*' ? undefined : value;
  };
  const named = (name: string) => attributes.has(`${side}_${name}`);
  if (named('member') && !named('interface') && !named('path'))
    throw error(element, `${side}_member needs ${side}_interface or ${side}_path`);
  if (named('error') && (named('interface') || named('member')))
    throw error(element, `${side}_error does not go with ${side}_interface or ${side}_member`);
  const type = pattern('type');
  if (type !== undefined && !Object.hasOwn(messageTypes, type))
    throw error(element, `there is no message type ${JSON.stringify(type)}`);
  return {
    allow,
    type: type === undefined ? undefined : messageTypes[type],
    interface: pattern('interface'),
    member: pattern('member'),
    error: pattern('error'),
    path: pattern('path'),
    // An allow is about owed replies unless it says otherwise, a deny about those that are not.
    requestedReply: truth(element, `${side}_requested_reply`, context) ?? allow,
    eavesdrop: truth(element, 'eavesdrop', context) ?? false,
    minFds: count(element, 'min_fds', context) ?? 0,
    maxFds: count(element, 'max_fds', context) ?? anyNumberOfFds,
  };
}

function sendRule(element: XmlElement, context: PolicyContext): PolicyRule {
  const { attributes } = element;
  const destination = attributes.get('send_destination');
  const prefix = attributes.get('send_destination_prefix');
  const broadcast = truth(element, 'send_broadcast', context);
  if (destination !== undefined && prefix !== undefined)
    throw context.error(element, 'send_destination and send_destination_prefix exclude each other');
  const named = prefix ?? (destination === '*' ? undefined : destination);
  if (broadcast && destination !== undefined && destination !== '*')
    throw context.error(element, 'send_broadcast="true" and a destination exclude each other');
  return {
    kind: 'send',
    ...messageParts(element, 'send', context),
    destination: named,
    destinationIsPrefix: prefix !== undefined,
    broadcast,
    // dbus-daemon takes any other word for "false".
    log: attributes.get('log') === 'true',
  };
}

function receiveRule(element: XmlElement, context: PolicyContext): PolicyRule {
  const sender = element.attributes.get('receive_sender');
  return {
    kind: 'receive',
    ...messageParts(element, 'receive', context),
    sender: sender === '*' ? undefined : sender,
  };
}

function truth(element: XmlElement, name: string, { error }: PolicyContext): boolean | undefined {
  const value = element.attributes.get(name);
  if (value === undefined) return undefined;
  if (value !== 'true' && value !== 'false')
    throw error(element, `${name}="${value}" is neither true nor false`);
  return value === 'true';
}

function count(element: XmlElement, name: string, { error }: PolicyContext): number | undefined {
  const value = element.attributes.get(name);
  if (value === undefined) return undefined;
  const number = numberAtStart(value);
  if (number === undefined || number > maximumFds)
    throw error(element, `${name}="${value}" is not a number from 0 to ${maximumFds}`);
  return number;
}
