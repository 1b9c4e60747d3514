import { join } from 'node:path';
import { elogindRoot } from './elogind.js';
import { eventually } from './eventually.js';
import type { GuestProcess } from './GuestProcess.js';
import { hostProgram, quoted } from './hostProgram.js';
import { guestSources } from './SavedMachine.js';
import type { Vm } from './Vm.js';

/** Which session manager: ours on our bus, or one that it is compared with on dbus-daemon. */
export type ManagerKind = 'switchyard' | 'elogind' | 'seatd';

export interface SessionOptions {
  readonly user: 'alice' | 'bob';
  readonly program: string;
  readonly seat?: string;
  /** Of a seat that has VTs. */
  readonly vt?: number;
  readonly type?: 'wayland' | 'x11' | 'tty';
  readonly env?: Readonly<Record<string, string>>;
}

const busConfiguration = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>system</type><listen>unix:path=/run/dbus/system_bus_socket</listen><auth>EXTERNAL</auth>
<policy context="default"><allow user="*"/><allow own="*"/><allow send_type="method_call"/><allow send_type="signal"/>
<allow send_requested_reply="true" send_type="method_return"/><allow send_requested_reply="true" send_type="error"/>
<allow receive_type="method_call"/><allow receive_type="method_return"/><allow receive_type="error"/>
<allow receive_type="signal"/></policy></busconfig>`;

/** For elogind, which asks polkit about what we decide ourselves. */
const polkitRule = 'polkit.addRule(function () { return polkit.Result.YES; });';

const seatdSocket = '/run/seatd.sock';

/** A session manager in the guest, as its system's only one, with a system bus and udev's daemon. */
export class SeatManager {
  /** `supervised`: by what supervises `yard up`'s services. */
  static async start(
    vm: Vm,
    kind: ManagerKind,
    options: readonly string[] = [],
    supervised = false,
  ): Promise<SeatManager> {
    await buildPrograms(vm);
    await vm.run('/lib/systemd/systemd-udevd --daemon; mkdir -p /run/dbus /run/systemd/system');
    const manager = new SeatManager(vm, kind, supervised);
    if (kind === 'seatd') await manager.#startSeatd();
    else if (kind === 'elogind') await manager.#startElogind();
    else await manager.#startOurs(options);
    return manager;
  }

  readonly vm: Vm;
  readonly kind: ManagerKind;
  /** The daemon. */
  process: GuestProcess | undefined;
  /** The bus. */
  bus: GuestProcess | undefined;
  readonly #options: string[] = [];

  readonly #supervised: boolean;

  private constructor(vm: Vm, kind: ManagerKind, supervised: boolean) {
    this.#supervised = supervised;
    this.vm = vm;
    this.kind = kind;
  }

  /** What the manager has logged. */
  get log(): string {
    return `${this.process?.stdout}${this.process?.stderr}`;
  }

  /** Opens a session as a login program does, and runs a program in it. Its output is the program's. */
  async open(options: SessionOptions): Promise<OpenSession> {
    const { user, program, seat = 'seat0', vt = 0, type = 'wayland', env = {} } = options;
    const id = user === 'alice' ? 1000 : 1001;
    const words = ['/out/open-session', String(id), seat, String(vt), type, 'bash', '-c', quoted(program)];
    const process = this.vm.exec(`exec ${words.join(' ')}`, { env });
    const [, session] = await process.printed(/open-session: session (\S+)/);
    return { id: session!, process };
  }

  /** Runs a client of seatd's protocol, which needs no login. */
  runSeatdClient(
    user: 'alice' | 'bob',
    program: string,
    env: Readonly<Record<string, string>> = {},
  ): GuestProcess {
    return this.vm.exec(program, { user, cwd: `/home/${user}`, env });
  }

  /** Asks for a session, again where the kernel, which is emulated, took longer for a switch of VTs than the manager waits. */
  activate(id: string): Promise<void> {
    return eventually(async () => void (await this.vm.run(`loginctl activate ${id}`)));
  }

  /** Ends our manager the hard way and starts it again, over the same files. */
  async restart(): Promise<void> {
    this.process?.kill('SIGKILL');
    await this.process?.status.catch(() => {});
    await this.#startManager();
  }

  /** The same under `yard up`'s supervisor, which keeps the manager's files and starts it again. */
  async restartSupervised(): Promise<void> {
    const process = this.process!;
    const pids = () => [...process.stdout.matchAll(/^ready (\d+)$/gm)].map(([, pid]) => pid!);
    await process.printed(/^ready \d+$/m);
    const runs = pids();
    await this.vm.run(`kill -9 ${runs.at(-1)}`);
    await process.printed(new RegExp(`(^ready \\d+$[\\s\\S]*){${runs.length + 1}}`, 'm'));
    await this.#answers();
  }

  async #startOurs(options: readonly string[]): Promise<void> {
    this.#options.push(...options);
    await this.vm.run(`printf %s ${quoted(busConfiguration)} > /run/dbus/system.conf`);
    this.bus = this.vm.exec(
      'exec node services/bus/bin/yard-busd.js --config-file=/run/dbus/system.conf --nofork --print-address',
    );
    await this.bus.printed(/unix:path/);
    await this.#startManager();
  }

  async #startManager(): Promise<void> {
    const parameters = ['--seatd-socket', seatdSocket, '--seatd-mode', '666', ...this.#options];
    const supervisor = this.#supervised ? 'node node_modules/.cache/tests/vm/guest/supervise.js ' : '';
    // What waits for the next manager counts by sleep(1), and one takes longer to start here than its patience.
    await this.vm.run(
      `mkdir -p /run/slow; printf '#!/bin/sh\nexec /bin/sleep "\${1}0"\n' > /run/slow/sleep; chmod +x /run/slow/sleep`,
    );
    this.process = this.vm.exec(
      `PATH=/run/slow:$PATH exec ${supervisor}node services/seat/bin/yard-seatd.js ${parameters.map(quoted).join(' ')}`,
    );
    await this.#answers();
  }

  async #startElogind(): Promise<void> {
    const root = await elogindRoot();
    await this.vm.run(
      `mkdir -p /etc/polkit-1/rules.d; printf %s ${quoted(polkitRule)} > /etc/polkit-1/rules.d/00-vm.rules
       chmod -R a+rX /etc/polkit-1; mkdir -p /var/lib/dbus; [ -s /etc/machine-id ] || dbus-uuidgen > /etc/machine-id
       dbus-daemon --system --fork`,
    );
    this.process = this.vm.exec(`exec env LD_LIBRARY_PATH=${root}/lib/elogind ${root}/lib/elogind/elogind`);
    await this.#answers();
  }

  async #startSeatd(): Promise<void> {
    this.process = this.vm.exec('exec seatd -l debug');
    await this.vm.run(`until [ -S ${seatdSocket} ]; do sleep 0.05; done; chmod 666 ${seatdSocket}`);
  }

  /** Until the manager tells of its seat. */
  async #answers(): Promise<void> {
    const ask =
      'busctl call org.freedesktop.login1 /org/freedesktop/login1 org.freedesktop.login1.Manager GetSeat s seat0';
    const answer = this.vm.run(`until ${ask} > /dev/null 2>&1; do sleep 0.2; done`);
    const ended = this.process!.status.then(() => {
      throw new Error(`the manager has ended: ${this.log}`);
    });
    await Promise.race([answer, ended]);
  }
}

export interface OpenSession {
  readonly id: string;
  readonly process: GuestProcess;
}

/** Compiles the guest's programs into /out. */
async function buildPrograms(vm: Vm): Promise<void> {
  const source = guestSources();
  for (const name of ['open-session', 'controller'])
    await hostProgram('gcc', [
      '-O2',
      '-Wall',
      '-o',
      join(vm.out, name),
      join(source, `${name}.c`),
      '-lsystemd',
    ]);
}
