import { spawn } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPolicy, YardBusd } from '../testing/YardBusd.js';

/** A system bus by its policy: calls must be allowed one by one. */
const closedPolicy = `<type>system</type>
  <policy context="default"><allow user="*"/><deny own="*"/><deny send_type="method_call"/>
    <allow send_type="signal"/><allow send_requested_reply="true" send_type="method_return"/>
    <allow send_requested_reply="true" send_type="error"/>
    <allow receive_type="method_call"/><allow receive_type="method_return"/>
    <allow receive_type="error"/><allow receive_type="signal"/>
    <allow send_destination="org.freedesktop.DBus"/>
    <allow own="org.x.Echo"/><allow send_destination="org.x.Echo"/></policy>`;

type Run = { stdout: string; stderr: string; status: number | null };

describe.each([
  ['session', `<type>session</type>${openPolicy}`, 'DBUS_SESSION_BUS_ADDRESS', '--user'],
  ['system', closedPolicy, 'DBUS_SYSTEM_BUS_ADDRESS', '--system'],
])('on yard-busd as the %s bus', (type, config, variable, option) => {
  let bus: YardBusd;
  beforeAll(async () => {
    bus = await YardBusd.start({ config });
  });
  afterAll(() => bus.stop());

  function start(program: string, ...args: string[]) {
    const environment = { ...process.env, [variable]: bus.address };
    return spawn(program, args, { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  }

  async function run(program: string, ...args: string[]): Promise<Run> {
    const child = start(program, ...args);
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (bytes: Buffer) => (stdout += bytes));
    child.stderr.on('data', (bytes: Buffer) => (stderr += bytes));
    const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
    return { stdout, stderr, status };
  }

  it('libdbus talks to libdbus: dbus-test-tool and dbus-send', async () => {
    const echo = start('dbus-test-tool', 'echo', `--${type}`, '--name=org.x.Echo');
    while (!(await run('dbus-send', `--${type}`, '--print-reply', '--dest=org.x.Echo', '/', 'a.b.C')).stdout)
      if (echo.exitCode !== null) throw new Error('the echo ended');
    const spam = await run(
      'dbus-test-tool',
      'spam',
      `--${type}`,
      '--dest=org.x.Echo',
      '--count=2000',
      '--queue=50',
    );
    expect(spam).toMatchObject({ status: 0 });
    echo.kill();
    await new Promise((resolve) => echo.once('exit', resolve));
  });

  it('GDBus: gdbus', async () => {
    const target = ['-d', 'org.freedesktop.DBus', '-o', '/org/freedesktop/DBus'];
    const call = await run('gdbus', 'call', `--${type}`, ...target, '-m', 'org.freedesktop.DBus.GetId');
    expect(call.stdout).toMatch(/^\('[0-9a-f]{32}',\)\n$/);
    const text = await run('gdbus', 'introspect', `--${type}`, ...target);
    expect(text.stdout).toContain('interface org.freedesktop.DBus.Debug.Stats');
  });

  it('sd-bus: busctl', async () => {
    expect((await run('busctl', option, 'list', '--no-legend')).stdout).toMatch(
      /^org\.freedesktop\.DBus +\d+ node/m,
    );
    const call = [
      'call',
      'org.freedesktop.DBus',
      '/',
      'org.freedesktop.DBus',
      'GetConnectionUnixUser',
      's',
      'org.freedesktop.DBus',
    ];
    expect((await run('busctl', option, ...call)).stdout).toBe(`u ${process.getuid?.()}\n`);
    expect((await run('busctl', option, 'call', 'org.x.Nobody', '/', 'a.b', 'C')).stderr).toContain(
      'The name org.x.Nobody was not provided by any .service files',
    );
  });

  it('QtDBus: qdbus', async () => {
    const on = type === 'system' ? ['--system'] : [];
    const names = (await run('qdbus', ...on)).stdout;
    expect(names).toMatch(/^org\.freedesktop\.DBus$/m);
    const id = await run('qdbus', ...on, 'org.freedesktop.DBus', '/', 'org.freedesktop.DBus.GetId');
    expect(id.stdout).toMatch(/^[0-9a-f]{32}\n$/);
    const unknown = await run('qdbus', ...on, 'org.x.Nobody', '/', 'org.x.Y.Z');
    expect(unknown).toMatchObject({ status: 2, stderr: "Service 'org.x.Nobody' does not exist.\n" });
  });

  it('a monitor: dbus-monitor sees what goes by', async () => {
    const monitor = start('dbus-monitor', `--${type}`, '--monitor', "type='signal',interface='org.x.I'");
    let seen = '';
    monitor.stdout.on('data', (bytes: Buffer) => (seen += bytes));
    while (!seen.includes('member=Bell'))
      await run('dbus-send', `--${type}`, '--type=signal', '/x', 'org.x.I.Bell', 'string:ding');
    expect(seen).toContain('string "ding"');
    monitor.kill();
    await new Promise((resolve) => monitor.once('exit', resolve));
  });
});
