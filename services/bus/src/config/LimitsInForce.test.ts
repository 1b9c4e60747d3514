import { MessageType } from '@switchyard/dbus';
import { createMemfd } from '@switchyard/sys';
import { describe, expect, it } from 'vitest';
import { play, type Scene } from '../testing/Dialogue.js';
import { openPolicy, referenceDaemon, YardBusd } from '../testing/YardBusd.js';

const { methodCall, signal } = MessageType;
const call = { type: methodCall, path: '/p', interface: 'org.x.I', member: 'M' };

async function bothSay(limits: Record<string, number>, script: (scene: Scene) => Promise<void>) {
  const texts = Object.entries(limits).map(([name, value]) => `<limit name="${name}">${value}</limit>`);
  const config = `<type>session</type>${texts.join('')}${openPolicy}`;
  const buses = await Promise.all([
    YardBusd.start({ config, command: referenceDaemon }),
    YardBusd.start({ config }),
  ]);
  try {
    const [expected, got] = await Promise.all(buses.map((bus) => play(bus.address, script)));
    expect(got).toEqual(expected);
    return got!;
  } finally {
    await Promise.all(buses.map((bus) => bus.stop()));
  }
}

const exceeded = 'error org.freedesktop.DBus.Error.LimitsExceeded';

describe('a limit of the configuration is what it is on dbus-daemon', () => {
  it('max_names_per_connection, the unique one among them', async () => {
    const lines = await bothSay({ max_names_per_connection: 3 }, async ({ client, ask }) => {
      const [one, two] = [await client('one'), await client('two')];
      for (const name of ['org.x.A', 'org.x.B', 'org.x.A', 'org.x.C'])
        await ask(one, 'RequestName', 'su', name, 0);
      // Waiting counts as well.
      await ask(two, 'RequestName', 'su', 'org.x.A', 0);
      await ask(two, 'RequestName', 'su', 'org.x.B', 0);
      await ask(two, 'RequestName', 'su', 'org.x.C', 0);
      await ask(one, 'ReleaseName', 's', 'org.x.A');
      await ask(one, 'RequestName', 'su', 'org.x.C', 0);
    });
    expect(lines.join('\n')).toContain(exceeded);
  });

  it('max_match_rules_per_connection', async () => {
    const lines = await bothSay({ max_match_rules_per_connection: 3 }, async ({ client, ask }) => {
      const one = await client('one');
      for (const rule of ["member='A'", "member='A'", "member='B'", "member='C'"])
        await ask(one, 'AddMatch', 's', rule);
      await ask(one, 'RemoveMatch', 's', "member='A'");
      await ask(one, 'AddMatch', 's', "member='C'");
    });
    expect(lines.join('\n')).toContain(exceeded);
  });

  it('max_replies_per_connection', async () => {
    const lines = await bothSay({ max_replies_per_connection: 2 }, async ({ client, settle }) => {
      const [a, b] = [await client('a'), await client('b')];
      const came = [];
      for (let i = 0; i < 4; i++) {
        a.send({ ...call, destination: b.uniqueName });
        came.push(...(await settle()));
      }
      const first = came.find(({ client: callee }) => callee === b)!.message;
      b.send({
        type: MessageType.methodReturn,
        destination: a.uniqueName,
        replySerial: first.serial,
      });
      await settle();
      a.send({ ...call, destination: b.uniqueName });
      await settle();
    });
    expect(lines.join('\n')).toContain(exceeded);
  });

  it.each([
    ['max_completed_connections', 2],
    ['max_connections_per_user', 2],
  ])('%s', async (name, value) => {
    const lines = await bothSay({ [name]: value }, async ({ client, stranger, ask }) => {
      const first = await client('first');
      await client('second');
      await ask(await stranger('third'), 'Hello');
      const gone = first.uniqueName;
      first.socket.close();
      first.uniqueName = '';
      expect(gone).toBe(':1.0');
    });
    expect(lines.join('\n')).toContain(exceeded);
  });

  it('max_message_size', async () => {
    const lines = await bothSay({ max_message_size: 4096 }, async ({ client, settle, note }) => {
      const [a, b] = [await client('a'), await client('b')];
      const say = (length: number) =>
        a.send({
          ...call,
          type: signal,
          destination: b.uniqueName,
          signature: 'ay',
          body: [new Uint8Array(length)],
        });
      say(3000);
      await settle();
      say(5000);
      note(a, await a.next());
      a.uniqueName = '';
      await settle();
    });
    expect(lines.at(-1)).toBe('a < end of stream');
  });

  it('max_message_unix_fds', async () => {
    const lines = await bothSay({ max_message_unix_fds: 2 }, async ({ client, settle, note }) => {
      const [a, b] = [await client('a'), await client('b')];
      const say = (count: number) =>
        a.send({
          ...call,
          type: signal,
          destination: b.uniqueName,
          signature: 'ah',
          body: [Array.from({ length: count }, () => createMemfd('one'))],
        });
      say(2);
      await settle();
      say(3);
      note(a, await a.next());
      a.uniqueName = '';
      await settle();
    });
    expect(lines.at(-1)).toBe('a < end of stream');
  });

  it('reply_timeout', async () => {
    const lines = await bothSay({ reply_timeout: 150 }, async ({ client, call: ask }) => {
      const [a, b] = [await client('a'), await client('b')];
      await ask(a, { ...call, destination: b.uniqueName });
    });
    expect(lines).toEqual([expect.stringContaining('Error.NoReply')]);
  });

  it('auth_timeout', async () => {
    const lines = await bothSay({ auth_timeout: 200 }, async ({ stranger, note }) => {
      const one = await stranger('one');
      note(one, await one.next());
    });
    expect(lines).toEqual(['one < end of stream']);
  });

  it('max_incomplete_connections', async () => {
    const lines = await bothSay(
      { max_incomplete_connections: 2 },
      async ({ stranger, client, ask, note }) => {
        const one = await stranger('one');
        await stranger('two');
        // dbus-daemon does not accept it before there is a place, and yard-busd closes it: either way it gets no answer.
        await ask(one, 'Hello');
        one.uniqueName = ':1.0';
        await ask(await client('three'), 'NameHasOwner', 's', 'org.x.Y');
        note(one, undefined);
      },
    );
    expect(lines.at(-2)).toBe('three < return ["false"] from org.freedesktop.DBus');
  });
});
