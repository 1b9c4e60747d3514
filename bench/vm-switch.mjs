// From the key to the picture: Ctrl+Alt+Fn between two unmodified desktops of two people on one screen, on ours and on
// the managers that are otherwise used, in the same kind of emulated machine (docs/vm.md). All machines are up at once
// and take turns, so that what else the host does meets all of them.
//
//   node bench/vm-switch.mjs [rounds] [case …]             needs `npm run build`
//
// Cases: switchyard-logind elogind-logind switchyard-seatd seatd-seatd. A round is four switches of each. A machine
// that waits is stopped. `cpu` is what its two processors used of the host's from the key to the picture, in ms.
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const compiled = new URL('../node_modules/.cache/tests/vm/', import.meta.url);
const load = (name) => import(new URL(`${name}.js`, compiled).href);
const [{ Vm }, { SeatManager }, { sway }] = await Promise.all(['Vm', 'SeatManager', 'desktops'].map(load));

const rounds = Number(process.argv[2] ?? 5);
// seatd knows no login sessions, the reference managers of those no seatd clients: two sways on each, by its own backend.
const all = ['switchyard-logind', 'elogind-logind', 'switchyard-seatd', 'seatd-seatd'];
const cases = process.argv.length > 3 ? process.argv.slice(3) : all;
const switchesOfRound = 4;
const colours = [0x204060, 0x602040];
const patience = 120_000;
/** What the desktop that came to the front still does; it is not measured. It shows its picture before it has its keyboard. */
const settleMs = 1500;
/** However slow the host: until the machine's processors run, or wait to, so little of a look's time, or for so long at most. */
const quiet = { shareMax: 0.1, lookMs: 300, waitMaxMs: 15_000 };
/** Nobody is to be forced: that would be another switch than the one that is measured. */
const graceMs = 10_000;
/** A key that nobody heard is pressed again; that switch does not count. */
const againMs = 30_000;

/** A machine with two desktops, and what was measured there. */
class Contender {
  static async start(name) {
    const [kind, backend] = name.split('-');
    const vm = await Vm.start();
    const manager = await SeatManager.start(
      vm,
      kind,
      kind === 'switchyard' ? ['--grace', String(graceMs)] : [],
    );
    const processors = await vm.qmp('query-cpus-fast');
    const threads = processors.map((processor) => processor['thread-id']);
    const contender = new Contender(name, vm, threads);
    for (const [index, user] of ['alice', 'bob'].entries()) {
      const vt = index + 1;
      const { program } = sway(backend, colours[index]);
      await vm.run(`chvt ${vt}`);
      if (backend === 'seatd') manager.runSeatdClient(user, program);
      else await manager.open({ user, vt, program });
      await contender.#shows(colours[index]);
    }
    await sleep(5000); // until both have started all they start
    await contender.round();
    contender.times.length = contender.cpu.length = contender.unheard = 0;
    await contender.pause();
    return contender;
  }

  times = [];
  cpu = [];
  unheard = 0;
  #vm;
  #processors;

  constructor(name, vm, threads) {
    this.name = name;
    this.#vm = vm;
    this.#processors = threads.map((thread) => `/proc/${vm.pid}/task/${thread}`);
  }

  /** It takes no time from the others until it goes on. */
  pause = () => this.#vm.qmp('stop');
  resume = () => this.#vm.qmp('cont');
  stop = () => this.#vm.stop();

  /** Begins at the second desktop, and ends there. */
  async round() {
    for (let count = 0; count < switchesOfRound; count++) {
      const [start, used] = [performance.now(), this.#used()];
      const key = `ctrl-alt-f${(count % 2) + 1}`;
      await this.#vm.key(key, { hold: 0 });
      if (await this.#shown(colours[count % 2], againMs)) {
        this.times.push(performance.now() - start);
        this.cpu.push(this.#used() - used);
      } else {
        this.unheard++;
        await this.#vm.key(key, { hold: 0 });
        await this.#shows(colours[count % 2]);
      }
      await this.#settle();
    }
  }

  async #settle() {
    await sleep(settleMs);
    const deadline = Date.now() + quiet.waitMaxMs;
    for (;;) {
      const wanted = this.#wanted();
      await sleep(quiet.lookMs);
      if (this.#wanted() - wanted < quiet.lookMs * quiet.shareMax || Date.now() > deadline) return;
    }
  }

  async #shows(colour) {
    if (await this.#shown(colour, patience)) return;
    throw new Error(`${this.name}: no #${colour.toString(16)} on the screen`);
  }

  async #shown(colour, within) {
    const deadline = Date.now() + within;
    while ((await this.#vm.screenshot()).share(colour) < 0.3) {
      if (Date.now() > deadline) return false;
      await sleep(5);
    }
    return true;
  }

  /** CPU milliseconds of the threads that are the guest's processors; the others take the pictures of its screen. */
  #used() {
    return this.#schedstat()[0];
  }
  /** The same with what they waited for one of the host's. */
  #wanted() {
    const [ran, waited] = this.#schedstat();
    return ran + waited;
  }

  #schedstat() {
    const sum = [0, 0];
    for (const task of this.#processors) {
      const times = readFileSync(`${task}/schedstat`, 'latin1').split(' ');
      for (const index of sum.keys()) sum[index] += Number(times[index]) / 1e6;
    }
    return sum;
  }
}

const at = (values, part) => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
};
const cell = (value) => value.toFixed(0).padStart(9);

const contenders = [];
try {
  for (const name of cases) {
    contenders.push(await Contender.start(name));
    console.log(`${name} is up`);
  }
  for (let round = 0; round < rounds; round++) {
    for (let place = 0; place < contenders.length; place++) {
      const contender = contenders[(round + place) % contenders.length];
      await contender.resume();
      await contender.round();
      await contender.pause();
    }
    const medians = contenders.map(({ name, times }) => {
      const last = times.slice(-switchesOfRound);
      return `${name} ${at(last, 0.5).toFixed(0)}`;
    });
    console.log(`round ${round + 1} of ${rounds}, medians in ms: ${medians.join(', ')}`);
  }
  console.log(
    `\n${'case'.padEnd(18)}${['median ms', 'p90 ms', 'max ms', 'cpu ms'].map((title) => title.padStart(10)).join('')}`,
  );
  for (const { name, times, cpu, unheard } of contenders) {
    const values = [at(times, 0.5), at(times, 0.9), at(times, 1), at(cpu, 0.5)];
    const lost = unheard > 0 ? `, and ${unheard} keys that were not heard` : '';
    console.log(`${name.padEnd(18)} ${values.map(cell).join(' ')}${lost}`);
  }
} finally {
  for (const contender of contenders) await contender.stop();
}
