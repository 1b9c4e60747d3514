import { type Message, MessageType } from '@switchyard/dbus';
import { type RawClient, ReferenceBus } from '@switchyard/dbus/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { play, type Scene } from './testing/Dialogue.js';
import { openPolicy, YardBusd } from './testing/YardBusd.js';

let reference: ReferenceBus;
let ours: YardBusd;
beforeAll(async () => {
  reference = await ReferenceBus.start();
  ours = await YardBusd.start({ config: `<type>session</type>${openPolicy}` });
});
afterAll(() => Promise.all([reference.stop(), ours.stop()]));

const { methodCall, methodReturn, error, signal } = MessageType;
const clientCount = 3;

/** What a client may do; numbers choose among what there is. */
type Step =
  | { kind: 'ask'; who: number; member: string; name: number; flags: number }
  | { kind: 'match'; who: number; member: 'AddMatch' | 'RemoveMatch'; rule: number }
  | { kind: 'signal' | 'call'; who: number; to: number; body: number }
  | { kind: 'answer'; which: number; how: typeof methodReturn | typeof error }
  | { kind: 'go'; who: number };

const number = fc.nat(1000);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('ask' as const),
      who: number,
      member: fc.constantFrom(
        ...['RequestName', 'RequestName', 'ReleaseName', 'NameHasOwner', 'GetNameOwner', 'ListQueuedOwners'],
        'StartServiceByName',
      ),
      name: number,
      flags: fc.nat(8),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('match' as const),
      who: number,
      member: fc.constantFrom('AddMatch' as const, 'AddMatch' as const, 'RemoveMatch' as const),
      rule: number,
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constantFrom('signal' as const, 'call' as const),
      who: number,
      to: number,
      body: number,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('answer' as const),
      which: number,
      how: fc.constantFrom(methodReturn, error),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('go' as const), who: number }) },
);

const pick = <Value>(values: readonly Value[], n: number): Value => values[n % values.length]!;
const bodies: [string, unknown[]][] = [
  ['', []],
  ['s', ['one']],
  ['ss', ['one', 'two.three']],
  ['uso', [5, '/a/b', '/a/b/c']],
  ['asos', [['x'], '/a', 'one']],
  ['s', ['two.three']],
];

function script(
  steps: readonly Step[],
  names: readonly string[],
  watched: boolean,
): (scene: Scene) => Promise<void> {
  return async ({ client, ask, settle, monitor }) => {
    if (watched) await monitor();
    const all: RawClient[] = [];
    for (let i = 0; i < clientCount; i++) all.push(await client(`client ${i}`));
    const unique = all.map(({ uniqueName }) => uniqueName);
    const calls: { callee: RawClient; message: Message }[] = [];
    const rules = [
      "interface='org.x.I'",
      "type='signal',interface='org.x.I',member='S'",
      "interface='org.x.I',path='/p'",
      "interface='org.x.I',arg0='one'",
      "interface='org.x.I',arg1path='/a/'",
      "interface='org.x.I',arg0namespace='two'",
      `interface='org.x.I',sender='${names[0]}'`,
      `interface='org.x.I',sender='${unique[1]}'`,
      `interface='org.x.I',destination='${unique[2]}'`,
      "interface='org.x.I',eavesdrop='true'",
      `type='method_call',destination='${names[1]}',eavesdrop='true'`,
      ...names.map((name) => `sender='org.freedesktop.DBus',member='NameOwnerChanged',arg0='${name}'`),
    ];
    const destinations = [undefined, ...names, ...unique, 'org.freedesktop.DBus'];
    for (const one of steps) {
      const living = all.filter(({ uniqueName }) => uniqueName !== '');
      if (one.kind === 'answer') {
        const call = calls.splice(one.which % Math.max(calls.length, 1), 1)[0];
        // Nor is an answer to who has gone one that wants an answer.
        if (!call || call.callee.uniqueName === '') continue;
        if (!living.some(({ uniqueName }) => uniqueName === call.message.sender)) continue;
        call.callee.send({
          type: one.how,
          destination: call.message.sender!,
          replySerial: call.message.serial,
          ...(one.how === error && { errorName: 'org.x.Error' }),
        });
      } else {
        const who = pick(living, one.who);
        if (one.kind === 'ask') {
          const name = pick([...names, ...unique, 'org.freedesktop.DBus', 'invalid'], one.name);
          const takesFlags = one.member === 'RequestName' || one.member === 'StartServiceByName';
          await ask(who, one.member, takesFlags ? 'su' : 's', name, ...(takesFlags ? [one.flags] : []));
        } else if (one.kind === 'match') await ask(who, one.member, 's', pick(rules, one.rule));
        else if (one.kind === 'go') {
          if (living.length === 1) continue;
          const [left] = living.filter((other) => other !== who);
          const gone = who.uniqueName;
          who.socket.close();
          who.uniqueName = '';
          while ((await left!.ask('NameHasOwner', 's', gone))!.body[0] === true);
        } else {
          const destination = pick(destinations, one.to);
          const [signature, body] = pick(bodies, one.body);
          const message = { path: '/p', interface: 'org.x.I', signature, body };
          if (one.kind === 'signal')
            if (destination === undefined || living.some(({ uniqueName }) => uniqueName === destination))
              // Not to a name that nobody has: dbus-daemon answers what wants no answer (docs/bus.md).
              who.send({ type: signal, member: 'S', ...message, ...(destination && { destination }) });
            else continue;
          else who.send({ type: methodCall, member: 'C', ...message, ...(destination && { destination }) });
        }
      }
      for (const { client: callee, message } of await settle())
        if (message.type === methodCall && message.destination !== undefined) calls.push({ callee, message });
    }
  };
}

describe('whatever three clients do,', () => {
  it.each([
    ['each of them gets the same from dbus-daemon and from yard-busd', false, 150],
    ['a monitor sees the same on dbus-daemon and on yard-busd', true, 60],
  ])('%s', async (_, watched, numRuns) => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), async (steps) => {
        run++;
        const names = ['org.x.One', 'org.x.Two'].map((name) => `${name}.R${watched}${run}`);
        const say = script(steps, names, watched);
        const [expected, got] = await Promise.all([play(reference.address, say), play(ours.address, say)]);
        expect(got).toEqual(expected);
      }),
      { numRuns, seed: 3 },
    );
  });
});
