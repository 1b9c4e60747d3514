/** libs/drm on the kernel's own drivers: what it says it showed is compared with what the screens show. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CardProgram } from './CardProgram.js';
import { eventually } from './eventually.js';
import { type Place, Vm } from './Vm.js';

const red = 0xff3030;
const green = 0x30ff30;
const blue = 0x3030ff;
const black = 0;

let vm: Vm;
let program: CardProgram;

beforeAll(async () => {
  vm = await Vm.start({ gpus: [{ kind: 'virtio', outputs: 2 }, { kind: 'cirrus' }] });
  await vm.plug(1, 800, 600);
  program = await CardProgram.start(vm);
});
afterAll(() => vm?.stop());

/** How much of a screen has a colour, once it is so: QEMU shows what it is told a moment later. */
const shows = (colour: number, part = 1, place: Place = {}): Promise<void> =>
  eventually(async () => expect((await vm.screenshot(place)).share(colour)).toBe(part));

/** QEMU writes on a screen without a signal that it is. */
const isDark = (): Promise<void> =>
  eventually(async () => expect((await vm.screenshot()).share(black)).toBeGreaterThan(0.99));

test('a mode is set and a picture is on the screen, until another master sets another', async () => {
  expect(await program.play('modes')).toEqual({
    driver: 'virtio_gpu',
    prime: { import: true, export: true },
    isMaster: true,
    renderNode: expect.stringMatching(/^\/dev\/dri\/renderD\d+$/),
    name: 'Virtual-1',
    monitor: 'QEMU Monitor',
    mode: expect.stringMatching(/^1024x768@\d+\.\d{3}$/),
    inPlace: true,
  });
  await shows(red);
  await program.step();
  await shows(green, 0.5);
  expect(await program.step()).toEqual({
    strangerIsMaster: false,
    strangersShow: 'EACCES',
    strangersMaster: 'EBUSY',
  });
  await shows(green, 0.5);
  expect(await program.step()).toEqual({ flipOfOld: 'EACCES' });
  await shows(red);
  expect(await program.step()).toEqual({ off: true });
  await isDark();
  expect(await program.step()).toBe('done');
});

test('a hundred flips bring a hundred events, in order, each of its own CRTC', async () => {
  expect(await program.play('flips')).toEqual({
    count: 100,
    inOrder: true,
    ofCrtc: true,
    timesRise: true,
    soon: true,
  });
  // The last of them was of the first picture.
  await shows(red);
});

test('an atomic commit happens as a whole or not at all', async () => {
  expect(await program.play('atomic')).toEqual({
    withoutModeset: 'EINVAL',
    event: 77,
    formats: true,
    type: 'Primary',
    active: true,
    noSuchProperty: expect.stringContaining('has no property BRIGHTNESS'),
    tooLarge: 'ERANGE',
  });
  await shows(green);
  await program.step();
  expect(await program.step()).toEqual({ off: true });
  await isDark();
});

test('the cursor is where it was moved to, and nowhere when hidden', async () => {
  expect(await program.play('cursor')).toEqual({
    width: 64,
    height: 64,
    places: ['64x64+200+150', '64x64+600+400', null],
  });
});

test('a lessee without any right drives its connector alone, pauses with its owner, and ends with its lease', async () => {
  expect(await program.play('leases')).toEqual({
    lessee: { uid: 1000, connectors: ['Virtual-1'], foreign: 'ENOENT', master: 'EACCES', isMaster: true },
    lessees: 2,
    numbers: [1, 2],
    twice: 'EBUSY',
    leaseOfLease: 'EINVAL',
    nothingOfLease: 'EINVAL',
    masterOfLease: ['EINVAL', ''],
    names: ['Virtual-2'],
  });
  await shows(red);
  await shows(blue, 1, { head: 1 });
  expect(await program.step()).toEqual({
    paused: ['EACCES', 'EACCES', false, 'EINVAL'],
    resumed: ['', '', true],
  });
  expect(await program.step()).toEqual({ revoked: 'ENOENT', objects: 0, other: '', lessees: 1 });
  expect(await program.step()).toEqual({ still: 'ENOENT', new: 'Virtual-1' });
  await shows(green);
  await shows(blue, 1, { head: 1 });
});

test('what one card or a render node has drawn, another card shows', async () => {
  expect(await program.play('buffers')).toEqual({
    refused: { dumb: 'EACCES', resources: 'EACCES', master: 'EACCES' },
    mode: expect.stringMatching(/^1024x768@/),
  });
  await shows(blue, 1, { gpu: 1 });
  expect(await program.step()).toEqual({
    same: true,
    stillThere: '',
    intoVirtio: 'ENODEV',
    wrongDriver: expect.stringContaining('is a cirrus, not a virtio_gpu'),
  });
  await shows(green);
  await shows(red, 1, { gpu: 1 });
});

test('monitors are seen to come, to go and to be exchanged', async () => {
  await program.play('hotplug');
  const none = { connected: [], disconnected: [], changed: [] };
  await vm.plug(1, 1280, 720);
  expect(await program.step()).toEqual({ ...none, changed: ['Virtual-2 1280x720'] });
  await vm.plug(1, 0, 0);
  expect(await program.step()).toEqual({ ...none, disconnected: ['Virtual-2'] });
  expect(await program.step()).toEqual(none);
  await vm.plug(1, 800, 600);
  expect(await program.step()).toEqual({ ...none, connected: ['Virtual-2 800x600'] });
});
