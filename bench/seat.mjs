/**
 * How long a switch takes between two clients that both answer, with this session manager and with Debian's seatd, in
 * one run and by turns. Through libseat (unmodified, one C program with both clients) a switch lasts until the new
 * client is enabled and has opened its devices; over login1 until the last ResumeDevice has arrived, in one Node.js
 * process. seatd opens input devices of the kernel only; where there are no three, nodes of /dev/null stand in for them,
 * which it opens and closes all the same (that they cannot be revoked costs it an ioctl each). Each case has a round
 * before that is not counted. In the end, what many switches with three devices leave behind.
 *
 *   npx tsc -b services/bus services/seat && node bench/seat.mjs [switches] [rounds] [switches in the end]
 *
 * Needs cc, libseat1, and for the comparison seatd and root (its socket's path is fixed: it gets a /run of its own).
 */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Connection, Variant } from '@switchyard/dbus';
import { DeviceProvider, login1, sessionPath, switchyard } from '@switchyard/seat';

const switches = Number(process.argv[2] ?? 1000);
const rounds = Number(process.argv[3] ?? 3);
const many = Number(process.argv[4] ?? 10_000);
const root = fileURLToPath(new URL('..', import.meta.url));
const place = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'bench-seat-'));
const children = [];

function start(program, args, environment = {}) {
  const env = { ...process.env, YARD_LOG_LEVEL: 'error', ...environment };
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit'], env });
  children.push(child);
  return child;
}
async function until(condition) {
  for (let i = 0; !condition(); i++) {
    if (i > 6000) throw new Error('it did not start within a minute');
    await sleep(10);
  }
}

const events = existsSync('/dev/input')
  ? readdirSync('/dev/input').filter((name) => /^event/.test(name))
  : [];
const real = events.length >= 3;
const seatdDevices = (real ? events.slice(0, 3) : ['event0', 'event1', 'event2']).map(
  (name) => `/dev/input/${name}`,
);

const program = join(place, 'switch');
execFileSync('cc', ['-O2', '-o', program, join(root, 'bench/seat/switch.c'), '-l:libseat.so.1']);
const seatdSocket = join(place, 'run/seatd.sock');
mkdirSync(join(place, 'run'));
const haveSeatd = process.getuid() === 0 && existsSync('/usr/sbin/seatd');
if (haveSeatd) {
  const nodes = 'for i in 0 1 2; do mknod /dev/input/event$i c 1 3; done';
  const standIns = `mount -t tmpfs dev /dev && mkdir /dev/input && { ${nodes}; } &&`;
  const inside = `mount --bind "$0" /run && ${real ? '' : standIns} SEATD_VTBOUND=0 exec seatd -l silent`;
  start('unshare', ['-m', 'sh', '-c', inside, join(place, 'run')]);
  await until(() => existsSync(seatdSocket));
}
start(process.execPath, [join(root, 'services/bus/dist/main.js'), '--runtime-dir', place]);
await until(() => existsSync(join(place, 'bus')));
const manager = start(process.execPath, [
  join(root, 'services/seat/dist/main.js'),
  ...['--runtime-dir', place, real ? '--hardware' : '--no-hardware'],
]);
const address = `unix:path=${join(place, 'bus')}`;
const connection = await Connection.connect(address);
await new Promise((appeared) => connection.watchName(login1.name, { appeared }));
const provider = new DeviceProvider();
provider.connected(connection);
for (const name of ['keys', 'more keys']) provider.attachKeyboard('seat0', name);
provider.attachPointer('seat0', 'mouse', 1000);
const target = { destination: login1.name, path: login1.path };
const deviceManager = { ...target, interface: switchyard.deviceManager };
let devices = [];
while (devices.length < 3) {
  const [all] = await connection.call({
    ...deviceManager,
    member: 'ListDevices',
    signature: 's',
    body: [''],
  });
  // Those of the kernel have majors of the kernel's.
  devices = all.filter(([major]) => major === 4095);
}
const virtual = devices.map(([major, minor]) => `/dev/switchyard/${major}:${minor}`);

/** Microseconds of each switch through libseat. */
function libseat(socket, first, paths, count = switches) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, [`${count}`, `${first}`, `${first + 1}`, ...paths], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, LIBSEAT_BACKEND: 'seatd', SEATD_SOCK: socket },
    });
    let text = '';
    child.stdout.on('data', (chunk) => (text += chunk));
    child.on('close', (status) => {
      if (status === 0) resolve(text.trim().split('\n').map(Number));
      else reject(new Error(`the libseat program ended with ${status}`));
    });
  });
}

/** A controller over login1 that acknowledges at once. */
class Controller {
  resumed = 0;
  onResumed = () => {};
  async open() {
    this.bus = await Connection.connect(address);
    const leader = spawn('sleep', ['600'], { stdio: 'ignore' });
    children.push(leader);
    const body = [
      process.getuid(),
      leader.pid,
      'bench',
      'wayland',
      'user',
      '',
      'seat0',
      0,
      '',
      '',
      false,
      '',
      '',
    ];
    const properties = [['Background', new Variant('b', true)]];
    const reply = await this.bus.call({
      ...target,
      interface: login1.manager,
      member: 'CreateSession',
      signature: 'uusssssussbssa(sv)',
      body: [...body, properties],
    });
    this.fifo = reply[3];
    this.path = sessionPath(reply[0]);
    const signal = (member, handler) =>
      this.bus.match({ type: 'signal', path: this.path, interface: login1.session, member }, handler);
    signal('PauseDevice', ({ body: [major, minor, kind] }) => {
      if (kind === 'pause') this.call('PauseDeviceComplete', 'uu', major, minor);
    });
    signal('ResumeDevice', ({ body }) => {
      body[2].close();
      if (++this.resumed % devices.length === 0) this.onResumed();
    });
    await this.call('TakeControl', 'b', false);
    for (const [major, minor] of devices) (await this.call('TakeDevice', 'uu', major, minor))[0].close();
    return this;
  }
  call(member, signature = '', ...body) {
    const session = { destination: login1.name, path: this.path, interface: login1.session };
    return this.bus.call({ ...session, member, signature, body });
  }
  close() {
    this.fifo.close();
    this.bus.close();
  }
}

async function overLogin1() {
  const [a, b] = [await new Controller().open(), await new Controller().open()];
  const times = [];
  for (let i = 0; i <= switches; i++) {
    const to = i % 2 ? b : a;
    const started = performance.now();
    const resumed = new Promise((resolve) => (to.onResumed = resolve));
    await Promise.all([to.call('Activate'), resumed]);
    if (i > 0) times.push((performance.now() - started) * 1000);
  }
  a.close();
  b.close();
  return times;
}

const cases = {
  'yard-seatd, libseat, no devices': () => libseat(join(place, 'seatd.sock'), 2, []),
  'yard-seatd, libseat, 3 virtual devices': () => libseat(join(place, 'seatd.sock'), 2, virtual),
  'yard-seatd, login1, 3 virtual devices': overLogin1,
};
if (real) {
  cases['yard-seatd, libseat, 3 devices'] = () => libseat(join(place, 'seatd.sock'), 2, seatdDevices);
}
if (haveSeatd) {
  // It never gives a number out again; a run of the program takes three.
  let number = -2;
  const next = () => {
    number += 3;
    return number;
  };
  cases['seatd, libseat, no devices'] = () => libseat(seatdSocket, next(), []);
  cases['seatd, libseat, 3 devices'] = () => libseat(seatdSocket, next(), seatdDevices);
}

const results = Object.fromEntries(Object.keys(cases).map((name) => [name, []]));
const names = Object.keys(cases);
try {
  for (let round = -1; round < rounds; round++) {
    for (let i = 0; i < names.length; i++) {
      const name = names[(i + round + names.length) % names.length];
      const times = await cases[name]();
      if (round >= 0) results[name].push(...times);
    }
  }
  const at = (sorted, part) => `${sorted[Math.floor((sorted.length - 1) * part)].toFixed(0)}`.padStart(8);
  console.log(`${switches} switches × ${rounds} rounds, µs${' '.repeat(12)}median     p99     max`);
  for (const [name, times] of Object.entries(results)) {
    const sorted = times.sort((a, b) => a - b);
    console.log(`${name.padEnd(36)}${at(sorted, 0.5)}${at(sorted, 0.99)}${at(sorted, 1)}`);
  }
  const compare = (ours, theirs) => {
    const median = (name) => results[name][Math.floor((switches * rounds) / 2)];
    console.log(`${(median(ours) / median(theirs)).toFixed(1)} times as long: ${ours} / ${theirs}`);
  };
  for (const devices of haveSeatd ? ['no devices', '3 devices', '3 virtual devices'] : []) {
    const ours = `yard-seatd, libseat, ${devices}`;
    if (ours in cases) compare(ours, `seatd, libseat, ${devices.replace('virtual ', '')}`);
  }
  const held = () => `${readdirSync(`/proc/${manager.pid}/fd`).length} fds, ${rss()} MiB`;
  console.log(`the manager before ${many} switches with 3 devices: ${held()}`);
  for (let part = 1; part <= 4; part++) {
    await libseat(join(place, 'seatd.sock'), 2, virtual, many / 4);
    console.log(`after ${(many / 4) * part}: ${held()}`);
  }
} finally {
  connection.close();
  for (const child of children.reverse()) child.kill('SIGKILL');
  rmSync(place, { recursive: true, force: true });
}

function rss() {
  const pages = Number(readFileSync(`/proc/${manager.pid}/statm`, 'latin1').split(' ')[1]);
  return Math.round((pages * 4096) / 2 ** 20);
}
