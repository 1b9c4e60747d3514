// From the key to the picture: Ctrl+Alt+Fn between two unmodified desktops of two people on one screen, on ours and on
// the managers that are otherwise used, in the same kind of emulated machine (docs/vm.md).
//
//   node bench/vm-switch.mjs [switches] [manager …]        needs `npm run build`; managers: switchyard seatd elogind
import { setTimeout as sleep } from 'node:timers/promises';

const compiled = new URL('../node_modules/.cache/tests/vm/', import.meta.url);
const load = (name) => import(new URL(`${name}.js`, compiled).href);
const [{ Vm }, { SeatManager }, { sway }] = await Promise.all(['Vm', 'SeatManager', 'desktops'].map(load));

const switches = Number(process.argv[2] ?? 20);
const managers = process.argv.length > 3 ? process.argv.slice(3) : ['switchyard', 'seatd', 'elogind'];
const patience = 120_000;

/** seatd knows no login sessions, the reference managers of those no seatd clients: two sways on each, by its own backend. */
const cases = {
  switchyard: ['logind', 'seatd'],
  seatd: ['seatd'],
  elogind: ['logind'],
};

async function shows(vm, colour) {
  const deadline = Date.now() + patience;
  while ((await vm.screenshot()).share(colour) < 0.3) {
    if (Date.now() > deadline) throw new Error(`no #${colour.toString(16)} on the screen`);
    await sleep(5);
  }
}

async function measure(kind, backend) {
  const vm = await Vm.start();
  try {
    return await measureIn(vm, kind, backend);
  } finally {
    await vm.stop();
  }
}

async function measureIn(vm, kind, backend) {
  const manager = await SeatManager.start(vm, kind, kind === 'switchyard' ? ['--grace', '3000'] : []);
  const colours = [0x204060, 0x602040];
  for (const [index, user] of ['alice', 'bob'].entries()) {
    const vt = index + 1;
    const { program } = sway(backend, colours[index]);
    await vm.run(`chvt ${vt}`);
    if (backend === 'seatd') manager.runSeatdClient(user, program);
    else await manager.open({ user, vt, program });
    await shows(vm, colours[index]);
  }
  await sleep(5000); // until both have started all they start
  const times = [];
  for (let count = 0; count < switches; count++) {
    const to = count % 2;
    const start = performance.now();
    await vm.key(`ctrl-alt-f${to + 1}`, { hold: 0 });
    await shows(vm, colours[to]);
    times.push(performance.now() - start);
    await sleep(500);
  }
  return times.sort((a, b) => a - b);
}

console.log('manager     backend  median ms   p90 ms   max ms');
for (const kind of managers)
  for (const backend of cases[kind]) {
    const times = await measure(kind, backend);
    const at = (part) =>
      times[Math.min(times.length - 1, Math.floor(times.length * part))].toFixed(0).padStart(8);
    console.log(`${kind.padEnd(11)} ${backend.padEnd(8)} ${at(0.5)} ${at(0.9)} ${at(1)}`);
  }
