import { Connection, type Message, MessageType } from '@switchyard/dbus';
import type { Command } from 'commander';
import { interval, positive } from '../../bus/BusArguments.js';
import { type BusChoice, busAddress, connectTo, withBusOptions } from '../../bus/BusChoice.js';
import { explained } from '../../bus/BusFailure.js';
import { peerOf } from '../../bus/Peers.js';
import { watchBus } from '../../bus/Watch.js';
import { table } from '../../table.js';
import { ended } from './monitor.js';

type Options = BusChoice & { json?: boolean; interval: number; count?: number; rows: number };

/** What one connection did in an interval. */
type Load = { sent: number; received: number; bytes: number; calls: number; signals: number; errors: number };
type Row = Load & { name: string; names: string[]; pid: number | null; process: string };

/** What a bus calls those who have not said Hello yet, to monitors. */
const beforeHello = ':not.active.yet';
/** Connections whose process is looked up are remembered so long as the command runs; so many at most. */
const maximumKnown = 4096;

export function topCommand(bus: Command): void {
  withBusOptions(
    bus.command('top').description('show who sends and gets most (for root and the bus’s own user)'),
  )
    .option('--interval <seconds>', 'how often to show it', interval, 2)
    .option('--count <n>', 'end after so many intervals', positive)
    .option('--rows <n>', 'how many connections to show', positive, 20)
    .option('--json', 'print a line of JSON for each interval')
    .action(async (options: Options) => {
      const address = busAddress(options);
      const bus = await connectTo(() => Connection.connect(address), address);
      const owners = new Owners(bus);
      const loads = new Loads(owners);
      const monitor = await watchBus(options, [], (message, bytes) => loads.count(message, bytes.length));
      let left = options.count ?? Number.POSITIVE_INFINITY;
      let since = performance.now();
      const show = async (): Promise<void> => {
        const elapsed = (performance.now() - since) / 1000;
        since = performance.now();
        const busiest = loads.take().slice(0, options.rows);
        const rows = await Promise.all(busiest.map(([name, load]) => owners.row(name, load, elapsed)));
        process.stdout.write(options.json ? `${JSON.stringify(rows)}\n` : screen(rows));
        if (--left === 0) monitor.close();
        else timer = later();
      };
      let failure: unknown;
      const later = () =>
        setTimeout(() => {
          show().catch((error: unknown) => {
            failure = error;
            monitor.close();
          });
        }, options.interval * 1000);
      let timer = later();
      try {
        await ended(monitor);
      } finally {
        clearTimeout(timer);
        bus.close();
      }
      if (failure !== undefined) throw explained(failure);
    });
}

/** What was seen since it was shown last, by connection. */
class Loads {
  readonly #owners: Owners;
  #loads = new Map<string, Load>();

  constructor(owners: Owners) {
    this.#owners = owners;
  }

  count(message: Message, bytes: number): void {
    const { sender, destination } = message;
    // What this command asks is not what others do.
    if (this.#owners.isUs(sender) || this.#owners.isUs(destination)) return;
    if (sender !== undefined && sender !== beforeHello) {
      const load = this.#of(sender);
      load.sent++;
      load.bytes += bytes;
      if (message.type === MessageType.methodCall) load.calls++;
      else if (message.type === MessageType.signal) load.signals++;
      else if (message.type === MessageType.error) load.errors++;
    }
    if (destination !== undefined) this.#of(destination).received++;
  }

  /** The busiest first. What went to a name went to its owner. */
  take(): [string, Load][] {
    const byOwner = new Map<string, Load>();
    for (const [name, load] of this.#loads) {
      const owner = this.#owners.ownerOf(name);
      const known = byOwner.get(owner);
      if (!known) byOwner.set(owner, load);
      else for (const key of Object.keys(load) as (keyof Load)[]) known[key] += load[key];
    }
    this.#loads = new Map();
    return [...byOwner].sort(([, a], [, b]) => b.sent + b.received - (a.sent + a.received));
  }

  #of(name: string): Load {
    const known = this.#loads.get(name);
    if (known) return known;
    const load = { sent: 0, received: 0, bytes: 0, calls: 0, signals: 0, errors: 0 };
    this.#loads.set(name, load);
    this.#owners.meet(name);
    return load;
  }
}

/** Who the names in messages are, asked when they are seen first: many do not stay long. */
class Owners {
  readonly #bus: Connection;
  readonly #peers = new Map<string, Pick<Row, 'pid' | 'process'>>();
  readonly #owners = new Map<string, string>();

  constructor(bus: Connection) {
    this.#bus = bus;
  }

  isUs(name: string | undefined): boolean {
    return name === this.#bus.uniqueName;
  }

  ownerOf(name: string): string {
    return this.#owners.get(name) ?? name;
  }

  meet(name: string): void {
    if (!name.startsWith(':')) void this.#askOwner(name);
    if (this.#peers.has(name)) return;
    if (this.#peers.size >= maximumKnown) this.#peers.clear();
    this.#peers.set(name, { pid: null, process: '' });
    void peerOf(this.#bus, name).then(({ pid, process: program }) =>
      this.#peers.set(name, { pid: pid ?? null, process: program }),
    );
  }

  /** Figures a second. */
  async row(name: string, load: Load, elapsed: number): Promise<Row> {
    const perSecond = Object.fromEntries(
      Object.entries(load).map(([key, value]) => [key, Math.round((value / elapsed) * 10) / 10]),
    ) as Load;
    const peer = this.#peers.get(name) ?? { pid: null, process: '' };
    return { name, names: await this.#namesOf(name), ...peer, ...perSecond };
  }

  async #askOwner(name: string): Promise<void> {
    if (this.#owners.size >= maximumKnown) this.#owners.clear();
    const [owner] = await this.#ask('GetNameOwner', name).catch(() => []);
    if (typeof owner === 'string') this.#owners.set(name, owner);
    else this.#owners.delete(name);
  }

  async #namesOf(unique: string): Promise<string[]> {
    if (!unique.startsWith(':')) return [];
    const [names] = (await this.#ask('ListNames')) as [string[]];
    const acquired = names.filter((name) => !name.startsWith(':') && name !== 'org.freedesktop.DBus');
    await Promise.all(acquired.map((name) => this.#askOwner(name)));
    return acquired.filter((name) => this.#owners.get(name) === unique);
  }

  #ask(member: string, ...body: string[]): Promise<unknown[]> {
    const driver = this.#bus.proxy('org.freedesktop.DBus', '/org/freedesktop/DBus');
    return driver.call('org.freedesktop.DBus', member, body.length > 0 ? 's' : '', ...body);
  }
}

function screen(rows: readonly Row[]): string {
  const clear = process.stdout.isTTY ? '\x1b[H\x1b[J' : '';
  const number = (value: number) => (value >= 100 ? String(Math.round(value)) : String(value));
  return `${clear}${table(
    ['CONNECTION', 'PID', 'PROCESS', 'SENT/S', 'GOT/S', 'KB/S', 'CALLS', 'SIGNALS', 'ERRORS', 'NAMES'],
    rows.map((row) => [
      row.name,
      row.pid === null ? '-' : String(row.pid),
      row.process || '-',
      number(row.sent),
      number(row.received),
      number(Math.round(row.bytes / 100) / 10),
      number(row.calls),
      number(row.signals),
      number(row.errors),
      row.names.join(' ') || '-',
    ]),
  )}${clear ? '' : '\n'}`;
}
