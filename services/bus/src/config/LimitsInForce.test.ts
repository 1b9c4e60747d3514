import { MessageType } from '@switchyard/dbus';
import { driver, RawClient } from '@switchyard/dbus/testing';
import { createMemfd } from '@switchyard/sys';
import { describe, expect, it } from 'vitest';
import { play, type Scene } from '../testing/Dialogue.js';
import { openPolicy, referenceDaemon, YardBusd, type YardBusdOptions } from '../testing/YardBusd.js';

const { methodCall, signal } = MessageType;
const call = { type: methodCall, path: '/p', interface: 'org.x.I', member: 'M' };

type More = Pick<YardBusdOptions, 'config' | 'files'>;

function configured(limits: Record<string, number>, { config = '', files = {} }: More = {}): YardBusdOptions {
  const texts = Object.entries(limits).map(([name, value]) => `<limit name="${name}">${value}</limit>`);
  return { config: `<type>session</type>${config}${texts.join('')}${openPolicy}`, files };
}

/** What a script comes to on dbus-daemon, and on yard-busd. */
async function onBoth<End>(
  limits: Record<string, number>,
  script: (bus: YardBusd) => Promise<End>,
  more?: More,
): Promise<End[]> {
  const options = configured(limits, more);
  const buses = await Promise.all([
    YardBusd.start({ ...options, command: referenceDaemon }),
    YardBusd.start(options),
  ]);
  try {
    return await Promise.all(buses.map(script));
  } finally {
    await Promise.all(buses.map((bus) => bus.stop()));
  }
}

async function bothSay(
  limits: Record<string, number>,
  script: (scene: Scene) => Promise<void>,
  more?: More,
): Promise<string[]> {
  const [expected, got] = await onBoth(limits, (bus) => play(bus.address, script), more);
  expect(got).toEqual(expected);
  return got!;
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

  it.each([
    ['max_outgoing_bytes', 500_000, 64 * 1024, 0],
    ['max_outgoing_unix_fds', 8, 64 * 1024, 2],
  ])('%s: calls to who does not read are refused, and the others arrive', async (name, value, size, fds) => {
    const ends = await onBoth({ [name]: value }, async (bus) => {
      using caller = await RawClient.connect(bus.address);
      using callee = await RawClient.connect(bus.address);
      await caller.hello();
      await callee.hello();
      callee.socket.pauseReading();
      let [sent, refused] = [0, ''];
      while (refused === '' && sent < 100) {
        caller.send({
          ...call,
          destination: callee.uniqueName,
          signature: 'ayah',
          body: [new Uint8Array(size), Array.from({ length: fds }, () => createMemfd('one'))],
        });
        sent++;
        await caller.ask('GetId');
        for (const message of caller.drain()) refused = message.errorName ?? refused;
      }
      callee.socket.resumeReading();
      // Asked before there is room again, dbus-daemon loses its answer.
      for (let left = sent - 1; left > 0; ) if ((await callee.next())?.member === 'M') left--;
      await callee.ask('GetId');
      // Some wait in the kernel, of which buses have more or less.
      expect(sent).toBeGreaterThan(4);
      return [refused, callee.drain().length];
    });
    expect(ends).toEqual(Array(2).fill(['org.freedesktop.DBus.Error.LimitsExceeded', 0]));
  });

  it('pending_fd_timeout', async () => {
    const lines = await bothSay({ pending_fd_timeout: 150 }, async ({ client, note }) => {
      const one = await client('one');
      const message = one.encode({ ...call, signature: 'ah', body: [[createMemfd('x')]] });
      one.write(message.subarray(0, -4), [createMemfd('one')]);
      note(one, await one.next());
      one.uniqueName = '';
    });
    expect(lines).toEqual(['one < end of stream']);
  });

  it('max_pending_service_starts', async () => {
    const [one, two] = ['org.x.SlowOne', 'org.x.SlowTwo'];
    const files = Object.fromEntries(
      [one, two].map((name) => [`${name}.service`, `[D-BUS Service]\nName=${name}\nExec=/bin/sleep 1\n`]),
    );
    const lines = await bothSay(
      { max_pending_service_starts: 1, service_start_timeout: 500 },
      async ({ client, ask }) => {
        const first = await client('first');
        first.send({
          type: methodCall,
          ...driver,
          member: 'StartServiceByName',
          signature: 'su',
          body: [one, 0],
        });
        await ask(await client('second'), 'StartServiceByName', 'su', two, 0);
        await ask(first, 'NameHasOwner', 's', one);
        for (;;) if ((await first.next())?.type === MessageType.error) break;
        await ask(first, 'StartServiceByName', 'su', two, 0);
      },
      { config: '<servicedir>@folder@</servicedir>', files },
    );
    expect(lines[0]).toContain(exceeded);
    expect(lines.at(-1)).not.toContain(exceeded);
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

describe('a limit on what is not whole yet', () => {
  /**
   * What dbus-daemon does not read any more, yard-busd ends: it holds what came of unfinished messages for a uid, not for a
   * connection, and at least two of the longest (`workableLimits`).
   */
  it('max_incoming_bytes ends who goes beyond it, and nobody else', async () => {
    const bus = await YardBusd.start(configured({ max_incoming_bytes: 200_000, max_message_size: 100_000 }));
    try {
      const clients = [];
      for (let i = 0; i < 3; i++) {
        const one = await RawClient.connect(bus.address);
        await one.hello();
        const message = one.encode({
          ...call,
          type: signal,
          destination: one.uniqueName,
          signature: 'ay',
          body: [new Uint8Array(90_000)],
        });
        clients.push({ one, rest: message.subarray(70_000) });
        one.write(message.subarray(0, 70_000));
        // The third must be the third.
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      await clients[2]!.one.ended();
      for (const { one, rest } of clients.slice(0, 2)) {
        one.write(rest);
        await one.ask('GetId');
        expect(one.drain().at(-1)?.member).toBe('M');
        one[Symbol.dispose]();
      }
    } finally {
      await bus.stop();
    }
  });

  it('max_incoming_unix_fds ends who sends more of them ahead of their message', async () => {
    const bus = await YardBusd.start(configured({ max_incoming_unix_fds: 3 }));
    try {
      const fds = (count: number) => Array.from({ length: count }, () => createMemfd('one'));
      for (const [count, isOver] of [
        [3, false],
        [4, true],
      ] as const) {
        using one = await RawClient.connect(bus.address);
        await one.hello();
        const message = one.encode({
          ...call,
          type: signal,
          destination: one.uniqueName,
          signature: 'ah',
          body: [fds(count)],
        });
        one.write(message.subarray(0, -4), fds(count));
        await new Promise((resolve) => setTimeout(resolve, 100));
        one.write(message.subarray(-4));
        const answer = await one.ask('GetId');
        expect(answer === undefined).toBe(isOver);
      }
    } finally {
      await bus.stop();
    }
  });
});
