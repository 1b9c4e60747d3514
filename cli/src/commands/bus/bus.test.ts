import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Connection, MessageType, NameFlag } from '@switchyard/dbus';
import { GLibLamp, lampXml, RawClient } from '@switchyard/dbus/testing';
import { RuntimeDir } from '@switchyard/runtime';
import { createMemfd } from '@switchyard/sys';
import { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RunningYard, runYard } from '../../testing/runYard.js';
import { busCommands } from '../bus.js';

const run = promisify(execFile);
const lamp = ['org.example.Lamp', '/lamp'];
const lamp1 = 'org.example.Lamp1';

let folder: string;
let broker: ChildProcess;
let address: string;
let service: GLibLamp;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'yard-bus-'));
  address = `unix:path=${folder}/bus`;
  const main = fileURLToPath(import.meta.resolve('@switchyard/service-bus/main'));
  broker = spawn(process.execPath, [main, '--runtime-dir', folder], { stdio: ['ignore', 'ignore', 'pipe'] });
  await new Promise((resolve) => broker.stderr!.once('data', resolve));
  service = await GLibLamp.start(address);
});
afterAll(async () => {
  service[Symbol.dispose]();
  const ended = new Promise((resolve) => broker.once('exit', resolve));
  broker.kill();
  await ended;
  rmSync(folder, { recursive: true, maxRetries: 10 });
});

const at = (verb: string, ...rest: string[]) => ['bus', verb, '--address', address, ...rest];
const yard = (verb: string, ...rest: string[]) => runYard(...at(verb, ...rest));
const output = async (verb: string, ...rest: string[]) => {
  const { status, stdout, stderr } = await yard(verb, ...rest);
  expect([status, stderr]).toEqual([0, '']);
  return stdout;
};
const json = async (verb: string, ...rest: string[]) => JSON.parse(await output(verb, '--json', ...rest));
const busctl = async (...args: string[]) => (await run('busctl', [`--address=${address}`, ...args])).stdout;
const busctlJson = async (...args: string[]) => JSON.parse(await busctl('--json=short', ...args));

describe('yard bus, beside busctl', () => {
  it('ls names the same connections, with the same processes', async () => {
    const ours = await json('ls');
    const theirs = (await busctlJson('list')) as { name: string; pid: number; connection: string }[];
    const ofTheirs = new Map(theirs.map((one) => [one.name, one]));
    const known = ours.find(({ name }: { name: string }) => name === 'org.example.Lamp');
    expect(known).toMatchObject({
      owner: service.uniqueName,
      process: 'python3',
      user: 'root',
      activatable: false,
    });
    expect(known.pid).toBe(ofTheirs.get('org.example.Lamp')!.pid);
    expect(await output('ls', '--acquired')).toMatch(/^NAME +PID +PROCESS.*\norg.example.Lamp +\d+ +python3/);
    expect((await json('ls', '--unique')).map(({ name }: { name: string }) => name)).toContain(
      service.uniqueName,
    );
  });

  it('tree finds the same objects', async () => {
    const theirs = (await busctl('tree', '--list', 'org.example.Lamp')).split('\n').filter(Boolean);
    expect((await json('tree', 'org.example.Lamp'))['org.example.Lamp']).toEqual(theirs);
    expect(await output('tree', 'org.example.Lamp')).toBe('/\n└─ /lamp\n');
    expect(await output('tree')).toContain('org.freedesktop.DBus\n/\n└─ /org\n   └─ /org/freedesktop\n');
  });

  it('introspect tells of the same members, types, values and flags', async () => {
    const rows = (text: string) =>
      text
        .split('\n')
        .map((line) =>
          line
            .replace(/(^\S+ +property .*?)1 "red" 255 0 0/, '$1{"red":[255,0,0]}')
            .split(/ {2,}| (?=-$|emits|const|deprecated)/)
            .join(' ')
            .replaceAll(/ +/g, ' ')
            .trim(),
        )
        .filter((line) => line.startsWith('.'))
        .sort();
    const theirs = rows(await busctl('introspect', ...lamp, lamp1));
    // busctl does not show the values of dictionaries, and says no more of a deprecated method.
    const ours = rows(await output('introspect', ...lamp, lamp1));
    expect(ours.filter((line) => !line.includes('.Colours'))).toEqual(
      theirs.filter((line) => !line.includes('.Colours')),
    );
    expect(ours.find((line) => line.startsWith('.Colours'))).toBe(
      '.Colours property a{s(yyy)} {"red":[255,0,0]} emits-change',
    );
    expect(await output('introspect', '--xml', ...lamp)).toContain('<interface name="org.example.Lamp1">');
  });

  it('call and get answer the same JSON', async () => {
    expect(await json('call', ...lamp, 'Describe')).toEqual(
      await busctlJson('call', ...lamp, lamp1, 'Describe'),
    );
    expect(await json('call', ...lamp, lamp1, 'Blink', 'ua(sv)', '1', '1', 'k', 's', 'hi')).toEqual(
      await busctlJson('call', ...lamp, lamp1, 'Blink', 'ua(sv)', '1', '1', 'k', 's', 'hi'),
    );
    for (const property of ['On', 'Colours', 'Version'])
      expect(await json('get', ...lamp, lamp1, property)).toEqual(
        await busctlJson('get-property', ...lamp, lamp1, property),
      );
  });

  it('monitor --json tells of a message in the same words', async () => {
    const ours = new RunningYard(...at('monitor', '--json', '--match', "member='Told'"));
    await ours.shows('').then(() => started(ours));
    const theirs = spawn('busctl', [
      `--address=${address}`,
      '--json=short',
      '--match',
      "member='Told'",
      'monitor',
    ]);
    let text = '';
    theirs.stdout.on('data', (bytes: Buffer) => (text += bytes));
    while (!text.includes('"Told"') || !(await ours.shows('')).includes('"Told"')) {
      await output('emit', '/lamp', 'org.example.X', 'Told', 'sa{sv}', 'hi', '{"a": 1}');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    theirs.kill();
    const parsed = (lines: string) => {
      const line = lines.split('\n').findLast((one) => one.includes('"Told"') && one.endsWith('}'))!;
      const { cookie, sender, 'timestamp-realtime': time, expects_reply, ...rest } = JSON.parse(line);
      return rest;
    };
    expect(parsed((await ours.stop()).stdout)).toEqual(parsed(text));
  });
});

/** A monitor that is there takes no part in the bus: when it has lost its name, all that comes is shown. */
async function started(_: RunningYard): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 300));
}

describe('yard bus', () => {
  it('calls by a method’s name alone, with JSON, words, a file as an fd, and no reply', async () => {
    expect(await output('call', ...lamp, 'Blink', '2', '[["a", {"type": "u", "data": 7}], ["b", "x"]]')).toBe(
      '2199023255552\n["a=7","b=x"]\n',
    );
    expect(await output('call', ...lamp, `${lamp1}.get`, '"abc"')).toBe('cba\n');
    expect(await output('call', ...lamp, 'Size', lampXml)).toBe(`${readFileSync(lampXml).length}\n`);
    expect(await output('call', '--no-reply', ...lamp, 'Break')).toBe('');
    expect(await output('call', '--signature', 'ay', ...lamp, lamp1, 'get', '[65, 66]')).toBe('BA\n');
  });

  it('writes a property, and tells all of them', async () => {
    await output('set', ...lamp, lamp1, 'On', 'yes');
    expect(await output('get', ...lamp, lamp1)).toBe(
      'On = true\nColours = {"red":[255,0,0]}\nVersion = "1.0"\n',
    );
    await output('set', ...lamp, lamp1, 'On', 'b', 'false');
    expect(await output('get', ...lamp, lamp1, 'On')).toBe('false\n');
  });

  it.each<[string[], number, string]>([
    [['call', 'org.example.Nobody', '/x', 'a.B', 'C'], 4, 'ServiceUnknown.*yard bus ls shows who is there'],
    [['call', ...lamp, 'Blnk'], 4, 'no method Blnk; did you mean org.example.Lamp1.Blink\\?'],
    [
      ['call', ...lamp, 'Blink', 'x', '[]'],
      2,
      'argument 1 \\(times\\): "x" is not a number from 0 to 4294967295',
    ],
    [['call', ...lamp, 'Blink', '1'], 2, 'argument 2 \\(class\\) is missing'],
    [
      ['call', ...lamp, 'Break'],
      1,
      'org.example.Lamp1.Break of org.example.Lamp /lamp: org.example.Error.Broken: it is broken',
    ],
    [['call', 'org.example.Lamp', '/nope', 'a.B', 'C'], 4, 'yard bus introspect org.example.Lamp /nope'],
    [['get', ...lamp, lamp1, 'Nope'], 4, 'has no property Nope; it has: On, Colours, Version'],
    [['set', ...lamp, lamp1, 'Nope', '1'], 4, 'it has: On, Colours, Version'],
    [['introspect', ...lamp, 'a.B'], 4, 'has no interface a.B; it has: .*org.example.Lamp1'],
    [['codegen', '/nonexistent.xml'], 1, 'ENOENT.*give its path too'],
    [['codegen', ...lamp, '--interface', 'a.B'], 4, 'has no interface a.B'],
    [['monitor', '--match', "shape='round'"], 2, 'no such key: shape'],
    [['emit', '/x', 'a.B', 'C', 'z'], 2, 'not a signature'],
    [['emit', '/x', 'a.B', 'C', '--to', 'org.example.Nobody'], 4, 'has no owner.*yard bus ls'],
    [['introspect', 'org.example.Lamp', '/'], 4, '/ of org.example.Lamp has no interfaces; below it: /lamp'],
    [['codegen', 'org.example.Lamp', '/'], 4, 'describes no interfaces'],
    [['capture', '/dev/full'], 1, 'ENOSPC'],
    [['call', ...lamp, 'Blink', '3', '[]', '5'], 2, 'too many arguments.* when "5" is left'],
  ])('%j fails with %i and says what to do', async (args, status, text) => {
    const [verb, ...rest] = args;
    const ran = await yard(verb!, ...rest);
    expect(ran.stderr).toMatch(new RegExp(text));
    expect(ran.stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(ran.status).toBe(status);
  });

  it.each<[string[], string]>([
    [['introspect', 'org.example.Lamp', 'lamp'], 'an object path'],
    [['call', 'a lamp', '/lamp', 'Break'], 'a name on the bus'],
    [['get', ...lamp, 'Lamp1'], 'an interface’s name'],
    [['emit', '/x', 'a.B', 'C-D'], 'a member’s name'],
    [['tree', 'org.example.Lamp', '.'], 'a name on the bus'],
    [['top', '--interval', '0'], 'seconds, at least'],
  ])('%j is wrong usage, which no bus is asked about', async (args, text) => {
    const ran = await runYard('bus', ...args);
    expect(ran.stderr).toContain(`It must be ${text}`);
    expect(ran.status).toBe(2);
  });

  it('waits for a service that does not answer as long as it is told to, and tells of it in a tree of all', async () => {
    using deaf = await RawClient.connect(address);
    await deaf.hello();
    await deaf.ask('RequestName', 'su', 'org.example.Deaf', 0);
    const wait = ['--timeout', '0.2'];
    for (const args of [
      ['call', 'org.example.Deaf', '/x', 'Hear'],
      ['get', 'org.example.Deaf', '/x', 'a.B'],
      ['introspect', 'org.example.Deaf', '/x'],
    ])
      expect(await yard(args[0]!, ...args.slice(1), ...wait)).toMatchObject({
        status: 1,
        stderr: expect.stringMatching(/no reply within 200 ms; .*--timeout/),
      });
    const all = await yard('tree', '--json', ...wait);
    expect(all.stderr).toMatch(/^yard: org.example.Deaf: .*no reply within 200 ms\n$/);
    expect(JSON.parse(all.stdout)).toMatchObject({ 'org.example.Lamp': ['/', '/lamp'] });
    expect(JSON.parse(all.stdout)).not.toHaveProperty('org\\.example\\.Deaf');
  });

  it('tells of a service that answers other types than the specification has', async () => {
    using odd = await RawClient.connect(address);
    await odd.hello();
    await odd.ask('RequestName', 'su', 'org.example.Odd', 0);
    for (const args of [
      ['introspect', 'org.example.Odd', '/x'],
      ['get', 'org.example.Odd', '/x', 'a.B'],
      ['get', 'org.example.Odd', '/x', 'a.B', 'C'],
    ]) {
      const asked = yard(args[0]!, ...args.slice(1));
      for (let call = await odd.next(); ; call = await odd.next()) {
        if (call!.type !== MessageType.methodCall) continue;
        const reply = { destination: call!.sender!, replySerial: call!.serial, signature: 'u', body: [7] };
        odd.send({ type: MessageType.methodReturn, ...reply });
        break;
      }
      expect(await asked).toMatchObject({
        status: 1,
        stderr: expect.stringMatching(
          /^yard: what came is no valid D-Bus data: .* returned 'u', not '.*'\n$/,
        ),
      });
    }
  });

  it('leaves a capture that is there alone when the bus does not let it watch', async () => {
    const file = join(folder, 'kept.pcap');
    writeFileSync(file, 'of yesterday');
    expect((await yard('capture', file, '--match', 'nonsense')).status).toBe(2);
    expect(readFileSync(file, 'utf8')).toBe('of yesterday');
  });

  it('says what a file is that a method returns', async () => {
    expect(await output('call', ...lamp, 'Open', 'hello')).toMatch(/^fd: \/memfd:.*\n$/);
  });

  it('says which bus there is not', async () => {
    expect(await runYard('bus', 'ls', '--address', '/nonexistent')).toMatchObject({
      status: 3,
      stderr: /no bus at/,
    });
    expect(await runYard('bus', 'ls', '--runtime-dir', folder)).toMatchObject({
      status: 3,
      stderr: /yard up/,
    });
    expect(await runYard('bus', 'ls', '--session', '--system')).toMatchObject({
      status: 2,
      stderr: /one bus/,
    });
  });

  it('names shows who waits for a name, and watches names and connections change', async () => {
    const [one, two] = [await Connection.connect(address), await Connection.connect(address)];
    for (const connection of [one, two]) await connection.requestName('org.example.Queued');
    expect(await json('names', 'org.example.Queued')).toEqual([
      { name: 'org.example.Queued', owner: one.uniqueName, waiting: [two.uniqueName] },
    ]);
    const watching = new RunningYard(...at('names', '--watch', 'org.example.Queued', one.uniqueName));
    await watching.shows('WAITING');
    one.close();
    const text = await watching.shows(`- ${one.uniqueName} gone`);
    expect(text).toContain(`~ org.example.Queued: ${one.uniqueName} → ${two.uniqueName}`);
    await two.requestName('org.example.Queued', NameFlag.doNotQueue);
    two.close();
    await watching.shows('- org.example.Queued gone');
    expect((await watching.stop()).status).toBe(0);
  });

  it('monitor tells which process sent what, and shows messages with fds', async () => {
    const monitor = new RunningYard(
      ...at('monitor', '--metadata', '--match', "interface='org.example.Lamp1'"),
    );
    const json = new RunningYard(
      ...at('monitor', '--metadata', '--json', '--match', "interface='org.example.Lamp1'"),
    );
    using client = await Connection.connect(address);
    let isShown = false;
    void Promise.all([monitor.shows('Size'), json.shows('Size')]).then(() => (isShown = true));
    while (!isShown) {
      const file = createMemfd('seen', { size: 5 });
      await client.proxy('org.example.Lamp', '/lamp').call(lamp1, 'Size', 'h', file);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const comm = readFileSync('/proc/self/comm', 'utf8').trim();
    expect((await monitor.stop()).stdout).toContain(
      `${client.uniqueName} (${comm} ${process.pid}) → org.example.Lamp`,
    );
    const line = (await json.stop()).stdout.split('\n').find((one) => one.includes('"Size"'))!;
    expect(JSON.parse(line)).toMatchObject({
      member: 'Size',
      payload: { type: 'h', data: [expect.any(Number)] },
      metadata: { pid: process.pid, uid: process.getuid!(), comm, names: [] },
    });
  });

  it('captures what tshark reads', async () => {
    const file = join(folder, 'bus.pcap');
    const capture = runYard(...at('capture', file, '--match', "member='Captured'", '--count', '2'));
    let done = false;
    void capture.then(() => (done = true));
    while (!done) {
      await output('emit', '/lamp', 'org.example.X', 'Captured', 's', 'in a file');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(await capture).toMatchObject({ status: 0, stderr: `2 messages in ${file}\n` });
    const fields = ['dbus.member', 'dbus.interface', 'dbus.path', 'dbus.type.string', 'frame.protocols'];
    const { stdout } = await run('tshark', [
      '-r',
      file,
      '-T',
      'fields',
      ...fields.flatMap((field) => ['-e', field]),
    ]);
    const lines = stdout.trim().split('\n');
    expect(lines).toHaveLength(2);
    for (const line of lines) expect(line).toMatch(/^Captured\torg.example.X\t\/lamp\t.*in a file.*\tdbus$/);
  });

  it('top shows who is busy', async () => {
    using busy = await Connection.connect(address);
    await busy.requestName('org.example.Busy');
    const timer = setInterval(() => busy.emit({ path: '/x', interface: 'a.B', member: 'Tick' }), 5);
    const rows = await json('top', '--interval', '1', '--count', '1');
    clearInterval(timer);
    const row = rows.find(({ name }: { name: string }) => name === busy.uniqueName);
    expect(row).toMatchObject({ names: ['org.example.Busy'], pid: process.pid });
    expect(row.signals).toBeGreaterThan(5);
  });

  it('codegen makes the same of a file and of the object', async () => {
    const ofFile = await output('codegen', lampXml, '--library', 'x');
    const ofObject = await output('codegen', ...lamp, '--interface', lamp1, '--library', 'x');
    const body = (text: string) =>
      text
        .split('\n')
        .slice(1)
        .join('\n')
        .replace(/"EmitsChanged.*/g, '');
    expect(body(ofObject)).toContain('class Lamp1Proxy extends');
    expect(body(ofFile).length).toBeGreaterThan(2000);
    expect(
      body(ofFile)
        .split('\n')
        .filter((line) => line.startsWith('  async')),
    ).toEqual(
      body(ofObject)
        .split('\n')
        .filter((line) => line.startsWith('  async')),
    );
    const file = join(folder, 'lamp.ts');
    await output('codegen', lampXml, '--out', file, '--library', 'x');
    expect(readFileSync(file, 'utf8')).toBe(ofFile);
  });

  it('finds a bus in a directory of whatever name, as busctl does', async () => {
    const directory = join(folder, 'a, b; c=100% ü\\');
    mkdirSync(directory);
    const main = fileURLToPath(import.meta.resolve('@switchyard/service-bus/main'));
    const odd = spawn(process.execPath, [main, '--runtime-dir', directory], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    try {
      await new Promise((resolve) => odd.stderr!.once('data', resolve));
      const { busAddress, busSocket } = new RuntimeDir(directory);
      expect((await run('busctl', [`--address=${busAddress}`, 'list'])).stdout).toContain('busctl');
      for (const given of [busAddress, busSocket])
        expect(await runYard('bus', 'ls', '--address', given)).toMatchObject({ status: 0, stderr: '' });
    } finally {
      odd.kill();
    }
  });

  it('serves a bus', async () => {
    const config = join(folder, 'serve.conf');
    writeFileSync(
      config,
      `<busconfig><listen>unix:path=${folder}/served</listen><policy context="default"><allow send_destination="*"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>`,
    );
    const serving = new RunningYard('bus', 'serve', '--nofork', '--print-address', `--config-file=${config}`);
    const printed = (await serving.shows('guid=')).trim();
    expect((await runYard('bus', 'ls', '--address', printed)).stdout).toContain('org.freedesktop.DBus');
    const watching = [['monitor'], ['top', '--interval', '0.1'], ['names', '--watch']].map(
      (args) => new RunningYard('bus', ...args, '--address', printed),
    );
    await Promise.all(watching.map((one) => one.shows('\n')));
    await serving.stop();
    // Those who watch it end, with one line, when it does.
    for (const one of watching) {
      const { status, stderr } = await one.done;
      expect(status).toBe(1);
      expect(stderr).toMatch(/^yard: .*\n$/);
    }
  });

  it('every verb’s --help says what it takes, and those that look at a bus say how to choose it', () => {
    const program = new Command().enablePositionalOptions();
    busCommands(program);
    const verbs = program.commands[0]!.commands.filter((command) => command.name() !== 'complete');
    expect(verbs.map((command) => command.name())).toEqual(
      'ls names tree introspect call get set emit monitor capture top codegen serve'.split(' '),
    );
    for (const verb of verbs.filter((command) => command.name() !== 'serve')) {
      const help = verb.helpInformation();
      for (const option of ['--address <address>', '--session', '--system', '--runtime-dir <dir>'])
        expect(help).toContain(option);
      for (const argument of verb.registeredArguments) expect(argument.description).not.toBe('');
    }
  });

  it('completes names, objects, interfaces and members in a shell', async () => {
    const { stdout: completions } = await runYard('completion', 'bash');
    const words = async (...typed: string[]) => {
      const script = `yard() { "${process.execPath}" "${fileURLToPath(new URL('../../../bin/yard.js', import.meta.url))}" "$@"; }
        ${completions}
        COMP_WORDS=(yard "$@"); COMP_CWORD=$#; _yard; printf '%s\\n' "\${COMPREPLY[@]}"`;
      const { stdout } = await run('bash', ['-c', script, 'bash', ...typed]);
      return stdout.split('\n').filter(Boolean);
    };
    expect(await words('bus', 'int')).toEqual(['introspect']);
    expect(await words(...at('introspect', 'org.example.L'))).toEqual(['org.example.Lamp']);
    expect(await words(...at('call', 'org.example.Lamp', '/l'))).toEqual(['/lamp']);
    expect(await words(...at('call', ...lamp, 'org.ex'))).toEqual([lamp1]);
    expect(await words(...at('call', ...lamp, lamp1, 'B'))).toEqual(['Blink', 'Break']);
    expect(await words(...at('get', ...lamp, lamp1, 'O'))).toEqual(['On']);
  });
});
