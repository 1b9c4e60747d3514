import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { Connection } from '@switchyard/dbus';
import { Socket } from '@switchyard/sys';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { YardBusd } from '../testing/YardBusd.js';

/** Debian's daemon, bin and nobody: users that no test is. */
const [daemon, bin, nobody] = [1, 2, 65_534];
const staff = 50;

let bus: YardBusd;
let service: Connection;

beforeAll(async () => {
  bus = await YardBusd.start({
    config: `
      <policy context="default">
        <allow user="*"/>
        <deny user="bin"/>
        <deny own="*"/>
        <deny send_type="method_call"/>
        <allow send_type="signal"/>
        <allow send_requested_reply="true" send_type="method_return"/>
        <allow send_requested_reply="true" send_type="error"/>
        <allow receive_type="method_call"/><allow receive_type="method_return"/>
        <allow receive_type="error"/><allow receive_type="signal"/>
        <allow send_destination="org.freedesktop.DBus" send_interface="org.freedesktop.DBus"/>
        <allow send_destination="org.freedesktop.DBus" send_interface="org.freedesktop.DBus.Monitoring"/>
        <allow send_destination="org.x.Service" send_interface="org.x.Public"/>
      </policy>
      <policy group="${staff}"><allow send_destination="org.x.Service" send_member="Group" send_interface="org.x.Private"/></policy>
      <policy user="daemon">
        <allow own="org.x.Daemon"/>
        <allow send_destination="org.x.Service" send_interface="org.x.Private"/>
      </policy>
      <policy user="root"><allow own="*"/><allow send_destination="*"/></policy>
      <policy context="mandatory"><deny send_interface="org.x.Private" send_member="Never"/></policy>`,
  });
  service = await Connection.connect(bus.address);
  const methods = { Do: { call: () => [] } };
  service.export('/x', { name: 'org.x.Public', methods });
  const secret = { Do: { call: () => [] }, Group: { call: () => [] }, Never: { call: () => [] } };
  service.export('/x', { name: 'org.x.Private', methods: secret });
  await service.requestName('org.x.Service');
});
afterAll(async () => {
  service.close();
  await bus.stop();
});

/** dbus-send as somebody else; the event loop goes on, since the service is ours. */
async function asUser(uid: number, args: string[], groups: number[] = []): Promise<SpawnSyncReturns<string>> {
  const { spawn } = await import('node:child_process');
  const as = [
    '--reuid',
    String(uid),
    '--regid',
    String(uid),
    ...(groups.length > 0 ? ['--groups', groups.join()] : ['--clear-groups']),
  ];
  const child = spawn('setpriv', [...as, 'dbus-send', `--bus=${bus.address}`, '--print-reply', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (bytes: Buffer) => (stdout += bytes));
  child.stderr.on('data', (bytes: Buffer) => (stderr += bytes));
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { status, stdout, stderr } as SpawnSyncReturns<string>;
}

const call = (method: string) => ['--dest=org.x.Service', '/x', method];
const requestName = (name: string) => [
  '--dest=org.freedesktop.DBus',
  '/',
  'org.freedesktop.DBus.RequestName',
  `string:${name}`,
  'uint32:0',
];

describe.skipIf(process.getuid?.() !== 0)('other users', () => {
  it('get what the default policy gives', async () => {
    expect(await asUser(nobody, call('org.x.Public.Do'))).toMatchObject({ status: 0 });
    const denied = await asUser(nobody, call('org.x.Private.Do'));
    expect(denied.status).toBe(1);
    expect(denied.stderr).toContain(
      'org.freedesktop.DBus.Error.AccessDenied: Rejected send message, 1 matched rules; type="method_call"',
    );
    expect(denied.stderr).toMatch(
      /sender=":1\.\d+" \(uid=65534 pid=\d+ comm="dbus-send .*destination="org\.x\.Service" \(uid=0/,
    );
  });

  it('get more by a policy for their uid or one of their groups, and not more than a mandatory one leaves', async () => {
    expect(await asUser(daemon, call('org.x.Private.Do'))).toMatchObject({ status: 0 });
    expect(await asUser(nobody, call('org.x.Private.Group'), [staff])).toMatchObject({ status: 0 });
    expect(await asUser(nobody, call('org.x.Private.Group'))).toMatchObject({ status: 1 });
    expect((await asUser(daemon, call('org.x.Private.Never'))).stderr).toContain('AccessDenied');
  });

  it('own what they may own', async () => {
    expect((await asUser(daemon, requestName('org.x.Daemon'))).stdout).toContain('uint32 1');
    for (const [uid, name] of [
      [daemon, 'org.x.Other'],
      [nobody, 'org.x.Daemon'],
    ] as const) {
      const denied = await asUser(uid, requestName(name));
      expect(denied.stderr).toContain(`is not allowed to own the service "${name}" due to security policies`);
    }
  });

  it('cannot connect when the policy says so', async () => {
    expect((await asUser(bin, call('org.x.Public.Do'))).stderr).toContain('Failed to register on connection');
  });

  it('change nothing about the bus itself', async () => {
    for (const [interface_, member, ...args] of [
      ['org.freedesktop.DBus', 'ReloadConfig'],
      ['org.freedesktop.DBus', 'UpdateActivationEnvironment', 'dict:string:string:a,b'],
      ['org.freedesktop.DBus.Monitoring', 'BecomeMonitor', 'array:string:', 'uint32:0'],
      ['org.freedesktop.DBus.Debug.Stats', 'GetStats'],
    ]) {
      const target = ['--dest=org.freedesktop.DBus', '/org/freedesktop/DBus', `${interface_}.${member}`];
      const denied = await asUser(daemon, [...target, ...args]);
      expect(denied.stderr, member).toContain('org.freedesktop.DBus.Error.AccessDenied');
    }
  });

  it('are told apart by a session bus without a word on users: only its own may come', async () => {
    const other = await YardBusd.start({
      config: '<policy context="default"><allow send_destination="*"/></policy>',
    });
    const as = ['--reuid', String(nobody), '--regid', String(nobody), '--clear-groups'];
    const args = [`--bus=${other.address}`, '--dest=org.freedesktop.DBus', '/', 'org.freedesktop.DBus.GetId'];
    expect(spawnSync('setpriv', [...as, 'dbus-send', ...args], { encoding: 'utf8' }).stderr).toContain(
      'Failed to register on connection',
    );
    await other.stop();
  });
});

describe('who does not say who it is', () => {
  const anonymous = async (config: string): Promise<string> => {
    const open = await YardBusd.start({ config });
    using socket = Socket.connect(open.address.replace(/^unix:path=([^,]*),.*/, '$1'));
    const answer = new Promise<string>((resolve) => {
      const bytes = Buffer.alloc(100);
      socket.watch({ readable: () => resolve(bytes.toString('latin1', 0, socket.receive(bytes))) });
    });
    socket.write(Buffer.from('\0AUTH ANONYMOUS\r\n'));
    const text = await answer;
    await open.stop();
    return text;
  };

  it('may connect only where a configuration allows it', async () => {
    expect(await anonymous('')).toBe('REJECTED EXTERNAL\r\n');
    expect(await anonymous('<auth>ANONYMOUS</auth>')).toBe('REJECTED EXTERNAL\r\n');
    expect(await anonymous('<auth>EXTERNAL</auth><allow_anonymous/>')).toBe('REJECTED EXTERNAL\r\n');
    expect(await anonymous('<allow_anonymous/>')).toMatch(/^OK /);
  });
});
