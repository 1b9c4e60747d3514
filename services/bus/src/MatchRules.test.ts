import { MessageType } from '@switchyard/dbus';
import { driver, RawClient, ReferenceBus } from '@switchyard/dbus/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Broker } from './testing/Broker.js';

let buses: { reference: ReferenceBus; broker: Broker };
let clients: { reference: RawClient; ours: RawClient };

beforeAll(async () => {
  const [reference, broker] = await Promise.all([ReferenceBus.start(), Broker.start()]);
  buses = { reference, broker };
  clients = {
    reference: await RawClient.connect(reference.address),
    ours: await RawClient.connect(broker.address),
  };
  await clients.reference.hello();
  await clients.ours.hello();
});
afterAll(async () => {
  clients.reference[Symbol.dispose]();
  clients.ours[Symbol.dispose]();
  await Promise.all([buses.reference.stop(), buses.broker.stop()]);
});

/** The rule as the bus understood it, or the error. */
async function understood(client: RawClient, rule: string): Promise<string> {
  const added = await client.ask('AddMatch', 's', rule);
  if (added?.errorName) return added.errorName;
  const all = await client.replyTo(
    client.send({
      type: MessageType.methodCall,
      ...driver,
      interface: 'org.freedesktop.DBus.Debug.Stats',
      member: 'GetAllMatchRules',
    }),
  );
  const [rules] = all!.body as [Map<string, string[]>];
  await client.ask('RemoveMatch', 's', rule);
  return `is ${rules.get(client.uniqueName)![0]}`;
}

async function bothUnderstand(rule: string): Promise<void> {
  const reference = await understood(clients.reference, rule);
  expect(await understood(clients.ours, rule), rule).toBe(reference);
}

describe('a match rule means what it means to dbus-daemon', () => {
  it.each([
    '',
    '  ',
    "destination=':1.5',arg3path='/a/',arg1='x',eavesdrop='true',sender='org.x.Y',path='/p',member='M',interface='a.b',type='signal'",
    "arg0namespace='a.b',path_namespace='/x',eavesdrop='false'",
    "path='/',arg2path='/x',arg1='y',arg0namespace='q'",
    "arg0='it',arg10='b',arg2='c'",
    "arg0='a'\\''b'",
    "arg0='a,b',arg1=it\\'s",
    "arg0=it\\\\'s",
    'arg0=a\\,b',
    'arg0=a\\',
    "arg0='x'y'z'",
    "arg0='a' ,arg1='b'",
    "type='signal',  ",
    "\ttype='signal',\narg0='x'",
    'type = signal',
    'type =signal',
    "sender=':'",
    "sender=':1'",
    "sender=':.a'",
    "sender=':a.'",
    "sender=':a..b'",
    "arg0namespace=':1.5'",
    "arg0namespace='-a'",
    "arg0namespace='a.b.'",
    "arg0namespace=''",
    "arg1namespace='a'",
    "arg64='x'",
    "arg63path='x'",
    "arg0='é'",
    "eavesdrop='true',eavesdrop='false'",
    "eavesdrop='TRUE'",
    "arg1='x',arg1='x'",
    "arg0='x',arg0path='/x'",
    "arg0='x',arg0namespace='x'",
    "path='/x',path_namespace='/x'",
    "path='/a/'",
    "path_namespace=''",
    "member='a.b'",
    "type=''",
    'type',
    `arg0='${'x'.repeat(1017)}'`,
    `arg0='${'x'.repeat(1018)}'`,
    `arg0='${'é'.repeat(508)}'`,
    `arg0='${'é'.repeat(509)}'`,
  ])('%s', bothUnderstand);

  it('whatever it is made of', async () => {
    const key = fc.constantFrom(
      ...['type', 'sender', 'interface', 'member', 'path', 'path_namespace', 'destination', 'eavesdrop'],
      ...['arg0', 'arg0path', 'arg0namespace', 'arg1', 'arg2path', 'arg63', 'arg64', 'argument', ' path'],
    );
    const value = fc.constantFrom(
      ...["'signal'", "'error'", "'true'", "'false'", "'/'", "'/a/b'", "'/a/'", "'a.b'", "'a'", "':1.2'"],
      ...["''", "'a", "a'", "'a'b'c'", '\\', "\\'", "'\\'", ' a ', "' a '", 'a.b', '/a', "'a.b' ", '1.2'],
    );
    const pair = fc.tuple(key, value).map(([name, text]) => `${name}=${text}`);
    const separator = fc.constantFrom(',', ',', ',', ', ', ' ,', ',,');
    const rule = fc
      .array(fc.tuple(pair, separator), { maxLength: 4 })
      .map((parts) => parts.map((part) => part.join('')).join(''))
      .chain((text) => fc.constantFrom(text, text.replace(/[ ,]+$/, '')));
    await fc.assert(fc.asyncProperty(rule, bothUnderstand), { numRuns: 1500, seed: 1 });
  });
});
