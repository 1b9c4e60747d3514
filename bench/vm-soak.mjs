// Many switches with typing: how many keys and page flips reach a session in the background, through any fd that it was
// ever given or a duplicate of it (tests/vm/guest/controller.c tries them all after each pause). In an emulated machine.
//
//   node bench/vm-soak.mjs [switches] [vt]                 needs `npm run build`; with `vt` on VTs, else on a seat without
import { setTimeout as sleep } from 'node:timers/promises';

const compiled = new URL('../node_modules/.cache/tests/vm/', import.meta.url);
const load = (name) => import(new URL(`${name}.js`, compiled).href);
const [{ Vm }, { SeatManager }, { ControlledSession }] = await Promise.all(
  ['Vm', 'SeatManager', 'ControlledSession'].map(load),
);

const switches = Number(process.argv[2] ?? 10_000);
const onVts = process.argv[3] === 'vt';
const devices = ['/dev/dri/card0', '/dev/input/event0', '/dev/input/event1'];
/** A report is printed every so many switches. */
const reportEvery = 500;
/** Between two keys: a few come into each part of a switch. */
const typingMs = 15;

const vm = await Vm.start();
const manager = await SeatManager.start(vm, 'switchyard', ['--grace', '3000', ...(onVts ? [] : ['--no-vt'])]);
const open = (user, vt) => ControlledSession.open(manager, { user, devices, ...(onVts ? { vt } : {}) });
const sessions = [await open('alice', 1), await open('bob', 2)];
if (onVts) await sessions[1].activate();

let typing = true;
let typed = 0;
const typist = (async () => {
  while (typing) {
    await vm.key('a', { hold: 1 });
    typed += 2;
    await sleep(typingMs);
  }
})();

/** Of the manager, in the guest. */
async function manages() {
  const pid = (await vm.run('pgrep -of bin/yard-seatd.js')).trim();
  const [memory, fds] = (await vm.run(`grep VmRSS /proc/${pid}/status; ls /proc/${pid}/fd | wc -l`))
    .trim()
    .split('\n');
  return `${Math.round(Number(/\d+/.exec(memory)) / 1024)} MiB, ${fds.trim()} fds`;
}

const start = performance.now();
let failed = false;
for (let count = 1; count <= switches; count++) {
  await sessions[(count + 1) % 2].activate();
  if (count % reportEvery !== 0 && count !== switches) continue;
  const [a, b] = [await sessions[0].counts(), await sessions[1].counts()];
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  console.log(
    `${count} switches in ${seconds} s, ${typed} key events typed: ${a.keys + b.keys} read in front, ` +
      `${a.backgroundKeys + b.backgroundKeys} behind; ${a.flips + b.flips} flips in front, ` +
      `${a.backgroundFlips + b.backgroundFlips} behind; ${a.fds + b.fds} fds tried ${a.checks + b.checks} times; ` +
      `forced ${a.forces + b.forces}; the manager has ${await manages()}`,
  );
  failed ||= a.backgroundKeys + b.backgroundKeys + a.backgroundFlips + b.backgroundFlips > 0;
}
typing = false;
await typist;
await vm.stop();
process.exitCode = failed ? 1 : 0;
