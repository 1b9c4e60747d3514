import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { KeyChord } from '@switchyard/input';
import { RuntimeDir } from '@switchyard/runtime';
import { CgroupTree } from './CgroupTree.js';
import type { TheftPolicy } from './hardware/MasterGuard.js';
import type { Dialect } from './seatd/Dialect.js';
import { AUTO_VTS_MAX } from './vt/AutoVts.js';

/** Long enough for a compositor that draws a last frame, short enough that a hung one is not noticed. */
const DEFAULT_GRACE_MS = 100;
const GRACE_MAX_MS = 10_000;
/** logind's NAutoVTs=. */
const AUTO_VTS = 6;
/** logind's InhibitDelayMaxSec=. */
const INHIBIT_DELAY_MS = 5000;
const INHIBIT_DELAY_MAX_MS = 60_000;

/** The first is newer logind's secure attention key, the second the kernel's. */
const DEFAULT_ATTENTION = 'ctrl+alt+shift+esc,alt+sysrq+k';

export interface SeatDaemonOptions {
  readonly dir: RuntimeDir;
  readonly bus: string;
  readonly seatdSocket: string;
  readonly seatdMode: number;
  readonly seatdDialect: Dialect | 'auto';
  readonly stateDir: string;
  /** What /run/systemd is to sd-login's readers. */
  readonly systemdPrefix: string;
  readonly grace: number;
  readonly attention: readonly string[];
  readonly emergencyCommand: string | undefined;
  readonly lockCommand: string | undefined;
  /** ms; 0: never. */
  readonly lockAfter: number;
  /** A bus that does not answer when somebody calls for attention is killed: whoever runs it starts another. */
  readonly endSilentBus: boolean;
  /** The kernel's VTs are seat0's, where this machine has any and we may. */
  readonly vt: boolean;
  /** A login prompt's command, and on how many VTs. */
  readonly getty: string | undefined;
  readonly autoVts: number;
  /** Nothing but this: the VTs that a dead manager left are restored. */
  readonly restoreVts: boolean;
  /** The machine's own devices are managed. */
  readonly hardware: boolean;
  /** Which of them belongs to which seat. */
  readonly hardwareRules: string | undefined;
  /** What becomes of a process that has made itself a card's master. */
  readonly thieves: TheftPolicy;
  /** Where udev's database is. */
  readonly udev: string;
  /** Where AttachDevice writes rules for udev; "" nowhere. */
  readonly udevRules: string;
  /** A program that turns the machine off; none: nothing is done. */
  readonly powerCommand: string | undefined;
  readonly inhibitDelay: number;
  readonly policyFile: string | undefined;
  readonly sysfs: string;
  readonly permanentSeats: readonly string[];
  /** Undefined: sessions have no control groups. */
  readonly cgroupRoot: string | undefined;
  readonly killUserProcesses: boolean;
  readonly runtimePrefix: string;
  /** Users' runtime directories are made and removed here. */
  readonly makesRuntimeDirectories: boolean;
}

/** What is not said on the command line: as a part of `yard up`'s tree, or as a system's only session manager. */
export type SeatDaemonRole = 'tree' | 'system';

const usage = `usage: yard-seatd [--bus ADDRESS] [--seatd-socket PATH] [--state-dir DIR] [--run-systemd-prefix DIR]
                  [--grace MS] [--vt | --no-vt | --restore-vts] [--getty COMMAND] [--auto-vts N] [--policy FILE] [--power-command PROGRAM]
                  [--inhibit-delay-max MS]
                  [--cgroup DIR|none] [--kill-user-processes] [--run-user-prefix DIR|none]
                  [--attention CHORD,…] [--emergency-command COMMAND] [--lock-command COMMAND] [--lock-after SECONDS] [--end-silent-bus]
                  [--hardware | --no-hardware] [--hardware-rules FILE] [--thieves end|report]
                  [--udev DIR] [--udev-rules DIR]
                  [--runtime-dir DIR] [--sysfs DIR] [--seatd-mode OCTAL] [--seatd-dialect auto|0.7|0.9]

The session manager: org.freedesktop.login1 on a bus, seatd's protocol on a socket, sd-login's files.

  --bus ADDRESS             the bus (default: $DBUS_SYSTEM_BUS_ADDRESS, else the system's)
  --seatd-socket PATH       seatd's socket (default: seatd.sock in the runtime directory)
  --state-dir DIR           what survives a restart (default: state in the runtime directory)
  --run-systemd-prefix DIR  sessions/, seats/ and users/ for sd-login's readers
                            (default: /run/systemd for root, else systemd in the runtime directory)
  --grace MS                how long a session may take to give its devices up, 0…${GRACE_MAX_MS} (default ${DEFAULT_GRACE_MS})
  --vt, --no-vt             the kernel's VTs are seat0's, or left alone (default: --vt, as a part of yard up --no-vt)
  --getty COMMAND           a shell runs it for a login prompt when somebody comes to a VT that nothing has open, with %I
                            for the terminal's name (default: none): 'exec agetty %I'
  --auto-vts N              on the first N VTs, 0…${AUTO_VTS_MAX} (default ${AUTO_VTS})
  --restore-vts             only put back the VTs that a manager left which was killed
  --hardware, --no-hardware manage the machine's cards and input devices, or leave them alone
                            (default: manage them as root, but not within \`yard up\`)
  --hardware-rules FILE     JSON: {"rules": [{"path" | "id-path" | "name" | "driver" | "kind" | "connector": "…", "seat": "seat1"}, …]}
  --thieves end|report      what becomes of users' processes that made themselves masters of a card (default end)
  --udev DIR                where udev's database is (default /run/udev)
  --udev-rules DIR          where AttachDevice writes rules for udev, "" nowhere (default: /etc/udev/rules.d for a
                            system's manager that is root)
  --cgroup DIR              the control group below which sessions get theirs, or "none" (default: the root of cgroup2
                            for root where systemd does not run, else none)
  --kill-user-processes     what is left of a session when it ends is killed, unless it is root's
  --run-user-prefix DIR     users' runtime directories are made and removed there, or "none" (default: /run/user for
                            root where systemd does not run, else none)
  --policy FILE             JSON: {"power-off": "anyone"|"active"|"privileged"|"nobody", …}, polkit's actions of login1
  --power-command PROGRAM   run as PROGRAM poweroff|reboot|halt|suspend|…; without it nothing is turned off
  --inhibit-delay-max MS    how long delay inhibitors may hold that up (default ${INHIBIT_DELAY_MS})
  --attention CHORD,…       keys that bring the emergency session to the front (default ${DEFAULT_ATTENTION})
  --emergency-command CMD   what a shell runs as that session; without it one of class emergency must be there
  --lock-command CMD        what a shell runs as the lock screen of a session that is locked; without it sessions are
                            told to lock themselves
  --lock-after SECONDS      lock what is in front of a seat that nobody has used for so long (default 0: never)
  --end-silent-bus          a bus that does not answer then is killed: for a supervisor that starts another
  --sysfs DIR               where /sys is
  --runtime-dir DIR         fifos of sessions (default: $YARD_RUNTIME_DIR, $XDG_RUNTIME_DIR/switchyard, /run/switchyard)
  --seatd-mode OCTAL        permissions of seatd's socket (default 600)
  --seatd-dialect D         what seatd's clients speak; auto looks which libseat each has loaded
`;

/** The options, or what to print and the status to exit with. */
export function parseSeatDaemonOptions(
  argv: string[],
  role: SeatDaemonRole,
  environment: NodeJS.ProcessEnv = process.env,
): SeatDaemonOptions | { message: string; status: 0 | 2 } {
  let values: ReturnType<typeof parse>;
  try {
    values = parse(argv);
  } catch (error) {
    return { message: `${(error as Error).message}\n${usage}`, status: 2 };
  }
  if (values.help) return { message: usage, status: 0 };
  const grace = values.grace ?? `${DEFAULT_GRACE_MS}`;
  if (!/^[0-9]{1,5}$/.test(grace) || Number(grace) > GRACE_MAX_MS) {
    return wrong('--grace', grace, `within 0…${GRACE_MAX_MS} ms`);
  }
  const autoVts = values['auto-vts'] ?? `${AUTO_VTS}`;
  if (!/^[0-9]{1,2}$/.test(autoVts) || Number(autoVts) > AUTO_VTS_MAX) {
    return wrong('--auto-vts', autoVts, `within 0…${AUTO_VTS_MAX}`);
  }
  const delay = values['inhibit-delay-max'] ?? `${INHIBIT_DELAY_MS}`;
  if (!/^[0-9]{1,5}$/.test(delay) || Number(delay) > INHIBIT_DELAY_MAX_MS) {
    return wrong('--inhibit-delay-max', delay, `within 0…${INHIBIT_DELAY_MAX_MS} ms`);
  }
  const lockAfter = values['lock-after'] ?? '0';
  if (!/^[0-9]{1,6}$/.test(lockAfter)) return wrong('--lock-after', lockAfter, 'a number of seconds');
  const dialect = values['seatd-dialect'] ?? 'auto';
  if (dialect !== 'auto' && dialect !== '0.7' && dialect !== '0.9') {
    return wrong('--seatd-dialect', dialect, 'auto, 0.7 or 0.9');
  }
  const attention = (values.attention ?? DEFAULT_ATTENTION).split(',').filter((chord) => chord !== '');
  try {
    attention.map(KeyChord.parse);
  } catch (error) {
    return { message: `--attention: ${(error as Error).message}\n`, status: 2 };
  }
  const thieves = values.thieves ?? 'end';
  if (thieves !== 'end' && thieves !== 'report') return wrong('--thieves', thieves, 'end or report');
  const mode = values['seatd-mode'] ?? '600';
  if (!/^[0-7]{3}$/.test(mode)) return wrong('--seatd-mode', mode, 'three octal digits');

  const dir = RuntimeDir.resolve(values['runtime-dir'], environment);
  const system = role === 'system';
  const root = process.getuid?.() === 0;
  // systemd's own manager of users has these, also beside another logind.
  const alone = system && root && !isSystemd(1);
  const systemBus = environment['DBUS_SYSTEM_BUS_ADDRESS'] ?? 'unix:path=/run/dbus/system_bus_socket';
  const runtimePrefix = values['run-user-prefix'];
  const ownPrefix = join(dir.path, 'systemd');
  return {
    dir,
    bus: values.bus ?? (system ? systemBus : dir.busAddress),
    seatdSocket: values['seatd-socket'] ?? join(dir.path, 'seatd.sock'),
    seatdMode: Number.parseInt(mode, 8),
    seatdDialect: dialect,
    stateDir: values['state-dir'] ?? dir.state,
    systemdPrefix: values['run-systemd-prefix'] ?? (system && root ? '/run/systemd' : ownPrefix),
    grace: Number(grace),
    attention,
    emergencyCommand: values['emergency-command'],
    lockCommand: values['lock-command'],
    lockAfter: Number(lockAfter) * 1000,
    endSilentBus: values['end-silent-bus'] ?? false,
    vt: values['no-vt'] ? false : (values.vt ?? system),
    getty: values.getty,
    autoVts: values.getty === undefined ? 0 : Number(autoVts),
    restoreVts: values['restore-vts'] ?? false,
    hardware: values['no-hardware'] ? false : (values.hardware ?? (system && root)),
    hardwareRules: values['hardware-rules'],
    thieves,
    udev: values.udev ?? '/run/udev',
    udevRules: values['udev-rules'] ?? (system && root ? '/etc/udev/rules.d' : ''),
    powerCommand: values['power-command'],
    inhibitDelay: Number(delay),
    policyFile: values.policy,
    sysfs: values.sysfs ?? '/sys',
    permanentSeats: system ? ['seat0'] : [],
    cgroupRoot:
      values.cgroup === 'none' ? undefined : (values.cgroup ?? (alone ? CgroupTree.mountPoint() : undefined)),
    killUserProcesses: values['kill-user-processes'] ?? false,
    runtimePrefix: runtimePrefix === 'none' ? '/run/user' : (runtimePrefix ?? '/run/user'),
    makesRuntimeDirectories: runtimePrefix === undefined ? alone : runtimePrefix !== 'none',
  };
}

function isSystemd(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'latin1').trim() === 'systemd';
  } catch {
    return false;
  }
}

function parse(args: string[]) {
  const { values } = parseArgs({
    args,
    options: {
      'runtime-dir': { type: 'string' },
      bus: { type: 'string' },
      'seatd-socket': { type: 'string' },
      'seatd-mode': { type: 'string' },
      'seatd-dialect': { type: 'string' },
      'state-dir': { type: 'string' },
      'run-systemd-prefix': { type: 'string' },
      grace: { type: 'string' },
      attention: { type: 'string' },
      'emergency-command': { type: 'string' },
      'lock-command': { type: 'string' },
      'lock-after': { type: 'string' },
      'end-silent-bus': { type: 'boolean' },
      vt: { type: 'boolean' },
      'no-vt': { type: 'boolean' },
      getty: { type: 'string' },
      'auto-vts': { type: 'string' },
      'restore-vts': { type: 'boolean' },
      hardware: { type: 'boolean' },
      'no-hardware': { type: 'boolean' },
      'hardware-rules': { type: 'string' },
      thieves: { type: 'string' },
      udev: { type: 'string' },
      'udev-rules': { type: 'string' },
      policy: { type: 'string' },
      'power-command': { type: 'string' },
      'inhibit-delay-max': { type: 'string' },
      sysfs: { type: 'string' },
      cgroup: { type: 'string' },
      'kill-user-processes': { type: 'boolean' },
      'run-user-prefix': { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  return values;
}

function wrong(option: string, given: string, meant: string): { message: string; status: 2 } {
  return { message: `${option}: ${given} is not ${meant}\n`, status: 2 };
}
