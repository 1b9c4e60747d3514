import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from './eventually.js';
import { SeatProgram } from './SeatProgram.js';
import { Vm } from './Vm.js';

const alice = 1000;
const bob = 1001;
/** `YARD_SWITCHES=10000` for a soak. */
const switches = Number(process.env['YARD_SWITCHES'] ?? 60);
const HANDOVERS_AT_ONCE = 20;
/** Of linux/input-event-codes.h. */
const KEY_A = 30;

let vm: Vm;
let seats: SeatProgram;
let first: string;
let second: string;
/** Of a node before any session was in front. */
let modes: string;

beforeAll(async () => {
  vm = await Vm.start();
  // udevd 252 does not tag HID devices' own reports; logind, where it takes them, wants the tag.
  await vm.run(`mkdir -p /run/udev/rules.d
    echo 'SUBSYSTEM=="hidraw", TAG+="seat"' > /run/udev/rules.d/90-hidraw.rules
    /lib/systemd/systemd-udevd --daemon`);
  seats = await SeatProgram.start(vm, '--grace', '5000', '--udev-rules', '/run/udev/rules.d');
  first = (await seats.call('session', 'seat0', alice)) as string;
  second = (await seats.call('session', 'seat0', bob)) as string;
  modes = await vm.run('stat -c %a /dev/dri/renderD128');
  await seats.call('activate', first);
});
afterAll(async () => {
  await seats?.stop();
  await vm?.stop();
});

interface Listed {
  readonly key: string;
  readonly kind: string;
  readonly name: string;
  readonly path: string;
  readonly sysfs: string;
  readonly connected?: string[];
}

async function devices(seat = ''): Promise<Listed[]> {
  return (await seats.call('devices', seat)) as Listed[];
}

it('the machine’s cards and input devices are on seat0', async () => {
  const kinds = (await devices('seat0')).map(({ kind, path }) => `${kind} ${path}`);
  expect(kinds).toEqual([
    'card /dev/dri/card0',
    'card /dev/dri/card1',
    'card /dev/dri/card2',
    'evdev /dev/input/event0',
    'evdev /dev/input/event1',
    'evdev /dev/input/event2',
    'evdev /dev/input/event3',
    'evdev /dev/input/event4',
  ]);
  expect(await seats.call('seats')).toEqual(['seat0']);
});

it('what is no device of a seat, or is held already, is refused in login1’s words', async () => {
  expect(await seats.call('takeNumber', first, 1, 3)).toBe('System.Error.ENODEV');
  expect(await seats.call('takeNumber', first, 226, 128)).toBe('System.Error.ENODEV');
  expect(await seats.call('take', first, '/dev/dri/card0')).toBe(false);
  expect(await seats.call('take', first, '/dev/dri/card0')).toBe('org.freedesktop.login1.DeviceIsTaken');
  await seats.call('release', first, '/dev/dri/card0');
});

it('a keyboard that is plugged in is there, types for the session in front alone, and is gone when it is pulled out', async () => {
  const node = (await seats.call('gadget', 'Plugged', 'keyboard')) as string;
  await eventually(async () => expect((await devices('seat0')).map(({ name }) => name)).toContain('Plugged'));
  const { key } = (await devices()).find(({ name }) => name === 'Plugged')!;
  expect(await seats.call('take', first, node)).toBe(false);
  expect(await seats.call('take', second, node)).toBe(true);
  await seats.call('press', 'Plugged', KEY_A);
  expect(await seats.call('drain', first)).toEqual({ pressed: 1, revoked: 0 });
  expect(await seats.call('drain', second)).toEqual({ pressed: 0, revoked: 1 });

  await seats.call('press', 'Plugged', KEY_A);
  await seats.call('activate', second);
  await seats.call('logged', second, `resume ${key}`);
  await seats.call('press', 'Plugged', KEY_A, KEY_A + 1);
  expect(await seats.call('drain', first)).toEqual({ pressed: 0, revoked: 1 });
  expect(await seats.call('drain', second)).toEqual({ pressed: 2, revoked: 1 });
  await seats.call('logged', first, 'active false');
  expect(await seats.call('log', first)).toEqual([`active true`, `pause ${key}`, 'active false']);

  await seats.call('heard');
  await seats.call('unplug', 'Plugged');
  await seats.call('logged', second, `gone ${key}`);
  await seats.call('logged', first, `gone ${key}`);
  const [major, minor] = key.split(':').map(Number);
  await eventually(async () =>
    expect(await seats.call('heard')).toContainEqual(['DeviceRemoved', 'seat0', major, minor]),
  );
  await seats.call('activate', first);
});

it('of two sessions with a card the one in front is master, by the file that it has from the beginning', async () => {
  for (const id of [first, second]) await seats.call('log', id);
  expect(await seats.call('take', first, '/dev/dri/card0')).toBe(false);
  expect(await seats.call('take', second, '/dev/dri/card0')).toBe(true);
  const masters = async () => [
    await seats.call('master', first, '/dev/dri/card0'),
    await seats.call('master', second, '/dev/dri/card0'),
  ];
  expect(await masters()).toEqual([true, false]);
  await seats.call('activate', second);
  expect(await masters()).toEqual([false, true]);
  await seats.call('activate', first);
  expect(await masters()).toEqual([true, false]);
  await seats.call('logged', first, 'resume 226:0');
  await seats.call('logged', second, 'active false');
  expect(await seats.call('log', second)).toEqual([
    'active true',
    'resume 226:0',
    'pause 226:0',
    'active false',
  ]);
});

it('a screen that is plugged into a card is told of', async () => {
  await seats.call('heard');
  await vm.plug(1, 800, 600);
  await eventually(async () => {
    expect(await seats.call('heard')).toContainEqual([
      'DeviceChanged',
      'seat0',
      226,
      0,
      'card',
      'virtio-pci',
    ]);
  });
  await seats.call('heard');
  // The kernel looks when the compositor asks it to.
  await seats.call('probe', first, '/dev/dri/card0');
  const connected = async () => (await devices()).find(({ key }) => key === '226:0')!.connected;
  await eventually(async () => expect(await connected()).toEqual(['Virtual-1', 'Virtual-2']));
  await vm.plug(1, 0, 0);
});

it('Ctrl+Alt+F2 on a real keyboard is heard beside the session that has it', async () => {
  expect(await seats.call('take', first, '/dev/input/event0')).toBe(false);
  await seats.call('log', second);
  await vm.key('ctrl-alt-f2');
  await seats.call('logged', second, 'active true');
  await vm.key('ctrl-alt-f1');
  await seats.call('logged', second, 'active false');
});

it('hardware is attached to a seat, which is there as long as its screen is', async () => {
  const keyboard = (await devices()).find(({ path }) => path === '/dev/input/event3')!;
  const card = (await devices()).find(({ path }) => path === '/dev/dri/card1')!;
  expect(await seats.call('attach', 'seat1', '/sys/devices/virtual/mem/null')).toBe('System.Error.ENODEV');
  expect(await seats.call('attach', 'seat1', '/sys/devices/none')).toBe('System.Error.ENODEV');
  expect(await seats.call('attach', 'nowhere', card.sysfs)).toBe('org.freedesktop.DBus.Error.InvalidArgs');

  expect(await seats.call('attach', 'seat1', keyboard.sysfs.replace(/\/event\d+$/, ''))).toBe('ok');
  expect(await seats.call('seats')).toEqual(['seat0']);
  expect((await devices()).map(({ path }) => path)).not.toContain('/dev/input/event3');
  expect(await seats.call('attach', 'seat1', card.sysfs)).toBe('ok');
  await eventually(async () =>
    expect((await devices('seat1')).map(({ path }) => path)).toEqual(['/dev/dri/card1', '/dev/input/event3']),
  );
  expect(await seats.call('seats')).toEqual(['seat0', 'seat1']);
  expect(await seats.call('take', first, '/dev/dri/card1')).toBe('org.freedesktop.DBus.Error.AccessDenied');
  // udev says the same to compositors.
  await eventually(async () => {
    expect(await vm.run('udevadm info /dev/dri/card1')).toContain('ID_SEAT=seat1');
    expect(await vm.run(`udevadm info ${keyboard.sysfs.replace(/\/event\d+$/, '')}`)).toContain(
      'ID_SEAT=seat1',
    );
  });

  expect(await seats.call('flush')).toBe('ok');
  await eventually(async () => expect(await seats.call('seats')).toEqual(['seat0']));
  await eventually(async () => expect(await devices('seat0')).toHaveLength(8));
  expect(await vm.run('ls /run/udev/rules.d')).toBe('72-switchyard-cards.rules\n90-hidraw.rules\n');
});

it('a HID device’s own reports are refused where the kernel cannot take them back', async () => {
  const node = (await seats.call('hid', 'Button')) as string;
  await eventually(async () => expect((await devices()).map(({ path }) => path)).toContain(node));
  // Linux 6.1; those from 6.12 on can.
  expect(await seats.call('take', first, node)).toBe('org.freedesktop.DBus.Error.NotSupported');
});

it('a thief who is a card’s master is found, named and ended, and the session has the card at once', async () => {
  for (const id of [first, second]) await seats.call('release', id, '/dev/dri/card0');
  const pid = await seats.call('thief', '/dev/dri/card0', alice);
  await seats.call('loose', pid);
  await eventually(async () =>
    expect(await vm.run('cat /sys/kernel/debug/dri/0/clients')).toMatch(new RegExp(` ${pid} +0 +y`)),
  );
  await seats.call('heard');
  expect(await seats.call('take', first, '/dev/dri/card0')).toBe(false);
  expect(await seats.call('master', first, '/dev/dri/card0')).toBe(true);
  await eventually(async () => expect(await seats.call('ended', pid)).toBe('SIGKILL'));
  await eventually(async () => {
    const stolen = ['CardStolen', 'seat0', 226, 0, pid, alice, 'node', 'ended'];
    expect(await seats.call('heard')).toContainEqual(stolen);
  });
});

it(
  'over many switches, with somebody typing and a thief lurking, nobody reads, shows or takes what is not his',
  async () => {
    await seats.call('gadget', 'Typed', 'keyboard');
    await eventually(async () => expect((await devices()).map(({ name }) => name)).toContain('Typed'));
    const { path } = (await devices()).find(({ name }) => name === 'Typed')!;
    for (const id of [first, second]) await seats.call('take', id, path);
    expect(await seats.call('stranger', '/dev/dri/card0')).toBe(false);
    // He was master once, before there were sessions, and waits for the gap between two.
    await seats.call('release', first, '/dev/dri/card0');
    const pid = await seats.call('thief', '/dev/dri/card0', alice);
    expect(await seats.call('take', first, '/dev/dri/card0')).toBe(false);
    expect(await seats.call('take', second, '/dev/dri/card0')).toBe(true);
    await seats.call('loose', pid);
    await seats.call('heard');
    // He takes it at the first chance that he has, on a machine that may not let him run just then, and has no second one.
    do await handOver();
    while ((await seats.call('ended', pid)) === null);
    expect(await seats.call('ended', pid)).toBe('SIGKILL');
    const heard: unknown[] = [];
    await eventually(async () => {
      heard.push(...((await seats.call('heard')) as unknown[]));
      expect(heard.length).toBeGreaterThan(0);
    });
    expect(heard).toEqual([['CardStolen', 'seat0', 226, 0, pid, alice, 'node', 'ended']]);
    for (let done = HANDOVERS_AT_ONCE; done < switches; done += HANDOVERS_AT_ONCE) await handOver();
    expect(await seats.call('heard')).toEqual([]);
    await seats.call('unplug', 'Typed');

    async function handOver(): Promise<void> {
      const count = HANDOVERS_AT_ONCE;
      const seen = await seats.call('handovers', second, first, 'Typed', '/dev/dri/card0', count);
      expect(seen).toEqual({ strayKeys: 0, withoutMaster: 0, twoMasters: 0, keys: count });
    }
  },
  300_000 + switches * 500,
);

it('a card that root took is left to him; the session waits for it, and has it as soon as he is gone', async () => {
  for (const id of [first, second]) await seats.call('release', id, '/dev/dri/card0');
  const pid = (await seats.call('thief', '/dev/dri/card0', 0)) as number;
  await seats.call('activate', first);
  expect(await seats.call('take', first, '/dev/dri/card0')).toBe(false);
  expect(await seats.call('take', second, '/dev/dri/card0')).toBe(true);
  await seats.call('loose', pid);
  await seats.call('heard');
  // At the first gap, or the second.
  const stolen = ['CardStolen', 'seat0', 226, 0, pid, 0, 'node', 'left'];
  let holder = first;
  await eventually(async () => {
    holder = holder === first ? second : first;
    await seats.call('activate', holder);
    expect(await seats.call('heard')).toContainEqual(stolen);
  });
  expect(await seats.call('master', holder, '/dev/dri/card0')).toBe(false);
  await seats.call('log', holder);
  await seats.call('activate', holder === first ? second : first);
  await seats.call('activate', holder);
  expect(await seats.call('log', holder)).not.toContain('resume 226:0');
  await seats.call('kill', pid);
  await seats.call('logged', holder, 'resume 226:0');
  expect(await seats.call('master', holder, '/dev/dri/card0')).toBe(true);
});

it('a card that is pulled out is gone for who has it, and can be taken again when it is back', async () => {
  const driver = '/sys/bus/pci/drivers/bochs-drm';
  await seats.call('activate', first);
  expect(await seats.call('take', first, '/dev/dri/card1')).toBe(false);
  expect(await seats.call('take', second, '/dev/dri/card1')).toBe(true);
  await vm.run(`echo 0000:00:11.0 > ${driver}/unbind`);
  for (const id of [first, second]) await seats.call('logged', id, 'gone 226:1');
  expect((await devices()).map(({ path }) => path)).not.toContain('/dev/dri/card1');
  await vm.run(`echo 0000:00:11.0 > ${driver}/bind`);
  // Under another number, as long as anybody has a file of the one that it was.
  await eventually(async () => {
    const card = (await devices('seat0')).find(({ name }) => name === 'bochs-drm')!;
    expect(await seats.call('take', first, card.path)).toBe(false);
  });
});

it('the user in front may open what is tagged for him, cards never, and all is as it was when the manager ends', async () => {
  const lists = async (node: string) =>
    (await vm.run(`getfacl -cpn ${node}`)).split('\n').filter((line) => /^user:\d/.test(line));
  const named = (uid: number) => [`user:${uid}:rw-`];
  await vm.run('true > /dev/null < /dev/dri/renderD128', { user: 'alice' });
  expect(await lists('/dev/dri/renderD128')).toEqual(named(alice));
  expect(await lists('/dev/dri/card0')).toEqual([]);
  await seats.call('activate', second);
  expect(await lists('/dev/dri/renderD128')).toEqual(named(bob));
  await seats.call('crash');
  expect(await lists('/dev/dri/renderD128')).toEqual(named(bob));
  await seats.call('terminate');
  expect(await lists('/dev/dri/renderD128')).toEqual([]);
  expect(await vm.run('stat -c %a /dev/dri/renderD128')).toBe(modes);

  // Without udev the kernel's classes say what is for whom.
  await seats.call('start', '--udev', '/run/none');
  await eventually(async () => expect(await lists('/dev/dri/renderD128')).toEqual(named(bob)));
  expect(await lists('/dev/dri/card0')).toEqual([]);
  await seats.call('gadget', 'Untagged', 'mouse');
  await eventually(async () =>
    expect((await devices('seat0')).map(({ name }) => name)).toContain('Untagged'),
  );
  await seats.call('terminate');
  expect(await vm.run('stat -c %a /dev/dri/renderD128')).toBe(modes);
});
