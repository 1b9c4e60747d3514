import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { Connection, ExtensionField, MessageType, type Variant } from '@switchyard/dbus';
import { RawClient } from '@switchyard/dbus/testing';
import { type Fd, Pidfd } from '@switchyard/sys';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Broker } from '../testing/Broker.js';
import { ExtendedClient } from '../testing/ExtendedClient.js';

let broker: Broker;
beforeAll(async () => {
  broker = await Broker.start();
});
afterAll(() => broker.stop());

const values = (metadata: Map<string, Variant> | undefined) =>
  new Map([...(metadata ?? [])].map(([key, variant]) => [key, variant.value]));

describe('metadata', () => {
  it('comes as it was asked for, says the truth, and changes when it is asked for otherwise (kdbus: connection-update)', async () => {
    using a = await ExtendedClient.connect(broker.address, { description: 'the sender' });
    await a.connection.requestName('org.example.Sender');
    using b = await ExtendedClient.connect(broker.address, {
      metadata: [
        'timestamp',
        'credentials',
        'pidfd',
        'comm',
        'exe',
        'cmdline',
        'cgroup',
        'names',
        'capabilities',
        'description',
        'groups',
      ],
    });
    await b.listen();
    a.note(undefined);
    const seen = values((await b.next()).metadata);
    expect(seen.get('UnixUserID')).toBe(process.getuid!());
    expect(seen.get('UnixGroupID')).toBe(process.getgid!());
    expect(seen.get('ProcessID')).toBe(process.pid);
    expect(seen.get('Exe')).toBe(readlinkSync('/proc/self/exe'));
    expect(seen.get('Comm')).toBe(readFileSync('/proc/self/comm', 'utf8').trim());
    expect(seen.get('ControlGroup')).toBe(/^0::(.*)$/m.exec(readFileSync('/proc/self/cgroup', 'utf8'))?.[1]);
    expect(seen.get('CommandLine')).toEqual(
      readFileSync('/proc/self/cmdline', 'utf8').replace(/\0$/, '').split('\0'),
    );
    expect(seen.get('OwnedNames')).toEqual(['org.example.Sender']);
    expect(seen.get('Description')).toBe('the sender');
    expect(seen.get('Capabilities')).toHaveLength(4);
    using pidfd = Pidfd.adopt(seen.get('ProcessFD') as Fd);
    expect(pidfd.pid).toBe(process.pid);
    await b.extension.negotiate({ metadata: ['timestamp'] });
    a.note(b.name);
    expect([...values((await b.next()).metadata).keys()]).toEqual(['Sequence', 'Monotonic', 'Realtime']);
    await b.extension.negotiate({ metadata: [] });
    a.note(b.name);
    expect((await b.next()).metadata).toBeUndefined();
    await expect(b.extension.negotiate({ metadata: ['shoe-size' as 'comm'] })).rejects.toMatchObject({
      name: 'org.freedesktop.DBus.Error.InvalidArgs',
    });
  });

  it('names what is owned when the message is sent, and one number for all receivers of a signal', async () => {
    using a = await ExtendedClient.connect(broker.address);
    using b = await ExtendedClient.connect(broker.address, { metadata: ['names', 'timestamp'] });
    using c = await ExtendedClient.connect(broker.address, { metadata: ['timestamp'] });
    for (const client of [b, c]) await client.listen();
    await a.connection.requestName('org.example.One');
    a.note(undefined);
    await a.connection.releaseName('org.example.One');
    a.note(undefined);
    const [first, second] = [values((await b.next()).metadata), values((await b.next()).metadata)];
    expect(first.get('OwnedNames')).toEqual(['org.example.One']);
    expect(second.get('OwnedNames')).toEqual([]);
    expect(values((await c.next()).metadata).get('Sequence')).toBe(first.get('Sequence'));
    expect(values((await c.next()).metadata).get('Sequence')).toBe(second.get('Sequence'));
    expect(second.get('Sequence')).toBeGreaterThan(first.get('Sequence') as bigint);
  });

  it('is about the process that sent, not the one that connected', async () => {
    using b = await ExtendedClient.connect(broker.address, { metadata: ['credentials', 'comm'] });
    await b.listen();
    using raw = await RawClient.connect(broker.address);
    await raw.hello();
    const bytes = raw.encode({
      type: MessageType.signal,
      path: '/t',
      interface: 'org.example.Test',
      member: 'Note',
      signature: 's',
      body: [''],
    });
    // A child inherits the connection as its standard output.
    execFileSync('sh', ['-c', 'cat; true'], {
      input: bytes,
      stdio: ['pipe', raw.socket.fd.number, 'inherit'],
    });
    const seen = values((await b.next()).metadata);
    expect(seen.get('ProcessID')).not.toBe(process.pid);
    expect(seen.get('UnixUserID')).toBe(process.getuid!());
  });

  it('cannot be forged, and those who did not ask get none', async () => {
    using b = await ExtendedClient.connect(broker.address, { metadata: ['timestamp'] });
    await b.listen();
    using plain = await RawClient.connect(broker.address);
    await plain.hello();
    const forged = plain.encode({
      type: MessageType.signal,
      path: '/t',
      interface: 'org.example.Test',
      member: 'Note',
      priority: 7n,
      destination: b.name,
    });
    const at = forged.indexOf(Buffer.from([ExtensionField.priority, 1, 0x78, 0]));
    expect(at).toBeGreaterThan(0);
    // Its priority becomes metadata, of a wrong type: nobody's business, since the bus passes no one's metadata on.
    forged[at] = ExtensionField.metadata;
    plain.write(forged);
    const seen = values((await b.next()).metadata);
    expect([...seen.keys()]).toEqual(['Sequence', 'Monotonic', 'Realtime']);
    using other = await Connection.connect(broker.address);
    b.note(other.uniqueName);
    await b.settled();
  });
});
