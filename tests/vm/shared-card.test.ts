/** Several seats on one card, each with its own of its connectors, and who sees and shows what. */
import { dirname } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type Desktop, weston } from './desktops.js';
import { eventually } from './eventually.js';
import { type OpenSession, SeatManager, type SessionOptions } from './SeatManager.js';
import { Vm } from './Vm.js';

const rules = {
  rules: [
    { kind: 'card', connector: 'Virtual-2', seat: 'seat1' },
    // Shared by one: what happens to such a card as a whole.
    { kind: 'card', driver: 'bochs-drm', connector: '*', seat: 'seat2' },
  ],
};
const guest = `${process.cwd()}/node_modules/.cache/tests/vm/guest`;
const painter = `${guest}/painter.js`;
const red = 0xa02020;
const green = 0x20a020;
const blue = 0x2020a0;
const black = 0;

let vm: Vm;
let manager: SeatManager;

beforeAll(async () => {
  vm = await Vm.start();
  await vm.plug(1, 800, 600);
  // Programs of the sessions' users are in this checkout.
  for (let path = process.cwd(); path !== '/'; path = dirname(path))
    await vm.run(`chmod a+x ${path} || true`);
  await vm.run(`printf %s '${JSON.stringify(rules)}' > /tmp/rules.json`);
  manager = await SeatManager.start(vm, 'switchyard', ['--hardware-rules', '/tmp/rules.json'], true);
});
afterAll(async () => {
  await vm?.stop();
});

const sessions: OpenSession[] = [];
const open = async (options: SessionOptions): Promise<OpenSession> => {
  const session = await manager.open(options);
  sessions.push(session);
  return session;
};
const end = async ({ process }: OpenSession): Promise<void> => {
  process.kill('SIGKILL');
  await process.status;
};
afterEach(async () => {
  for (const session of sessions.splice(0)) await end(session);
});

/** Colours of the two heads, where one colour has most of it. */
async function screens(...colours: [number | undefined, number]): Promise<void> {
  await eventually(async () => {
    for (const [head, colour] of colours.entries()) {
      if (colour === undefined) continue;
      expect((await vm.screenshot({ head })).share(colour)).toBeGreaterThan(0.5);
    }
  });
}

/** On seat0, which has VTs, each has one of its own. */
const vts: Readonly<Record<number, number>> = { [red]: 2, [green]: 3 };

interface Painter extends OpenSession {
  /** Its standard input: of a session on a VT that would be the terminal. */
  readonly input: string;
}
let painters = 0;

async function paint(
  seat: 'seat0' | 'seat1' | 'seat2',
  colour: number,
  manner = '',
  card = '/dev/dri/card0',
): Promise<Painter> {
  const input = `/tmp/painter-${painters++}`;
  const program = `mkfifo ${input}; exec node ${painter} ${card} ${colour} ${manner} 0<> ${input}`;
  const place = seat === 'seat0' ? { user: 'alice' as const, vt: vts[colour]! } : { user: 'bob' as const };
  const session = await open({ ...place, seat, program });
  if (seat === 'seat0') await activate(session);
  await session.process.printed(/(painted|refused).*\n/);
  return { ...session, input };
}

/** Has the painter do something, and gives what it says of it. */
async function ask({ process, input }: Painter, what: string, answer: RegExp): Promise<unknown> {
  const before = process.stdout.length;
  await vm.run(`echo ${what} > ${input}`);
  const lines = () => process.stdout.slice(before).split('\n').slice(0, -1);
  await eventually(async () => expect(lines().join('\n')).toMatch(answer));
  return JSON.parse(lines().find((line) => answer.test(line))!);
}

/** All that the painter has said, as far as the lines are whole. */
const said = ({ process }: OpenSession): unknown[] =>
  process.stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));

const manage = (member: string, signature: string, ...given: (string | number)[]): Promise<string> =>
  vm.run(
    `busctl call org.freedesktop.login1 /org/freedesktop/login1 org.switchyard.DeviceManager1 ${member} ${signature} ${given.join(' ')}`,
  );
const activate = ({ id }: OpenSession): Promise<void> => manager.activate(id);

it('two unmodified westons of two users are on two seats of one card at once', async () => {
  const other: Desktop = { ...weston, program: weston.program.replaceAll('603020', '204060') };
  const first = await open({ user: 'alice', vt: 1, program: weston.program });
  await activate(first);
  const second = await open({ user: 'bob', seat: 'seat1', program: other.program });
  await screens(0x603020, 0x204060);
  await eventually(async () => {
    expect(first.process.stderr).toContain("DRM: head 'Virtual-1' found");
    expect(second.process.stderr).toContain("DRM: head 'Virtual-2' found");
  });
  expect(first.process.stderr).not.toContain('Virtual-2');
  expect(second.process.stderr).not.toContain('Virtual-1');
  await end(second);
  // A seat that nobody uses any more is dark; the other's desktop does not notice.
  await screens(0x603020, black);
});

it('leases outlive the manager that gave them, and the next one can take them back', async () => {
  const other: Desktop = { ...weston, program: weston.program.replaceAll('603020', '204060') };
  const first = await open({ user: 'alice', vt: 1, program: weston.program });
  await activate(first);
  const second = await open({ user: 'bob', seat: 'seat1', program: other.program });
  await screens(0x603020, 0x204060);
  await manager.restartSupervised();
  // The terminal in the first one draws what is typed there.
  await vm.run(`printf "printf '\\\\033]11;#20a0a0\\\\007'" > /tmp/recolour`);
  await eventually(async () => {
    await vm.type('sh /tmp/recolour\n');
    expect((await vm.screenshot()).share(0x20a0a0)).toBeGreaterThan(0.1);
  });
  await screens(undefined, 0x204060);

  const painter = await paint('seat0', green);
  await screens(green, 0x204060);
  await end(second);
  await screens(green, black);
  await end(painter);
  await screens(black, black);
});

it('a switch on one seat takes everything from the session that leaves, and nothing from the other seat', async () => {
  const neighbour = await paint('seat1', blue);
  const first = await paint('seat0', red);
  await screens(red, blue);
  const second = await paint('seat0', green);
  await screens(green, blue);
  expect(await ask(first, 'repaint', /repainted/)).toEqual({ repainted: ['ENOENT'] });
  expect(await ask(neighbour, 'repaint', /repainted/)).toEqual({ repainted: ['Virtual-2'] });

  // It comes back with a new lease; the old one stays dead.
  await activate(first);
  await screens(red, blue);
  await eventually(async () =>
    expect(said(first)).toEqual([
      'enabled',
      { painted: ['Virtual-1'] },
      'disabled',
      { repainted: ['ENOENT'] },
      'enabled',
      { painted: ['Virtual-1'] },
    ]),
  );
  expect(await ask(first, 'repaint', /repainted/)).toEqual({ repainted: ['ENOENT', 'Virtual-1'] });
  expect(said(neighbour)).toEqual(['enabled', { painted: ['Virtual-2'] }, { repainted: ['Virtual-2'] }]);

  // Neither of those that left can be seen any more, not even by what they had shown.
  await end(first);
  await activate(second);
  await screens(green, blue);
  const silent = await open({ user: 'alice', vt: 4, program: 'exec sleep 1000' });
  await activate(silent);
  await screens(black, blue);
  await ask(second, 'scribble', /scribbled/);
  await ask(neighbour, 'repaint', /repainted/);
  await screens(black, blue);
});

it('a session that does not answer holds neither its own seat up nor the other', async () => {
  await paint('seat1', blue);
  const stubborn = await paint('seat0', red, 'stubborn');
  const stopped = await paint('seat0', green);
  await screens(green, blue);
  expect(await ask(stubborn, 'repaint', /repainted/)).toEqual({ repainted: ['ENOENT'] });
  stopped.process.kill('SIGSTOP');
  await activate(stubborn);
  await activate(stopped);
  stopped.process.kill('SIGCONT');
  await screens(green, blue);
});

it('a connector moves from seat to seat while both are in use', async () => {
  const first = await paint('seat0', red);
  const second = await paint('seat1', blue);
  await screens(red, blue);
  await manage('MoveConnector', 'uuss', 226, 0, 'Virtual-2', 'seat0');
  await screens(red, red);
  // It is in front still, without a card.
  await eventually(async () => expect(said(second)).toHaveLength(6));
  expect(said(second)).toEqual([
    'enabled',
    { painted: ['Virtual-2'] },
    'disabled',
    'gone',
    'enabled',
    { refused: 'Device 226:0 is on seat0, the session is not' },
  ]);
  expect(await ask(second, 'repaint', /repainted/)).toEqual({ repainted: ['ENOENT'] });
  await eventually(async () =>
    expect(said(first).slice(2)).toEqual(['disabled', 'enabled', { painted: ['Virtual-1', 'Virtual-2'] }]),
  );

  await manage('MoveConnector', 'uuss', 226, 0, 'Virtual-2', 'seat1');
  await screens(red, black);
  // What is seen may be seen before it is said.
  await eventually(async () =>
    expect(said(first).slice(5)).toEqual(['disabled', 'enabled', { painted: ['Virtual-1'] }]),
  );
  expect(await ask(second, 'open', /painted|refused/)).toEqual({ painted: ['Virtual-2'] });
  await screens(red, blue);

  // To one who has it in the background it is there when his turn comes.
  await paint('seat0', green);
  await manage('MoveConnector', 'uuss', 226, 0, 'Virtual-2', 'seat0');
  await screens(green, green);
  await activate(first);
  await screens(red, red);
  // As the rules have it, for whoever comes next.
  await manage('MoveConnector', 'uuss', 226, 0, 'Virtual-2', 'seat1');
  await screens(red, black);
});

it('what cannot be moved is refused', async () => {
  const refused = (...given: (string | number)[]) =>
    manage('MoveConnector', 'uuss', ...given).then(
      () => '',
      (error: Error) => error.message,
    );
  expect(await refused(226, 0, 'HDMI-A-7', 'seat1')).toContain('has no connector HDMI-A-7');
  expect(await refused(226, 77, 'Virtual-1', 'seat1')).toContain('has no connector');
  expect(await refused(226, 0, 'Virtual-1', 'nowhere')).toContain('is no name for a seat');
  await expect(
    vm.run(
      'busctl call org.freedesktop.login1 /org/freedesktop/login1 org.switchyard.DeviceManager1 MoveConnector uuss 226 0 Virtual-1 seat1',
      { user: 'alice' },
    ),
  ).rejects.toThrow(/denied|not allowed|administrator/i);
});

const secondScreen = (colour: number) =>
  eventually(async () => expect((await vm.screenshot({ gpu: 1 })).share(colour)).toBeGreaterThan(0.5));
const cards = async () => (await vm.run('ls /dev/dri | grep card')).trim().split('\n');

it('a shared card that is pulled out is gone for who has it, and is dealt anew when it is back', async () => {
  const neighbour = await paint('seat1', blue);
  const first = await paint('seat2', red, '', '/dev/dri/card1');
  await secondScreen(red);
  const before = await cards();
  const driver = '/sys/bus/pci/drivers/bochs-drm';
  await vm.run(`echo 0000:00:11.0 > ${driver}/unbind`);
  await eventually(async () => expect(said(first)).toContain('gone'));
  expect(await ask(first, 'open', /painted|refused/)).toEqual({ refused: expect.any(String) });
  await vm.run(`echo 0000:00:11.0 > ${driver}/bind`);
  // Under another number, as long as anybody has a file of the one that it was.
  let again: string | undefined;
  await eventually(async () => {
    again = (await cards()).find((name) => !before.includes(name)) ?? 'card1';
    expect(
      await vm.run(
        'busctl call org.freedesktop.login1 /org/freedesktop/login1 org.switchyard.DeviceManager1 ListDevices s seat2',
      ),
    ).toContain(`/dev/dri/${again}"`);
  });
  await paint('seat2', green, '', `/dev/dri/${again}`);
  await secondScreen(green);
  expect(await ask(neighbour, 'repaint', /repainted/)).toEqual({ repainted: ['Virtual-2'] });
});

it('a stranger who is master of a shared card is found, named and ended; root is only named, and waited for', async () => {
  const card = (await cards()).find((name) => !['card0', 'card2'].includes(name))!;
  const minor = card.replace('card', '');
  const steal = async (uid: number) => {
    const thief = vm.exec(`exec node ${guest}/seats.js thief /dev/dri/${card} ${uid}`);
    await thief.printed(/ready/);
    thief.end();
    await eventually(async () =>
      expect(await vm.run(`cat /sys/kernel/debug/dri/${minor}/clients`)).toMatch(/ y +[yn] +\d+ +\d+\n/),
    );
    return thief;
  };
  const named = (done: string) =>
    eventually(async () =>
      expect(await vm.run('cat /run/supervised/log/*')).toMatch(
        new RegExp(`"done":"${done}".*had taken /dev/dri/${card}"`),
      ),
    );
  const thief = await steal(1000);
  const first = await paint('seat2', red, '', `/dev/dri/${card}`);
  expect(said(first)).toContainEqual({ painted: [expect.any(String)] });
  await secondScreen(red);
  expect(await thief.status).toBe(137);
  await named('ended');
  await end(first);

  const root = await steal(0);
  const second = await paint('seat2', green, '', `/dev/dri/${card}`);
  expect(said(second).at(-1)).toEqual({ refused: expect.stringContaining('EBUSY') });
  await named('left');
  root.kill('SIGKILL');
  await root.status.catch(() => {});
  await eventually(async () =>
    expect(await ask(second, 'open', /painted|refused/)).toEqual({ painted: [expect.any(String)] }),
  );
  await secondScreen(green);
});
