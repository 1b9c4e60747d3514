#!/usr/bin/env node
// How terminals take output, side by side in one compositor on a virtual seat at 60 Hz, each full screen (about 160x45):
//
//   node bench/console.mjs [MEGABYTES [WORKLOAD,… [ROUNDS [TERMINAL,…]]]]
//
// - emulation: ours and libtsm's on the same bytes, without pty or drawing, MB a second of CPU time
// - throughput: `cat` of a file, timed by the shell in the terminal, MB a second by the wall clock, best of the rounds, by turns; and by
//   the CPU time that the terminal's process took meanwhile (the display's is not in it), which others' work disturbs less
// - a flood (yes): frames a second that reach the monitor, and how long after Ctrl+C the program is interrupted;
//   the median of the rounds
//
// Ours, foot, weston-terminal, and xterm in a rootful Xwayland; what is not installed is left out. The full run of 50 MB takes half an hour.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BenchSeat } from './console/BenchSeat.mjs';
import { asFromPty, buildTsm, ours, tsm } from './console/emulation.mjs';
import { workloads, write } from './console/workloads.mjs';

const root = new URL('..', import.meta.url).pathname;
const megabytes = Number(process.argv[2] ?? 50);
const chosen = process.argv[3]?.split(',') ?? Object.keys(workloads);
const rounds = Number(process.argv[4] ?? 3);
/** A terminal that takes longer is given up on. */
const patience = 120_000;
const [width, height] = [1440, 810];
/** /proc/PID/stat's unit: sysconf(_SC_CLK_TCK). */
const TICKS = 100;
const KEY = { C: 46, LEFTCTRL: 29 };
const directory = mkdtempSync(join(tmpdir(), 'bench-console-'));
const environment = {
  ...process.env,
  XDG_RUNTIME_DIR: directory,
  WAYLAND_DISPLAY: join(directory, 'wayland-0'),
};
const services = [];
const installed = (program) => spawnSync('which', [program]).status === 0;
const fileOf = (workload) => join(directory, workload.replace(' ', '-'));

function terminals() {
  const list = [
    {
      name: 'console',
      command: (script) => [
        process.execPath,
        join(root, 'services/console/bin/main.cjs'),
        '--runtime-dir',
        directory,
        '--',
        script,
      ],
    },
  ];
  const font = 'font=DejaVu Sans Mono:pixelsize=15';
  if (installed('foot'))
    list.push({ name: 'foot', command: (script) => ['foot', '-F', '-o', font, '--', script] });
  if (installed('weston-terminal')) {
    list.push({
      name: 'weston-term',
      command: (script) => ['weston-terminal', '--fullscreen', `--shell=${script}`],
    });
  }
  if (installed('xterm') && installed('Xwayland')) {
    const number = 50 + (process.pid % 40);
    const inX = (script, options) => [
      'sh',
      '-c',
      `Xwayland :${number} -noreset -terminate & sleep 1.5; DISPLAY=:${number} xterm -geometry 160x45+0+0 ${options} -e ${script}; kill $!; wait`,
    ];
    list.push({ name: 'xterm', command: (script) => inX(script, '-fa "DejaVu Sans Mono" -fs 11') });
    list.push({ name: 'xterm-bitmap', command: (script) => inX(script, '') });
  }
  return list;
}

/** Runs a script in a terminal on the bench's seat, to its end. */
async function run(terminal, script, during = async () => {}) {
  writeFileSync(`${directory}/script`, `#!/bin/bash\n${script}\n`, { mode: 0o755 });
  const [program, ...words] = terminal.command(`${directory}/script`);
  const child = spawn(program, words, { stdio: 'ignore', env: environment });
  const timer = setTimeout(() => child.kill(), patience);
  const ended = once(child, 'exit');
  await during();
  await ended;
  clearTimeout(timer);
}

const read = (name) =>
  existsSync(join(directory, name)) ? readFileSync(join(directory, name), 'utf8').trim() : '';

async function timed(terminal, workload) {
  for (const name of ['took', 'cpu', 'size']) rmSync(join(directory, name), { force: true });
  await run(
    terminal,
    `sleep 0.7; stty size > ${directory}/size
cpu() { cut -d ' ' -f 14,15 /proc/$PPID/stat; }
set -- $(cpu); a=$(date +%s%N); cat ${fileOf(workload)}; b=$(date +%s%N); echo $(((b-a)/1000)) > ${directory}/took
set -- $1 $2 $(cpu); echo $(($3+$4-$1-$2)) > ${directory}/cpu`,
  );
  return {
    seconds: Number(read('took')) / 1e6,
    cpuSeconds: Number(read('cpu')) / TICKS,
    size: read('size'),
  };
}

/** Frames a second while `yes` runs, and ms from Ctrl+C to the program's interrupt. */
async function flooded(terminal, seat) {
  for (const name of ['began', 'interrupted']) rmSync(join(directory, name), { force: true });
  let [rate, pressed] = [0, 0];
  await run(
    terminal,
    `trap 'date +%s%N > ${directory}/interrupted; exit' INT
sleep 0.7; echo > ${directory}/began
yes "the quick brown fox jumps over the lazy dog and goes on until somebody says that it is enough"`,
    async () => {
      for (let waited = 0; !existsSync(join(directory, 'began')) && waited < 200; waited++) await sleep(50);
      await sleep(1000);
      const [frames, since] = [seat.frames, performance.now()];
      await sleep(2000);
      rate = ((seat.frames - frames) * 1000) / (performance.now() - since);
      pressed = Date.now();
      seat.press(KEY.LEFTCTRL, KEY.C);
    },
  );
  return { rate, delay: Number(read('interrupted')) / 1e6 - pressed };
}

const number = (value) => (Number.isFinite(value) ? value.toFixed(1) : '–').padStart(8);
const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
const print = (...cells) => process.stdout.write(`${cells.join(' ')}\n`);

/** A service of the tree; it is up when its socket is there. */
async function start(name, socket) {
  const main = join(root, `services/${name}/dist/main.js`);
  services.push(
    spawn(process.execPath, [main, '--runtime-dir', directory], {
      stdio: 'ignore',
      env: { ...process.env, XDG_RUNTIME_DIR: directory },
    }),
  );
  for (let waited = 0; socket && !existsSync(join(directory, socket)); waited++) {
    if (waited > 200) throw new Error(`${name} does not start`);
    await sleep(100);
  }
}

let seat;
try {
  const sizes = {};
  for (const name of chosen) sizes[name] = await write(fileOf(name), workloads[name], megabytes);

  const program = buildTsm(directory);
  print(
    'emulation, MB/cpu-s'.padEnd(20),
    'console'.padStart(8),
    'libtsm'.padStart(8),
    'ours/its'.padStart(8),
  );
  for (const name of chosen) {
    const file = asFromPty(fileOf(name));
    const [own, its] = [await ours(file), program ? tsm(program, file) : Number.NaN];
    rmSync(file);
    print(name.padEnd(20), number(own), number(its), number(own / its));
  }

  await start('bus', 'bus');
  await start('seat');
  await start('display', 'wayland-0');
  seat = await BenchSeat.attach(`unix:path=${directory}/bus`, 'seat0', width, height);
  await sleep(1000);
  const only = process.argv[5]?.split(',');
  const list = terminals().filter(({ name }) => !only || only.includes(name));
  const head = (title) => print(`\n${title}`.padEnd(21), ...list.map(({ name }) => name.padStart(12)));
  head('throughput, MB/s');
  const screens = {};
  const byCpu = [];
  for (const name of chosen) {
    const best = new Map(list.map((terminal) => [terminal, { wall: Number.NaN, cpu: Number.NaN }]));
    for (let round = 0; round < rounds; round++) {
      for (const terminal of list) {
        const { seconds, cpuSeconds, size } = await timed(terminal, name);
        screens[terminal.name] = size;
        const record = best.get(terminal);
        const better = (key, time) => {
          const rate = sizes[name] / 1e6 / time;
          if (time > 0 && !(record[key] > rate)) record[key] = rate;
        };
        better('wall', seconds);
        better('cpu', cpuSeconds);
      }
    }
    const row = (key) => [name.padEnd(20), ...list.map((one) => number(best.get(one)[key]).padStart(12))];
    print(...row('wall'));
    byCpu.push(row('cpu'));
  }
  head('… MB/cpu-s');
  for (const row of byCpu) print(...row);
  print('rows and columns'.padEnd(20), ...list.map(({ name }) => (screens[name] ?? '').padStart(12)));

  const floods = new Map(list.map((terminal) => [terminal, { rate: [], delay: [] }]));
  for (let round = 0; round < rounds; round++) {
    for (const [terminal, { rate, delay }] of floods) {
      const flood = await flooded(terminal, seat);
      rate.push(flood.rate);
      delay.push(flood.delay);
    }
  }
  head('flood, medians');
  for (const [title, key] of [
    ['frames/s', 'rate'],
    ['Ctrl+C, ms', 'delay'],
  ])
    print(title.padEnd(20), ...list.map((one) => number(median(floods.get(one)[key])).padStart(12)));
} finally {
  seat?.close();
  for (const service of services.reverse()) {
    service.kill();
    await once(service, 'exit');
  }
  rmSync(directory, { recursive: true, force: true });
}
