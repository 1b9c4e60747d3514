import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Connection, Field, Frame, MessageEncoder, MessageType } from '@switchyard/dbus';
import { driver, handshake, ReferenceBus, socketPath } from '@switchyard/dbus/testing';
import { Socket } from '@switchyard/sys';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { executable, openPolicy, YardBusd } from '../testing/YardBusd.js';

/** What the first client of a bus reads, message by message: how each header is made. */
async function headers(address: string): Promise<object[]> {
  const socket = Socket.connect(socketPath(address));
  const encoder = new MessageEncoder(true);
  const say = (serial: number, fields: Partial<Parameters<MessageEncoder['encode']>[0]>) => {
    const { head, body } = encoder.encode({ type: MessageType.methodCall, ...driver, serial, ...fields });
    socket.write(Buffer.concat([head, body]));
  };
  socket.write(handshake());
  say(1, { member: 'Hello' });
  say(2, { member: 'Nonsense' });
  say(3, { member: 'AddMatch', signature: 's', body: ["type='signal'"] });
  say(4, { member: 'RequestName', signature: 'su', body: ['org.x.Y', 0] });
  say(5, {
    member: 'Z',
    interface: 'org.x.Y',
    destination: 'org.x.Y',
    type: MessageType.signal,
    signature: 's',
    body: ['x'],
  });
  say(7, { destination: undefined, member: 'Nonsense', interface: 'org.x.Y' });
  say(8, { destination: undefined, member: 'Ping', interface: 'org.freedesktop.DBus.Peer' });
  say(9, { destination: undefined, member: 'Nonsense', interface: 'org.freedesktop.DBus.Peer' });
  say(10, { destination: undefined, member: 'GetId' });
  say(6, { member: 'GetId' });
  const seen: object[] = [];
  let bytes = Buffer.alloc(0);
  let lines = 2;
  for (;;) {
    await new Promise<void>((resolve) => socket.watch({ readable: () => resolve() }));
    const part = Buffer.alloc(4096);
    bytes = Buffer.concat([bytes, part.subarray(0, socket.receive(part))]);
    socket.watch({});
    while (lines > 0 && bytes.includes(0x0a)) {
      bytes = bytes.subarray(bytes.indexOf(0x0a) + 1);
      lines--;
    }
    for (;;) {
      const length = lines > 0 ? 0 : Frame.measure(bytes, 0, bytes.length);
      if (length === 0 || length > bytes.length) break;
      const frame = new Frame();
      frame.parse(Buffer.from(bytes), 0, length);
      bytes = bytes.subarray(length);
      const fields = Object.entries(Field).filter(([, code]) => frame.has(code));
      seen.push({
        little: frame.little,
        type: frame.type,
        flags: frame.flags,
        unknown: frame.unknownFields,
        fields: fields.map(([name]) => name).sort(),
        sender: frame.string(Field.sender),
        destination: frame.string(Field.destination),
        member: frame.string(Field.member),
        signature: frame.string(Field.signature),
      });
      if (frame.replySerial === 6) {
        socket.close();
        return seen;
      }
    }
  }
}

describe('a bus that has just started', () => {
  let reference: ReferenceBus;
  let ours: YardBusd;
  beforeAll(async () => {
    reference = await ReferenceBus.start();
    ours = await YardBusd.start({ config: `<type>session</type>${openPolicy}` });
  });
  afterAll(() => Promise.all([reference.stop(), ours.stop()]));

  it('calls its first client :1.0, and puts into headers what dbus-daemon puts there', async () => {
    const expected = await headers(reference.address);
    expect(await headers(ours.address)).toEqual(expected);
    expect(expected.length).toBeGreaterThan(8);
    expect(expected[0]).toMatchObject({ destination: ':1.0' });
    expect((await headers(ours.address))[0]).toMatchObject({ destination: ':1.1' });
  });
});

describe('a bus whose parent has blocked signals', () => {
  it('learns that a service has failed, and ends with SIGTERM', async () => {
    const template = await YardBusd.start({ config: openPolicy });
    const { folder } = template;
    mkdirSync(join(folder, 'services'));
    template.write('services/x.service', '[D-BUS Service]\nName=org.x.Fails\nExec=/bin/false\n');
    template.write(
      'blocked.conf',
      `<busconfig><type>session</type><listen>unix:path=@folder@/blocked</listen>
       <servicedir>@folder@/services</servicedir>${openPolicy}</busconfig>`,
    );
    const blocking = `import os, signal, sys
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD, signal.SIGTERM, signal.SIGHUP])
os.execv(sys.argv[1], sys.argv[1:])`;
    const bus = spawn(
      '/usr/bin/python3',
      [
        ...['-c', blocking, process.execPath, executable, '--nofork', '--print-address', '1'],
        `--config-file=${folder}/blocked.conf`,
      ],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    );
    const ended = new Promise((resolve) => bus.once('exit', (code, signal) => resolve(signal ?? code)));
    const address = await new Promise<string>((resolve) =>
      bus.stdout.once('data', (text) => resolve(String(text).trim())),
    );
    const client = await Connection.connect(address);
    await expect(
      client
        .proxy('org.freedesktop.DBus', '/org/freedesktop/DBus')
        .call('org.freedesktop.DBus', 'StartServiceByName', 'su', 'org.x.Fails', 0),
    ).rejects.toMatchObject({ name: 'org.freedesktop.DBus.Error.Spawn.ChildExited' });
    client.close();
    bus.kill('SIGTERM');
    expect(await ended).toBe(0);
    await template.stop();
  });
});
