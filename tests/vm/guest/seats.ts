/**
 * Runs in a VM, as root: a bus, a session manager that has the machine's devices, and controllers of sessions. Each line
 * of stdin is a call, `["function", argument, …]`, and is answered with a line of JSON.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, openSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection, DBusError, type Message, Variant } from '@switchyard/dbus';
import { login1, sessionPath, switchyard } from '@switchyard/seat';
import { Fd, fileStat, read, SystemError, write } from '@switchyard/sys';
import { BTN, EV, encode, inputEvent, KEY, REL, SYN } from '@switchyard/uapi';
import { DrmCard, Uinput } from '@switchyard/uapi/calls';
import { BUS, UHID, uhidEvent } from '@switchyard/uapi/tables';

const runtimeDir = '/run/yard';
const address = `unix:path=${runtimeDir}/bus`;
const O_RDWR = 2;
const alice = 1000;
const DRM_MAJOR = 226;

/** A controller of one session, and all files that it was ever given. */
class Controlled {
  readonly log: string[] = [];
  readonly files = new Map<string, Fd[]>();
  keysRead = 0;
  polite = true;

  private constructor(
    readonly bus: Connection,
    readonly id: string,
    readonly leader: ChildProcess,
    readonly fifo: Fd,
  ) {}

  static async create(seat: string, uid: number): Promise<Controlled> {
    const bus = await Connection.connect(address);
    const leader = spawn('sleep', ['100000'], { stdio: 'ignore', uid, gid: uid });
    const early: Message[] = [];
    let hear = (message: Message): void => {
      early.push(message);
    };
    for (const name of [login1.session, 'org.freedesktop.DBus.Properties']) {
      const pathNamespace = `${login1.path}/session`;
      bus.match({ type: 'signal', interface: name, pathNamespace }, (message) => hear(message));
    }
    const reply = await bus.call({
      ...manager,
      member: 'CreateSession',
      signature: 'uusssssussbssa(sv)',
      // biome-ignore format: in the order of the signature
      body: [uid, leader.pid!, 'test', 'wayland', 'user', '', seat, 0, '', '', false, '', '', [['Background', new Variant('b', true)]]],
    });
    const made = new Controlled(bus, reply[0] as string, leader, reply[3] as Fd);
    hear = (message) => made.#hear(message);
    for (const message of early) made.#hear(message);
    await made.call('TakeControl', 'b', false);
    return made;
  }

  call(member: string, signature = '', ...body: unknown[]): Promise<unknown[]> {
    const { name: destination, session } = login1;
    return this.bus.call({
      destination,
      path: sessionPath(this.id),
      interface: session,
      member,
      signature,
      body,
    });
  }

  #hear(message: Message): void {
    if (message.path !== sessionPath(this.id)) return;
    const [major, minor, last] = message.body as [number, number, unknown];
    const key = `${major}:${minor}`;
    if (message.member === 'PauseDevice') {
      this.log.push(`${last} ${key}`);
      if (last === 'pause' && this.polite)
        this.call('PauseDeviceComplete', 'uu', major, minor).catch(() => {});
    } else if (message.member === 'ResumeDevice') {
      // Of a card it is the file that we have.
      if (major === DRM_MAJOR) (last as Fd).close();
      else this.keep(key, last as Fd);
      this.log.push(`resume ${key}`);
    } else if (message.member === 'PropertiesChanged') {
      const active = (message.body[1] as Map<string, Variant>).get('Active');
      if (active) this.log.push(`active ${active.value}`);
    }
  }

  keep(key: string, fd: Fd): void {
    this.files.set(key, [...(this.files.get(key) ?? []), fd]);
  }

  /** What is to be read from all input files ever given: presses of keys, and how many of the files are revoked. */
  drain(): { pressed: number; revoked: number } {
    const bytes = new Uint8Array(64 * inputEvent.size);
    const view = new DataView(bytes.buffer);
    let pressed = 0;
    let revoked = 0;
    for (const [key, fds] of this.files) {
      if (!key.startsWith('13:')) continue;
      for (const fd of fds) {
        try {
          for (let count = read(fd, bytes); count > 0; count = read(fd, bytes)) {
            for (let at = 0; at < count; at += inputEvent.size) {
              if (inputEvent.get.type(view, at) === EV.KEY && inputEvent.get.value(view, at) === 1) pressed++;
            }
          }
        } catch (error) {
          if (!(error instanceof SystemError) || error.code !== 'ENODEV') throw error;
          revoked++;
        }
      }
    }
    return { pressed, revoked };
  }

  /** The oldest file of the card that the session has is master: of a card it is always the same. */
  isMaster(key: string): boolean {
    return new DrmCard(this.files.get(key)![0]!).isMaster();
  }
}

const manager = { destination: login1.name, path: login1.path, interface: login1.manager };
const sessions = new Map<string, Controlled>();
const gadgets = new Map<string, { device: Uinput; fd: Fd }>();
const heard: unknown[][] = [];
const children: ChildProcess[] = [];
/** What lives as long as this program. */
const files: Fd[] = [];
let seatManager: ChildProcess;
let bus: Connection;

function run(service: string, ...options: string[]): ChildProcess {
  const main = `services/${service}/dist/main.js`;
  return spawn(process.execPath, [main, '--runtime-dir', runtimeDir, ...options], {
    stdio: ['ignore', 'ignore', openSync(`/tmp/${service}.log`, 'a')],
  });
}

async function eventually<T>(what: () => Promise<T> | T): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await what();
    } catch (error) {
      if (tries > 600) throw error;
      await sleep(100);
    }
  }
}

async function startManager(options = process.argv.slice(2)): Promise<void> {
  seatManager = run('seat', '--hardware', '--no-vt', ...options);
  await eventually(() => bus.call({ ...manager, member: 'ListSeats' }));
}

async function stopManager(signal: NodeJS.Signals): Promise<void> {
  if (seatManager.exitCode !== null || seatManager.signalCode !== null) return;
  const gone = new Promise((resolve) => seatManager.once('exit', resolve));
  seatManager.kill(signal);
  await gone;
}

function sessionOf(id: unknown): Controlled {
  return sessions.get(id as string)!;
}

function numberOf(path: string): { major: number; minor: number; key: string } {
  const O_PATH = 0o10000000;
  using fd = Fd.open(path, O_PATH);
  const { major, minor } = fileStat(fd).rdev;
  return { major, minor, key: `${major}:${minor}` };
}

const functions: Record<string, (...given: never[]) => unknown> = {
  /** A session in the background, which this program controls. */
  async session(seat: string, uid: number) {
    const made = await Controlled.create(seat, uid);
    sessions.set(made.id, made);
    return made.id;
  },
  /** Whether the device came inactive; or the error's name. */
  async take(id: string, path: string) {
    const { major, minor, key } = numberOf(path);
    try {
      const [fd, inactive] = await sessionOf(id).call('TakeDevice', 'uu', major, minor);
      sessionOf(id).keep(key, fd as Fd);
      return inactive;
    } catch (error) {
      if (error instanceof DBusError) return error.name;
      throw error;
    }
  },
  async takeNumber(id: string, major: number, minor: number) {
    return sessionOf(id)
      .call('TakeDevice', 'uu', major, minor)
      .then(
        () => 'taken',
        (error: DBusError) => error.name,
      );
  },
  async release(id: string, path: string) {
    const { major, minor, key } = numberOf(path);
    await sessionOf(id).call('ReleaseDevice', 'uu', major, minor);
    for (const fd of sessionOf(id).files.get(key) ?? []) fd.close();
    sessionOf(id).files.delete(key);
  },
  async activate(id: string) {
    await sessionOf(id).call('Activate');
  },
  async brightness(id: string, subsystem: string, name: string, value: number) {
    return sessionOf(id)
      .call('SetBrightness', 'ssu', subsystem, name, value)
      .then(
        () => 'set',
        (error: DBusError) => error.name,
      );
  },
  drain: (id: string) => sessionOf(id).drain(),
  master: (id: string, path: string) => sessionOf(id).isMaster(numberOf(path).key),
  /** Asks the card anew what is plugged in, as a compositor does when it is told of a change. */
  probe(id: string, path: string) {
    const { modes } = new DrmCard(sessionOf(id).files.get(numberOf(path).key)![0]!);
    for (const connector of modes.resources().connectors) modes.connector(connector, { probe: true });
  },
  log: (id: string) => sessionOf(id).log.splice(0),
  async logged(id: string, entry: string) {
    await eventually(() => {
      if (!sessionOf(id).log.includes(entry)) throw new Error(`${entry} is not in ${sessionOf(id).log}`);
    });
  },

  /** Makes an input device of this name; its node. */
  async gadget(name: string, kind: 'keyboard' | 'mouse') {
    const fd = Fd.open('/dev/uinput', O_RDWR);
    const device = new Uinput(fd);
    const keys = kind === 'keyboard' ? Object.values(KEY) : [BTN.LEFT];
    device.create({ name, keys, relative: kind === 'mouse' ? [REL.X, REL.Y] : [] });
    gadgets.set(name, { device, fd });
    const directory = `/sys/devices/virtual/input/${device.sysname()}`;
    const node = readdirSync(directory).find((entry) => entry.startsWith('event'));
    return `/dev/input/${node}`;
  },
  unplug(name: string) {
    gadgets.get(name)?.fd.close();
    gadgets.delete(name);
  },
  /** Makes a HID device with one button; its node. */
  async hid(name: string) {
    const fd = Fd.open('/dev/uhid', O_RDWR);
    const create2 = { name, bus: BUS.USB, vendor: 1, product: 2, rd_size: button.length, rd_data: button };
    write(fd, encode(uhidEvent, { type: UHID.CREATE2, u: { create2 } }));
    files.push(fd);
    return await eventually(() => {
      const node = readdirSync('/dev').find((entry) => entry.startsWith('hidraw'));
      if (node === undefined) throw new Error('there is no hidraw node');
      return `/dev/${node}`;
    });
  },
  /**
   * A stranger who is in group video, or root: he opens a card while nobody is its master, gives that up, and tries to be it again
   * from when he is let loose. His pid.
   */
  async thief(card: string, uid: number) {
    const child = spawn(process.execPath, [process.argv[1]!, 'thief', card, `${uid}`], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    children.push(child);
    await once(child.stdout!, 'data');
    return child.pid;
  },
  kill: (pid: number) => process.kill(pid, 'SIGKILL'),
  loose: (pid: number) => children.find((child) => child.pid === pid)?.stdin?.end(),
  /** How the process with this pid, a thief, has ended; null while it runs. */
  ended: (pid: number) => children.find((child) => child.pid === pid)?.signalCode ?? null,
  /** Whether a stranger without groups can open what is at a path. */
  stranger(path: string) {
    const opened = spawnSync('dd', [`if=${path}`, 'count=0'], { uid: alice, gid: alice });
    return opened.status === 0;
  },
  press: (name: string, ...keys: number[]) => press(name, keys),
  /** What was told of devices: the signals of DeviceManager1, and of seats. */
  heard: () => heard.splice(0),
  async devices(seat: string) {
    const call = { ...manager, interface: switchyard.deviceManager };
    const [list] = await bus.call({ ...call, member: 'ListDevices', signature: 's', body: [seat] });
    return (list as [number, number, string, string, string, Map<string, Variant>][]).map(
      ([major, minor, kind, name, , properties]) => ({
        key: `${major}:${minor}`,
        kind,
        name,
        ...Object.fromEntries([...properties].map(([key, { value }]) => [key, value])),
      }),
    );
  },
  async seats() {
    const [list] = await bus.call({ ...manager, member: 'ListSeats' });
    return (list as [string, string][]).map(([id]) => id);
  },
  async attach(seat: string, path: string) {
    return manage('AttachDevice', 'ssb', seat, path, false);
  },
  async flush() {
    return manage('FlushDevices', 'b', false);
  },
  /** Kills the manager and starts another. */
  async crash() {
    await stopManager('SIGKILL');
    await startManager();
  },
  terminate: () => stopManager('SIGTERM'),
  start: (...options: string[]) => startManager(options),

  /**
   * Hands the seat to and fro between two sessions, typing all the while; what was read by whom while it was not its
   * turn, how often the one whose turn it was had no card, and how often the other still had it.
   */
  async handovers(first: string, second: string, name: string, card: string, count: number) {
    const seen = { strayKeys: 0, withoutMaster: 0, twoMasters: 0, keys: 0 };
    const { key } = numberOf(card);
    for (let i = 0; i < count; i++) {
      const [to, from] = i % 2 === 0 ? [first, second] : [second, first];
      const switched = sessionOf(to).call('Activate');
      press(name, [KEY.A]);
      await switched;
      sessionOf(from).drain();
      sessionOf(to).drain();
      press(name, [KEY.B]);
      seen.keys += sessionOf(to).drain().pressed;
      seen.strayKeys += sessionOf(from).drain().pressed;
      if (!sessionOf(to).isMaster(key)) seen.withoutMaster++;
      if (sessionOf(from).isMaster(key)) seen.twoMasters++;
      forgetRevoked(sessionOf(from));
    }
    return seen;
  },
};

/** What is revoked stays so: a long test would run out of numbers. */
function forgetRevoked(session: Controlled): void {
  for (const [key, fds] of session.files) {
    if (!key.startsWith('13:')) continue;
    for (const fd of fds.splice(0, Math.max(0, fds.length - 8))) fd.close();
  }
}

function press(name: string, keys: number[]): void {
  const { device } = gadgets.get(name)!;
  for (const code of keys) device.emit(EV.KEY, code, 1);
  device.emit(EV.SYN, SYN.REPORT, 0);
  for (const code of keys.toReversed()) device.emit(EV.KEY, code, 0);
  device.emit(EV.SYN, SYN.REPORT, 0);
}

/** "ok", or the error's name. */
async function manage(member: string, signature: string, ...body: unknown[]): Promise<string> {
  try {
    await bus.call({ ...manager, member, signature, body });
    return 'ok';
  } catch (error) {
    if (error instanceof DBusError) return error.name;
    throw error;
  }
}

function answer(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

/** A descriptor of one button: usage page 9, usage 1, one bit, and seven that mean nothing. */
const button = Uint8Array.from([
  0x05, 0x01, 0x09, 0x05, 0xa1, 0x01, 0x05, 0x09, 0x09, 0x01, 0x15, 0x00, 0x25, 0x01, 0x75, 0x01, 0x95, 0x01,
  0x81, 0x02, 0x75, 0x07, 0x81, 0x03, 0xc0,
]);

/** What the thief does. */
function steal(path: string, uid: number): never {
  // Here and not by whoever starts it: alice may not read this program.
  process.setgroups!([statSync(path).gid]);
  process.setgid!(uid);
  process.setuid!(uid);
  const card = new DrmCard(Fd.open(path, O_RDWR));
  try {
    card.dropMaster();
  } catch {
    // Somebody else was first.
  }
  process.stdout.write('ready\n');
  readFileSync(0);
  for (;;) {
    try {
      card.setMaster();
    } catch {
      // Not yet.
    }
  }
}

if (process.argv[2] === 'thief') steal(process.argv[3]!, Number(process.argv[4]));
mkdirSync(runtimeDir, { recursive: true, mode: 0o755 });
children.push(run('bus'));
bus = await eventually(() => Connection.connect(address));
for (const member of [
  'DeviceAdded',
  'DeviceRemoved',
  'DeviceChanged',
  'CardStolen',
  'SeatNew',
  'SeatRemoved',
]) {
  bus.match({ type: 'signal', path: login1.path, member }, (message) => {
    const [, ...rest] = message.body;
    heard.push([member, message.body[0], ...rest.filter((value) => typeof value !== 'object')]);
  });
}
await startManager();
answer({ value: process.pid });
for await (const line of createInterface({ input: process.stdin })) {
  try {
    const [name, ...given] = JSON.parse(line) as [string, ...never[]];
    answer({ value: (await functions[name]!(...given)) ?? null });
  } catch (error) {
    answer({ failed: (error as Error).stack });
  }
}
for (const session of sessions.values()) session.leader.kill('SIGKILL');
await stopManager('SIGTERM');
for (const child of children) child.kill('SIGTERM');
process.exit(0);
