import { existsSync, mkdirSync, readdirSync, readFileSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { Connection, type DBusError } from '@switchyard/dbus';
import { createMemfd, type Fd } from '@switchyard/sys';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPolicy, YardBusd } from '../testing/YardBusd.js';

const folderOfTests = '/usr/lib/dbus-1.0/installed-tests/dbus';
/** dbus-tests' own service, which answers Echo. */
const echo = `${folderOfTests}/test-service`;
const echoName = 'org.freedesktop.DBus.TestSuiteEchoService';
const spawnPrefix = 'org.freedesktop.DBus.Error.Spawn.';

let bus: YardBusd;
let client: Connection;
let driver: ReturnType<Connection['proxy']>;
const ask = (member: string, signature = '', ...args: unknown[]) =>
  driver.call('org.freedesktop.DBus', member, signature, ...args);
const start = (name: string) => ask('StartServiceByName', 'su', name, 0);
const nameOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'done',
    (error: DBusError) => error.name,
  );

function service(name: string, exec: string, more = ''): void {
  bus.write(`services/${name}.service`, `[D-BUS Service]\nName=${name}\nExec=${exec}\n${more}`);
}

beforeAll(async () => {
  bus = await YardBusd.start({
    config: `<type>session</type><servicedir>@folder@/services</servicedir><standard_session_servicedirs/>
      <limit name="service_start_timeout">1500</limit>${openPolicy}`,
    environment: { XDG_RUNTIME_DIR: '/tmp/none', MARK: 'from the bus' },
    inherited: 2,
  });
  mkdirSync(join(bus.folder, 'services'));
  client = await Connection.connect(bus.address);
  driver = client.proxy('org.freedesktop.DBus', '/org/freedesktop/DBus');
});
afterAll(async () => {
  client.close();
  await bus.stop();
});

describe('a service', () => {
  it('is started for the first message to it, and gets all of them in order', async () => {
    service(echoName, echo);
    expect(await ask('ListActivatableNames')).toEqual([expect.arrayContaining([echoName])]);
    const proxy = client.proxy(echoName, '/org/freedesktop/TestSuite');
    const texts = ['one', 'two', 'three'];
    const answers = await Promise.all(
      texts.map((text) => proxy.call('org.freedesktop.TestSuite', 'Echo', 's', text)),
    );
    expect(answers).toEqual(texts.map((text) => [text]));
    expect(await start(echoName)).toEqual([2]);
    expect(await nameOf(proxy.call('org.freedesktop.TestSuite', 'Exit'))).toBe(
      'org.freedesktop.DBus.Error.NoReply',
    );
  });

  it('knows its bus by its environment, and what UpdateActivationEnvironment adds to it', async () => {
    const file = join(bus.folder, 'environment');
    service('org.x.Environment', `/bin/sh -c 'env > "${file}.new" && mv "${file}.new" "${file}"; exit 3'`);
    await ask('UpdateActivationEnvironment', 'a{ss}', new Map([['ADDED', 'a value']]));
    await expect(start('org.x.Environment')).rejects.toThrow(
      'Process org.x.Environment exited with status 3',
    );
    const environment = readFileSync(file, 'utf8').split('\n');
    expect(environment).toEqual(
      expect.arrayContaining([
        `DBUS_STARTER_ADDRESS=${bus.address}`,
        `DBUS_SESSION_BUS_ADDRESS=${bus.address}`,
        'DBUS_STARTER_BUS_TYPE=session',
        'ADDED=a value',
        'MARK=from the bus',
      ]),
    );
  });

  it('inherits no fd of the bus and not its limit of them', async () => {
    const file = join(bus.folder, 'fds');
    service('org.x.Fds', `/bin/sh -c 'ulimit -n > "${file}"; ls -l /proc/$$/fd >> "${file}"; exit 1'`);
    expect(await nameOf(start('org.x.Fds'))).toBe(`${spawnPrefix}ChildExited`);
    expect(readFileSync(file, 'utf8')).toMatch(/^1024\n/);
    const numbers = [...readFileSync(file, 'utf8').matchAll(/ (\d+) ->/g)].map(([, number]) =>
      Number(number),
    );
    // The shell keeps its stdout at 10 meanwhile.
    expect(
      numbers.filter((number) => number > 2 && number !== 10),
      readFileSync(file, 'utf8'),
    ).toEqual([]);
  });

  it.each([
    ['org.x.Exits', '/bin/false', `${spawnPrefix}ChildExited`],
    ['org.x.Signaled', `/bin/sh -c 'kill -SEGV $$'`, `${spawnPrefix}ChildSignaled`],
    ['org.x.Missing', '/nowhere/at/all', `${spawnPrefix}ExecFailed`],
    ['org.x.Quoted', `/bin/x "without an end`, 'org.freedesktop.DBus.Error.InvalidArgs'],
    ['org.x.Late', '/bin/sleep 5', 'org.freedesktop.DBus.Error.TimedOut'],
    ['org.x.Forks', '/bin/true', 'org.freedesktop.DBus.Error.TimedOut'],
  ])('that fails is an error for all who wait: %s', async (name, exec, error) => {
    service(name, exec);
    const call = client.proxy(name, '/').call('org.x.I', 'M');
    expect(await Promise.all([nameOf(start(name)), nameOf(call)])).toEqual([error, error]);
  });

  it('that nobody knows is an error', async () => {
    for (const name of ['org.x.Nobody', 'org.freedesktop.DBus', 'bad', client.uniqueName])
      expect(await nameOf(start(name))).toBe('org.freedesktop.DBus.Error.ServiceUnknown');
  });

  it('is not started for a message that does not want it', async () => {
    const mark = join(bus.folder, 'started');
    service('org.x.Unwanted', `/bin/touch ${mark}`);
    const { spawnSync } = await import('node:child_process');
    const sent = spawnSync(
      'busctl',
      [`--address=${bus.address}`, '--auto-start=no', 'call', 'org.x.Unwanted', '/', 'a.b', 'C'],
      {
        encoding: 'utf8',
      },
    );
    expect(sent.stderr).toContain('does not exist');
    expect(existsSync(mark)).toBe(false);
  });

  it('may be found late and may vanish', async () => {
    const activatable = async () => (await ask('ListActivatableNames'))[0] as string[];
    service('org.x.Late2', '/bin/false');
    expect(await activatable()).toContain('org.x.Late2');
    unlinkSync(join(bus.folder, 'services/org.x.Late2.service'));
    expect(await activatable()).not.toContain('org.x.Late2');
  });

  it('leaves nothing behind: no zombie, no fd, also of messages with fds that were never delivered', async () => {
    service('org.x.Never', '/bin/false');
    const before = bus.fds;
    for (let i = 0; i < 20; i++) {
      const fds: Fd[] = [createMemfd('one')];
      const call = client.proxy('org.x.Never', '/').call('org.x.I', 'M', 'h', ...fds);
      expect(await nameOf(call)).toBe(`${spawnPrefix}ChildExited`);
    }
    const children = () => readFileSync(`/proc/${bus.pid}/task/${bus.pid}/children`, 'utf8').trim();
    while (bus.fds > before || children() !== '') await ask('GetId');
    expect(readdirSync(`/proc/${bus.pid}/fd`).length).toBeLessThanOrEqual(before);
  });
});
