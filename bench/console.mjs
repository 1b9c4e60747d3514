#!/usr/bin/env node
// How fast terminals take output: `cat` of a large file, timed by the shell in the terminal, end to end.
//
//   node bench/console.mjs [MEGABYTES]
//
// Our console, foot and weston-terminal run on the same tree (`yard up`), xterm on its own Xvnc; all in 1440x810, which is about 160 columns by 45
// rows (told at the end of each line). A terminal that is not installed is left out. Prints MB/s by the wall clock (best of three) and the ratio to ours.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const root = new URL('..', import.meta.url).pathname;
const megabytes = Number(process.argv[2] ?? 50);
const rounds = 3;
const directory = mkdtempSync(join(tmpdir(), 'bench-console-'));
const yard = (...words) => [
  process.execPath,
  join(root, 'cli/bin/yard.js'),
  ...words,
  '--runtime-dir',
  directory,
];

/** Lines of a kind until there are enough bytes. */
async function write(name, line) {
  const file = createWriteStream(join(directory, name));
  let size = 0;
  for (let number = 0; size < megabytes * 1e6; number++) {
    const text = `${line(number)}\n`;
    size += Buffer.byteLength(text);
    if (!file.write(text)) await once(file, 'drain');
  }
  file.end();
  await once(file, 'finish');
}

const words =
  'the quick brown fox jumps over a lazy dog while sessions take turns on one seat and nobody waits'.split(
    ' ',
  );
const sentence = (number, length) => {
  let text = '';
  for (let at = number; text.length < length; at = at * 7 + 3) text += `${words[at % words.length]} `;
  return text;
};
const workloads = {
  ascii: (number) => sentence(number, 40 + ((number * 37) % 100)),
  colour: (number) =>
    `\x1b[2m2026-01-${10 + (number % 20)}T12:00:00\x1b[0m \x1b[3${1 + (number % 6)}mINFO\x1b[0m \x1b[38;5;${number % 256}mservice[${number % 999}]\x1b[0m: \x1b[38;2;200;${number % 256};90m${sentence(number, 60)}\x1b[0m`,
  unicode: (number) =>
    `${sentence(number, 20)} Grüße Ελληνικά Русский 漢字かな交じり文 한국어 😀👍🏽 é ${number}`,
};

/** Runs `cat` in a terminal; seconds, by the terminal's own shell. */
async function timed(terminal, workload, round) {
  const result = join(directory, `${terminal.name}-${workload}-${round}`);
  const script = `${result}.sh`;
  writeFileSync(
    script,
    `#!/bin/sh
sleep 0.5; stty size > ${result}.size
a=$(date +%s%N); cat ${join(directory, workload)}; b=$(date +%s%N)
echo $(((b-a)/1000)) > ${result}
`,
    { mode: 0o755 },
  );
  const [program, ...words] = terminal.command(script);
  const child = spawn(program, words, { stdio: 'ignore', env: terminal.environment });
  await once(child, 'exit');
  return {
    seconds: Number(readFileSync(result, 'utf8')) / 1e6,
    size: readFileSync(`${result}.size`, 'utf8').trim(),
  };
}

const installed = (program) => spawnSync('which', [program]).status === 0;

async function terminals(tree) {
  const wayland = { ...process.env, XDG_RUNTIME_DIR: directory, WAYLAND_DISPLAY: tree.waylandDisplay };
  const main = join(root, 'services/console/dist/main.js');
  const list = [
    {
      name: 'console',
      command: (script) => [process.execPath, main, '--runtime-dir', directory, '--', script],
      environment: wayland,
    },
  ];
  if (installed('foot')) {
    const font = 'font=DejaVu Sans Mono:pixelsize=15';
    list.push({
      name: 'foot',
      command: (script) => ['foot', '-o', font, '--', script],
      environment: wayland,
    });
  }
  if (installed('weston-terminal')) {
    list.push({
      name: 'weston-term',
      command: (script) => ['weston-terminal', '--fullscreen', `--shell=${script}`],
      environment: wayland,
    });
  }
  if (installed('xterm') && installed('Xvnc')) {
    const display = `:${50 + (process.pid % 40)}`;
    const socket = join(directory, 'vnc');
    const options = [
      '-geometry',
      '1440x810',
      '-SecurityTypes',
      'None',
      '-rfbport',
      '-1',
      '-rfbunixpath',
      socket,
    ];
    const server = spawn('Xvnc', [display, ...options], { stdio: 'ignore' });
    list.end = () => server.kill();
    await sleep(1000);
    const environment = { ...process.env, DISPLAY: display };
    const size = ['-geometry', '160x45'];
    const scalable = ['-fa', 'DejaVu Sans Mono', '-fs', '11'];
    list.push({
      name: 'xterm',
      command: (script) => ['xterm', ...size, ...scalable, '-e', script],
      environment,
    });
    list.push({ name: 'xterm-bitmap', command: (script) => ['xterm', ...size, '-e', script], environment });
  }
  return list;
}

const up = spawnSync(
  yard()[0],
  [...yard('up', '--detach', '--json', '--no-console', '--port', '0', '--size', '1440x810').slice(1)],
  { encoding: 'utf8' },
);
if (up.status !== 0) throw new Error(`yard up failed: ${up.stderr}`);
let list = [];
try {
  const tree = JSON.parse(up.stdout);
  for (const [name, line] of Object.entries(workloads)) await write(name, line);
  list = await terminals(tree);
  for (const workload of Object.keys(workloads)) {
    const best = {};
    for (let round = 0; round < rounds; round++) {
      for (const terminal of list) {
        const { seconds, size } = await timed(terminal, workload, round);
        const rate = megabytes / seconds;
        if (!(best[terminal.name]?.rate > rate)) best[terminal.name] = { rate, size };
      }
    }
    const ours = best.console.rate;
    for (const [name, { rate, size }] of Object.entries(best)) {
      process.stdout.write(
        `${workload.padEnd(8)} ${name.padEnd(13)} ${rate.toFixed(1).padStart(6)} MB/s  ours/its ${(ours / rate).toFixed(2).padStart(6)}  (${size})\n`,
      );
    }
  }
} finally {
  list.end?.();
  const [program, ...rest] = yard('down');
  spawnSync(program, rest);
  if (existsSync(directory)) rmSync(directory, { recursive: true, force: true });
}
