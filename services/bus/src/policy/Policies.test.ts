import { MessageType } from '@switchyard/dbus';
import type { RawClient } from '@switchyard/dbus/testing';
import { createMemfd } from '@switchyard/sys';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { play, type Scene } from '../testing/Dialogue.js';
import { referenceDaemon, YardBusd } from '../testing/YardBusd.js';

const { methodCall, methodReturn, error, signal } = MessageType;

const optional = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined, freq: 2 });
const attribute = (name: string, ...values: string[]) =>
  optional(fc.constantFrom(...values)).map((value) => (value === undefined ? '' : ` ${name}="${value}"`));
const truth = ['true', 'false'];
const types = ['method_call', 'method_return', 'error', 'signal', '*'];
const rule = fc
  .oneof(
    fc.tuple(
      fc.constant(' send_type="*"'),
      attribute('send_interface', 'org.x.I', 'org.x.J', '*'),
      attribute('send_path', '/p', '/q', '*'),
      attribute('send_destination', 'org.x.A', 'org.x.B', '*'),
      attribute('send_requested_reply', ...truth),
      attribute('eavesdrop', ...truth),
      attribute('min_fds', '1'),
    ),
    fc.tuple(
      attribute('send_destination_prefix', 'org.x', 'org.x.B'),
      attribute('send_broadcast', ...truth),
      fc.constantFrom(...types).map((type) => ` send_type="${type}"`),
      attribute('max_fds', '0'),
    ),
    fc
      .constantFrom(
        ' send_error="org.x.Error"',
        ' send_error="*"',
        ' send_member="M" send_interface="org.x.I"',
      )
      .map((text) => [text]),
    fc.tuple(
      fc.constantFrom(...types).map((type) => ` receive_type="${type}"`),
      attribute('receive_interface', 'org.x.I', 'org.x.J', '*'),
      attribute('receive_path', '/p', '/q'),
      attribute('receive_sender', 'org.x.A', 'org.x.B', '*'),
      attribute('receive_requested_reply', ...truth),
      attribute('eavesdrop', ...truth),
      attribute('min_fds', '1'),
    ),
    fc
      .constantFrom(' receive_error="org.x.Error"', ' receive_member="M" receive_interface="org.x.I"')
      .map((text) => [text]),
    fc
      .constantFrom(
        ' own="org.x.A"',
        ' own="org.x.B"',
        ' own="*"',
        ' own_prefix="org.x"',
        ' own_prefix="org"',
      )
      .map((text) => [text]),
  )
  .map((parts) => parts.join(''))
  .chain((attributes) => fc.constantFrom(`<allow${attributes}/>`, `<deny${attributes}/>`));
const context = fc.constantFrom('context="default"', 'user="root"', 'group="root"', 'context="mandatory"');
const section = fc
  .tuple(context, fc.array(rule, { minLength: 1, maxLength: 5 }))
  .map(([name, rules]) => `<policy ${name}>${rules.join('')}</policy>`);
/** Something that lets most things pass, then what it is about, then what lets everybody talk to the bus itself. */
const policy = fc
  .tuple(
    fc.constantFrom(
      '<allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>',
      '<allow send_type="*"/><allow receive_type="*"/><allow own="*"/>',
      '<allow own="*"/><allow receive_type="signal"/>',
    ),
    fc.array(section, { minLength: 1, maxLength: 3 }),
  )
  .map(
    ([open, sections]) => `<type>session</type><policy context="default"><allow user="*"/>${open}</policy>
    ${sections.join('\n')}
    <policy context="mandatory"><allow send_destination="org.freedesktop.DBus"/>
      <allow receive_sender="org.freedesktop.DBus"/></policy>`,
  );

/** Two with names, one that listens to all, and every kind of message between them. */
async function script({ client, ask, settle }: Scene): Promise<void> {
  const [a, b, listener] = [await client('a'), await client('b'), await client('listener')];
  await ask(a, 'RequestName', 'su', 'org.x.A', 0);
  await ask(b, 'RequestName', 'su', 'org.x.B', 0);
  await ask(b, 'RequestName', 'su', 'org.x.B.Below', 0);
  for (const one of [b, listener])
    for (const name of ['I', 'J']) await ask(one, 'AddMatch', 's', `interface='org.x.${name}'`);
  await ask(listener, 'AddMatch', 's', "interface='org.x.I',eavesdrop='true'");
  // A name that it may not own is one that nobody has: dbus-daemon answers what wants no answer (docs/bus.md).
  const place = async (owner: RawClient, name: string) =>
    (await owner.ask('NameHasOwner', 's', name))!.body[0] === true ? name : owner.uniqueName;
  const [toA, toB, toBelow] = [
    await place(a, 'org.x.A'),
    await place(b, 'org.x.B'),
    await place(b, 'org.x.B.Below'),
  ];
  const send = async (from: RawClient, fields: Partial<Parameters<RawClient['send']>[0]>) => {
    from.send({ type: signal, path: '/p', interface: 'org.x.I', member: 'M', ...fields });
    return await settle();
  };
  for (const path of ['/p', '/q'])
    for (const name of ['org.x.I', 'org.x.J'])
      for (const destination of [undefined, toB, toBelow, b.uniqueName])
        await send(a, { path, interface: name, ...(destination && { destination }) });
  await send(a, { destination: toB, signature: 'h', body: [createMemfd('one')] });
  await send(b, { destination: toA });
  for (const [caller, destination] of [
    [a, toB],
    [b, toA],
    [listener, toA],
  ] as const)
    for (const type of [methodReturn, error]) {
      const came = await send(caller, { type: methodCall, destination });
      for (const { client: callee, message } of came) {
        if (message.type !== methodCall || message.destination !== destination) continue;
        const answer = { destination: message.sender!, replySerial: message.serial };
        await send(callee, { type, ...answer, ...(type === error && { errorName: 'org.x.Error' }) });
      }
      // Nobody waits for these.
      await send(caller, {
        type,
        destination,
        replySerial: 4000,
        ...(type === error && { errorName: 'org.x.Error' }),
      });
    }
}

describe('a policy', () => {
  it('lets pass what dbus-daemon lets pass, whatever its rules', { timeout: 240_000 }, async () => {
    const outcomes = new Set<string>();
    await fc.assert(
      fc.asyncProperty(policy, async (config) => {
        const buses = await Promise.all([
          YardBusd.start({ config, command: referenceDaemon }),
          YardBusd.start({ config }),
        ]);
        try {
          const [expected, got] = await Promise.all(buses.map((bus) => play(bus.address, script)));
          expect(got).toEqual(expected);
          outcomes.add(expected!.join('\n'));
        } finally {
          await Promise.all(buses.map((bus) => bus.stop()));
        }
      }),
      { numRuns: 25, seed: 11 },
    );
    expect(outcomes.size).toBeGreaterThan(12);
  });
});
