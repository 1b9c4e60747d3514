import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from './eventually.js';
import { Vm } from './Vm.js';

let vm: Vm;
beforeAll(async () => {
  vm = await Vm.start();
});
afterAll(async () => {
  await vm.stop();
});

it('two graphics cards with real connectors, and a monitor that is plugged in while the machine runs', async () => {
  const connectors = await vm.run('cd /sys/class/drm; for c in card?-*; do echo $c $(cat $c/status); done');
  expect(connectors.split('\n')).toEqual(
    expect.arrayContaining([
      'card0-Virtual-1 connected',
      'card0-Virtual-2 disconnected',
      expect.stringMatching(/^card1-Virtual-\d connected$/),
    ]),
  );
  await vm.plug(1, 800, 600);
  await eventually(async () => {
    const second = await vm.run('cd /sys/class/drm/card0-Virtual-2; cat status; head -1 modes');
    expect(second).toBe('connected\n800x600\n');
  });
  await vm.plug(1, 0, 0);
  await eventually(async () =>
    expect(await vm.run('cat /sys/class/drm/card0-Virtual-2/status')).toBe('disconnected\n'),
  );
});

it('a key that is pressed on the keyboard of a seat comes out of its evdev node, and of no other', async () => {
  const names = await vm.run('grep -h . /sys/class/input/event*/device/name | sort | uniq -c');
  expect(names.replaceAll(/ +/g, ' ')).toBe(
    ' 2 QEMU Virtio Keyboard\n 2 QEMU Virtio Mouse\n 1 QEMU Virtio Tablet\n',
  );
  const [first, second] = [0, 3].map((number) => vm.exec(`exec evtest /dev/input/event${number}`));
  await first!.printed(/Testing/);
  await second!.printed(/Testing/);
  await vm.key('a', { gpu: 1 });
  await second!.printed(/KEY_A\), value 0/);
  await vm.key('b');
  await first!.printed(/KEY_B\), value 0/);
  expect(first!.stdout).not.toMatch(/KEY_A\), value/);
  expect(second!.stdout).not.toMatch(/KEY_B\), value/);
  first!.kill();
  second!.kill();
  await Promise.all([first!.status, second!.status]);
});

it('virtual terminals that the keys switch, on a screen that can be looked at', async () => {
  await vm.run('setterm --clear all > /dev/tty1; chvt 1');
  const cleared = async () => {
    const picture = await vm.screenshot();
    expect(picture.share(0)).toBeGreaterThan(0.99);
    return picture;
  };
  await eventually(async () => void (await cleared()));
  const before = await cleared();
  await vm.run("printf '\\033[41m\\033[2J' > /dev/tty2");
  await vm.key('ctrl-alt-f2');
  await eventually(async () => expect((await vm.screenshot()).share(0xaa0000)).toBeGreaterThan(0.95));
  expect(await vm.run('cat /sys/class/tty/tty0/active')).toBe('tty2\n');
  await vm.key('ctrl-alt-f1');
  await eventually(async () => expect((await vm.screenshot()).difference(before)).toBeLessThan(0.01));
});

it('people without groups, who can open no device of the machine', async () => {
  expect(await vm.run('id -Gn', { user: 'alice' })).toBe('alice\n');
  await expect(vm.run('cat < /dev/dri/card0', { user: 'alice' })).rejects.toThrow('Permission denied');
  await expect(vm.run('cat < /dev/input/event0', { user: 'bob' })).rejects.toThrow('Permission denied');
});

it('uinput, uhid and cuse, and what udev knows of the devices', async () => {
  await vm.run('test -c /dev/uinput -a -c /dev/uhid -a -c /dev/cuse');
  expect(await vm.run('udevadm info /dev/input/event0')).toContain('ID_INPUT_KEYBOARD=1');
});

it('the programs of this checkout', async () => {
  const usage = await vm.run('node services/seat/dist/main.js --help');
  expect(usage).toContain('usage: yard-seatd');
});
