/**
 * How long a switch takes between two clients that both answer, with this session manager and with Debian's seatd, in
 * one run and by turns. Through libseat (unmodified, one C program with both clients) a switch lasts until the new
 * client is enabled and has opened its devices; over login1 until the last ResumeDevice has arrived, in one Node.js
 * process. Where the machine has a card, a keyboard and a mouse, both open these; else seatd opens nodes of /dev/null in
 * the place of three input devices, which it opens and closes all the same (that they cannot be revoked costs it an
 * ioctl each), and ours virtual ones. Each case has a round before that is not counted. In the end, what many switches
 * with three devices leave behind. `cpu` is the manager's CPU time for a switch.
 *
 *   npx tsc -b services/bus services/seat && node bench/seat.mjs [switches] [rounds] [switches in the end] [--vt]
 *
 * With --vt both switch the kernel's VTs, of this machine: nobody should be looking at its screen.
 * `npm run vm -- node bench/seat.mjs … [--vt]` has real devices, and a screen at which nobody looks.
 *
 * Needs cc, libseat1, and for the comparison seatd and root.
 */
import { execFileSync, spawn } from 'node:child_process';
import { constants, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Fd, lockFile } from '@switchyard/sys';
import { Daemon } from './seat/Daemon.mjs';
import { LoginController } from './seat/LoginController.mjs';
import { provideDevices, startOurs, startSeatd } from './seat/managers.mjs';

const onVts = process.argv.includes('--vt');
const numbers = process.argv.slice(2).filter((argument) => argument !== '--vt');
const [switches = 1000, rounds = 3, many = 10_000] = numbers.map(Number);
/** High ones, on which nobody is. */
const vts = onVts ? [41, 42] : [];
const machine = ['/dev/dri/card0', '/dev/input/event0', '/dev/input/event1'];
const real = machine.every((path) => existsSync(path));
const standIns = real ? [] : ['event0', 'event1', 'event2'].map((name) => `/dev/input/${name}`);
const place = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'bench-seat-'));
const root = fileURLToPath(new URL('..', import.meta.url));
const program = join(place, 'switch');

/** What is going on, for whoever waits; the results go to stdout. */
const tell = (text) => process.stderr.write(`${text}\n`);

/** seatd never gives a number out again, and a run of the program takes three; ours gives positions. */
let nextOfSeatd = 1;
function sessionsOf(manager) {
  if (onVts) return vts;
  if (manager.name !== 'seatd') return [2, 3];
  nextOfSeatd += 3;
  return [nextOfSeatd - 3, nextOfSeatd - 2];
}

/** Microseconds of each switch through libseat, and of the manager's CPU time for one. */
async function libseat(manager, paths, count = switches) {
  const used = manager.daemon.cpu;
  const sessions = sessionsOf(manager).map(String);
  const child = spawn(program, [...(onVts ? ['-v'] : []), `${count}`, ...sessions, ...paths], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, LIBSEAT_BACKEND: 'seatd', SEATD_SOCK: manager.socket },
  });
  let text = '';
  child.stdout.on('data', (chunk) => (text += chunk));
  const status = await new Promise((resolve) => child.on('close', resolve));
  if (status !== 0) throw new Error(`the libseat program ended with ${status}`);
  return { times: text.trim().split('\n').map(Number), cpu: (manager.daemon.cpu - used) / count };
}

async function overLogin1(manager, devices) {
  const controllers = [];
  for (let i = 0; i < 2; i++) controllers.push(await LoginController.open(manager.address, devices));
  const times = [];
  await controllers[0].activate();
  const used = manager.daemon.cpu;
  for (let i = 1; i <= switches; i++) {
    const started = performance.now();
    await controllers[i % 2].activate();
    times.push((performance.now() - started) * 1000);
  }
  const cpu = (manager.daemon.cpu - used) / switches;
  for (const controller of controllers) controller.close();
  return { times, cpu };
}

const at = (sorted, part) => sorted[Math.floor((sorted.length - 1) * part)];
const median = (values) =>
  at(
    values.toSorted((a, b) => a - b),
    0.5,
  );

class Case {
  times = [];
  /** Of each round. */
  medians = [];
  cpus = [];

  constructor(name, run) {
    this.name = name;
    this.run = run;
  }

  async round(counts) {
    const { times, cpu } = await this.run();
    tell(`  ${this.name}: median ${median(times).toFixed(0)}, ${cpu.toFixed(0)} of CPU`);
    if (!counts) return;
    for (const time of times) this.times.push(time);
    this.medians.push(median(times));
    this.cpus.push(cpu);
  }

  get row() {
    const sorted = this.times.toSorted((a, b) => a - b);
    const values = [at(sorted, 0.5), at(sorted, 0.99), at(sorted, 1), median(this.cpus)];
    return `${this.name.padEnd(40)}${values.map((value) => value.toFixed(0).padStart(8)).join('')}`;
  }
}

/** There is one VT in front: the tests that use the machine's take turns as well (KernelVtsLock). */
async function takeVts() {
  const lock = Fd.open(join(tmpdir(), 'switchyard-kernel-vts.lock'), constants.O_RDWR | constants.O_CREAT);
  while (!lockFile(lock)) await sleep(50);
  return lock;
}

const lock = onVts ? await takeVts() : undefined;
try {
  execFileSync('cc', ['-O2', '-o', program, join(root, 'bench/seat/switch.c'), '-l:libseat.so.1']);
  tell('starting both managers');
  mkdirSync(join(place, 'ours'));
  const ours = await startOurs(join(place, 'ours'), { hardware: real, vts: onVts });
  const comparable = process.getuid() === 0 && existsSync('/usr/sbin/seatd');
  const seatd = comparable ? await startSeatd(place, { standIns, vts }) : undefined;
  const virtual = real ? [] : await provideDevices(ours.connection);
  const paths = real ? machine : virtual.map(([major, minor]) => `/dev/switchyard/${major}:${minor}`);
  const kind = real ? 'a card and 2 inputs' : '3 virtual devices';
  const cases = [
    new Case('yard-seatd, no devices', () => libseat(ours, [])),
    new Case(`yard-seatd, ${kind}`, () => libseat(ours, paths)),
  ];
  const pairs = [];
  if (seatd) {
    const theirs = real ? machine : standIns;
    cases.push(new Case('seatd, no devices', () => libseat(seatd, [])));
    cases.push(new Case(`seatd, ${real ? kind : '3 nodes of /dev/null'}`, () => libseat(seatd, theirs)));
    pairs.push([cases[0], cases[2]], [cases[1], cases[3]]);
  }
  if (virtual.length > 0 && !onVts)
    cases.push(new Case('yard-seatd, login1, 3 virtual devices', () => overLogin1(ours, virtual)));

  for (let round = 0; round <= rounds; round++) {
    tell(round === 0 ? 'a round to warm up, µs' : `round ${round} of ${rounds}, µs`);
    for (let i = 0; i < cases.length; i++) await cases[(i + round) % cases.length].round(round > 0);
  }
  console.log(
    `${switches} switches × ${rounds} rounds${onVts ? ' on VTs' : ''}, µs`.padEnd(40),
    ' median     p99     max     cpu',
  );
  for (const one of cases) console.log(one.row);
  // Of each round's, which had the same company.
  for (const [one, other] of pairs) {
    const ratios = one.medians.map((value, round) => value / other.medians[round]);
    const span = `${Math.min(...ratios).toFixed(2)}…${Math.max(...ratios).toFixed(2)}`;
    console.log(`${median(ratios).toFixed(2)} times as long (${span} by round): ${one.name} / ${other.name}`);
  }

  console.log(`before ${many} switches with ${kind} the manager has ${ours.daemon.held}`);
  for (let part = 1; part <= 4; part++) {
    const { times } = await libseat(ours, paths, many / 4);
    const sorted = times.toSorted((a, b) => a - b);
    // The other ends of channels are still on their way to their provider.
    await sleep(500);
    console.log(`after ${(many / 4) * part}: ${ours.daemon.held}; p99 ${at(sorted, 0.99).toFixed(0)} µs`);
  }
} finally {
  Daemon.endAll();
  lock?.close();
  rmSync(place, { recursive: true, force: true });
}
process.exit();
