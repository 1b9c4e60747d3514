import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { StrictFolder } from '../support/StrictFolder.js';
import { Terminal } from '../support/Terminal.js';
import { eventually, YardTree, yard } from '../support/YardTree.js';

describe('yard', () => {
  let tree: YardTree;
  let terminal: Terminal;

  beforeAll(async () => {
    tree = await YardTree.up('--size', '800x600');
    const session = await eventually('the terminal', async () => (await tree.sessions())[0]);
    terminal = await Terminal.of(tree, session.id);
    await terminal.shows(/[$#] ?$/m);
  });
  afterAll(async () => {
    terminal?.close();
    await tree?.down();
  });

  /** A terminal is in front before it has the keyboard: what is typed between is lost. */
  const listens = () =>
    eventually('what is typed', async () => {
      await tree.yard('type', 'echo listening\n');
      return terminal.shows(/^listening$/m, 5000);
    });

  it('says that it already runs, and prints the same line', async () => {
    const again = await tree.attempt('up');
    expect(again.status).toBe(0);
    expect(again.stderr).toMatch(/already running/);
    expect(again.stdout).toContain(tree.info.url);
  });

  it('shows another terminal when the last one ends, though a program without a window runs', async () => {
    const sleeper = (await tree.yard('run', '--background', '--', 'sleep', '600')).trim();
    const before = terminal.session;
    // A program that has only just come might show something yet.
    await new Promise((resolve) => setTimeout(resolve, 5000));
    terminal.close();
    await tree.yard('type', 'exit\n');
    const session = await eventually('another terminal', async () => {
      const one = (await tree.sessions()).find(({ id }) => id !== sleeper);
      expect(one?.id).not.toBe(before);
      expect(one).toBeDefined();
      return one!;
    });
    terminal = await Terminal.of(tree, session.id);
    await listens();
    await tree.yard('kill', sleeper);
  });

  it('prints what a terminal shows and showed, finds text in it, and records it', async () => {
    await tree.yard('type', 'seq 1 99; echo needle in hay\n');
    await terminal.shows(/^needle in hay$/m);
    expect(await tree.yard('console text')).toMatch(/^99\nneedle in hay$/m);
    expect(await tree.yard('console text', '--scrollback')).toMatch(/^1\n2\n3$/m);
    expect(await tree.yard('console text', '--search', 'NEEDLE').catch(() => 'none')).toBe('none');
    expect(await tree.yard('console text', terminal.session, '--search', 'needle in')).toMatch(
      /^-\d+: .*echo needle in hay\n-\d+: needle in hay$/m,
    );
    expect(await tree.attempt('console record', '/dev/full')).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/^yard: cannot write the recording: ENOSPC/),
    });
    const file = join(tree.runtimeDir, 'session.cast');
    const recording = tree.yard('console record', file);
    await eventually('the recording', async () =>
      expect(readFileSync(file, 'utf8')).toContain('"version":2'),
    );
    const tab = await terminal.text();
    await tree.yard('type', 'echo recorded; clear; exec sh -c "exit 0"\n');
    await recording;
    expect(readFileSync(file, 'utf8')).toMatch(/"o",".*recorded/);
    expect(tab).not.toContain('recorded');
    terminal.close();
    const session = await eventually('another terminal', async () => {
      const [one] = await tree.sessions();
      expect(one?.id).not.toBe(terminal.session);
      return one!;
    });
    terminal = await Terminal.of(tree, session.id);
    await listens();
  });

  it('asks its own bus, and makes TypeScript of what is on it', async () => {
    const manager = ['org.freedesktop.login1', '/org/freedesktop/login1'];
    const [session] = await tree.sessions();
    expect(await tree.yard('bus ls', '--acquired')).toMatch(/^org\.switchyard\.Display +\d+ +node/m);
    const listed = JSON.parse(await tree.yard('bus call', '--json', ...manager, 'ListSessions'));
    expect(listed.type).toBe('a(susso)');
    expect(listed.data[0].map(([id]: string[]) => id)).toContain(session!.id);
    const login1 = await tree.yard('bus codegen', ...manager, `${manager[1]}/session/${session!.id}`);
    using folder = new StrictFolder({
      'login1.ts': login1,
      'program.ts': `
        import { Connection } from '@switchyard/dbus';
        import { ManagerProxy, SessionProxy } from './login1.js';
        using bus = await Connection.session();
        const manager = new ManagerProxy(bus, 'org.freedesktop.login1', '/org/freedesktop/login1');
        for (const [id, uid, , seat, path] of await manager.ListSessions()) {
          const { Active, Type } = await new SessionProxy(bus, 'org.freedesktop.login1', path).getAll();
          console.log(id, uid, seat, Active, Type);
        }`,
    });
    expect(await folder.compile()).toBe('');
    const printed = await folder.run('program', { DBUS_SESSION_BUS_ADDRESS: tree.info.bus });
    expect(printed).toContain(`${session!.id} ${process.getuid!()} ${session!.seat} true wayland\n`);
  });

  it('types text and presses keys as a person would', async () => {
    await tree.yard('type', 'clear; echo "A-b_(3)"\n');
    await terminal.shows(/^A-b_\(3\)$/m);
    await tree.yard('type', 'sleep 1000\n');
    await terminal.shows(/sleep 1000/);
    // What comes before the shell has begun with the program ends nothing.
    await eventually('the end of the program', async () => {
      await tree.yard('key', 'ctrl+c');
      await tree.yard('type', 'echo back\n');
      return terminal.shows(/^back$/m, 5000);
    });
  });

  it('takes a screenshot of the seat and of a background session', async () => {
    const seat = join(tree.runtimeDir, 'seat.png');
    await tree.yard('screenshot', seat);
    const png = PNG.sync.read(readFileSync(seat));
    expect([png.width, png.height]).toEqual([800, 600]);
    const id = (await tree.yard('run', '--background', '--name', 'shm', '--', 'weston-simple-shm')).trim();
    const pixels = await eventually('its pixels', async () => {
      const file = join(tree.runtimeDir, 'session.png');
      await tree.yard('screenshot', '--session', id, file);
      const { data } = PNG.sync.read(readFileSync(file));
      return new Set(new Uint32Array(data.buffer, data.byteOffset, data.length / 4)).size > 16;
    });
    expect(pixels).toBe(true);
    expect((await tree.sessions()).find((session) => session.id === id)).toMatchObject({
      name: 'shm',
      state: 'online',
    });
    const state = async () => (await tree.sessions()).find((session) => session.id === id)!.state;
    await tree.yard('activate', 'shm');
    await expect.poll(state).toBe('active');
    await tree.yard('activate', 'prev');
    await expect.poll(state).toBe('online');
    await tree.yard('kill', id);
    await eventually('it is gone', async () => !(await tree.sessions()).some((session) => session.id === id));
  });

  it('moves the pointer, clicks and scrolls', async () => {
    await tree.yard('pointer move', '10', '10');
    await tree.yard('pointer click', 'left');
    await tree.yard('pointer scroll', '--', '-2');
    expect((await tree.attempt('pointer move', '5000', '10')).stderr).toMatch(/outside the screen/);
  });

  it('ends with the program’s status and passes its output on with --wait', async () => {
    const result = await tree.attempt('run', '--wait', '--', 'sh', '-c', 'echo out; echo err >&2; exit 7');
    expect(result.status).toBe(7);
    expect(result.stdout).toBe('out\n');
    expect(result.stderr).toContain('err\n');
  });

  it('gives a session its environment', async () => {
    const file = join(tree.runtimeDir, 'environment');
    expect(
      await tree.attempt('run', '--wait', '--background', '--', 'sh', '-c', `env > ${file}`),
    ).toMatchObject({
      status: 0,
    });
    const environment = readFileSync(file, 'utf8');
    expect(environment).toMatch(/^XDG_SESSION_ID=c\d+$/m);
    expect(environment).toMatch(/^XDG_SEAT=seat0$/m);
    expect(environment).toMatch(/^XDG_SESSION_TYPE=wayland$/m);
    expect(environment).toMatch(/^WAYLAND_DISPLAY=\/.*\.wayland$/m);
  });

  it('names what is wrong, and what to do', async () => {
    const cases: [args: string[], status: number, words: RegExp][] = [
      [['run', '--', 'no-such-program'], 1, /no-such-program: no such program/],
      [['activate', 'c999'], 4, /no session c999/],
      [['kill', 'c999'], 4, /no session c999/],
      [['screenshot', '--seat', 'seat9', '-'], 4, /no seat seat9/],
      [['key', 'ctrl+nokey'], 2, /no key “nokey”/],
      [['log', 'nolog'], 4, /no log of nolog/],
    ];
    for (const [args, status, words] of cases) {
      const result = await yard([args[0]!, '--runtime-dir', tree.runtimeDir, ...args.slice(1)]);
      expect(result.stderr, args.join(' ')).toMatch(words);
      expect(result.status, args.join(' ')).toBe(status);
      expect(result.stderr.trimEnd().split('\n'), args.join(' ')).toHaveLength(1);
    }
  });

  it('refuses a wrong size, port and command with status 2, and says what is right and whose help tells more', async () => {
    const cases: [args: string[], words: string][] = [
      [['up', '--size', '63x100'], 'yard: --size 63x100: a size is WIDTHxHEIGHT, each from 64'],
      [['up', '--size', '9000x100'], 'yard: --size 9000x100: a size is'],
      [['up', '--port', '70000'], 'yard: --port 70000: a port is'],
      [['pointer', 'click', 'nose'], '(yard pointer click --help tells more)'],
      [['nonsense'], "yard: unknown command 'nonsense'\n(yard --help lists the commands)"],
    ];
    for (const [args, words] of cases)
      expect(await yard(args), args.join(' ')).toMatchObject({
        status: 2,
        stderr: expect.stringContaining(words),
      });
  });

  it('says what is free when the port is busy', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    const directory = mkdtempSync(join(tmpdir(), 'yard-busy-'));
    const result = await yard(['up', '--detach', '--port', String(port), '--runtime-dir', directory]);
    expect(result.status).toBe(1);
    expect(result.stderr).toMatch(new RegExp(`port ${port}.*in use.*--port`));
    server.close();
    rmSync(directory, { recursive: true, force: true, maxRetries: 10 });
  });

  it('says that nothing runs, with status 3', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'yard-none-'));
    for (const verb of ['status', 'sessions', 'down']) {
      const result = await yard([verb, '--runtime-dir', directory]);
      expect(result.status).toBe(3);
      expect(result.stderr).toMatch(/nothing is running/);
    }
    rmSync(directory, { recursive: true, force: true, maxRetries: 10 });
  });

  it('says what a recording is called', async () => {
    expect(await tree.attempt('record', 'film.avi')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('.webm'),
    });
    const nowhere = await tree.attempt('record', '--seconds', '1', join(tree.runtimeDir, 'no', 'film.webm'));
    expect(nowhere).toMatchObject({ status: 1, stderr: expect.stringContaining('No such file') });
  });

  it('refuses a font that cannot be read, or is none', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'yard-font-'));
    const text = join(directory, 'text.ttf');
    writeFileSync(text, 'no font');
    const up = (font: string) => yard(['up', '--port', '0', '--runtime-dir', directory, '--font', font]);
    const missing = await up(join(directory, 'missing.ttf'));
    expect([missing.status, missing.stderr]).toEqual([1, expect.stringMatching(/ENOENT.*missing\.ttf/)]);
    const wrong = await up(text);
    expect([wrong.status, wrong.stderr]).toEqual([
      1,
      expect.stringMatching(/text\.ttf is no TrueType or OpenType font/),
    ]);
    rmSync(directory, { recursive: true, force: true, maxRetries: 10 });
  });

  it('refuses a runtime directory that is a file', async () => {
    const file = join(tree.runtimeDir, 'a-file');
    writeFileSync(file, '');
    const result = await yard(['up', '--port', '0', '--runtime-dir', file]);
    expect(result.status).toBe(1);
    expect(result.stderr).toMatch(/a-file.*--runtime-dir/);
  });

  it('shows logs and what the machine can do', async () => {
    expect((await tree.attempt('log', 'seat')).status).toBe(0);
    const findings = JSON.parse((await yard(['doctor', '--json'])).stdout) as {
      name: string;
      verdict: string;
    }[];
    expect(findings.find(({ name }) => name === 'memfd seals')?.verdict).toBe('ok');
  });
});

/** Nobody else's: another run may be on this machine, or what is left of one. */
const daemon = `sleep 987.${process.pid}`;

describe('yard down', () => {
  let tree: YardTree;
  afterEach(() => tree.down());

  it('leaves no process, socket or memfd', async () => {
    tree = await YardTree.up('--session', 'foot', '--session', 'weston-simple-shm');
    await eventually('three sessions', async () => (await tree.sessions()).length === 3);
    // A daemon that left its session and its environment's mark still belongs to the tree.
    await tree.run('sh', '-c', `env -i setsid sh -c "${daemon}" & sleep 1000`);
    await eventually('the daemon', async () => processesOf(tree).length > 8);
    await tree.yard('down');
    expect(processesOf(tree)).toEqual([]);
    expect(readFileSync('/proc/net/unix', 'latin1')).not.toContain(tree.runtimeDir);
    expect(readdirSync(tree.runtimeDir)).toEqual(['log']);
  });

  it('ends a tree whose supervisor was killed, and `yard up` takes one over', async () => {
    tree = await YardTree.up('--no-console');
    await tree.run('sleep', '1000');
    const before = await tree.services();
    process.kill(before.get('supervisor')!.pid, 'SIGKILL');
    await eventually('it is noticed', async () => (await tree.attempt('sessions')).status === 3);
    expect((await tree.attempt('status')).stderr).toContain('its services run on; yard up takes them over');
    expect((await tree.attempt('up --detach --port 0 --no-console')).status).toBe(0);
    const after = await tree.services();
    for (const name of ['bus', 'seat', 'display', 'web'])
      expect(after.get(name)!.pid).toBe(before.get(name)!.pid);
    expect(await tree.sessions()).toHaveLength(1);
    process.kill(after.get('seat')!.pid, 'SIGKILL');
    await eventually(
      'the seat manager runs again',
      async () => (await tree.services()).get('seat')?.restarts === 1,
    );
    process.kill((await tree.services()).get('supervisor')!.pid, 'SIGKILL');
    await tree.yard('down');
    expect(processesOf(tree)).toEqual([]);
  });
});

/** The pids of all that carries the tree's runtime directory, and of a daemon that hides it. */
function processesOf(tree: YardTree): string[] {
  const mark = Buffer.from(`YARD_RUNTIME_DIR=${tree.runtimeDir}`);
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry) && entry !== String(process.pid))
    .filter((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'latin1');
        return (
          readFileSync(`/proc/${pid}/environ`).includes(mark) || command === `${daemon.replace(' ', '\0')}\0`
        );
      } catch {
        return false;
      }
    });
}
