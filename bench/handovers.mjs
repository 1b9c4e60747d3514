/**
 * For a VM, as root (npm run vm -- node bench/handovers.mjs [handovers] [which stranger]): a card and a keyboard go to and fro between two
 * sessions, ten thousand times, without a bus in between, while strangers try to have them. Says what anybody got who
 * should not have, and what a handover costs.
 */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { Fd, read } from '../libs/sys/dist/index.js';
import { DrmCard, Uinput } from '../libs/uapi/dist/calls/index.js';
import { EV, inputEvent, KEY, SYN } from '../libs/uapi/dist/index.js';
import { DrmDevice } from '../services/seat/dist/hardware/DrmDevice.js';
import { EvdevDevice } from '../services/seat/dist/hardware/EvdevDevice.js';
import { MasterGuard } from '../services/seat/dist/hardware/MasterGuard.js';
import { SysDevice } from '../services/seat/dist/hardware/SysDevice.js';

const O_RDWR = 2;
const CARD = '/dev/dri/card0';
/** Who tries, whether he is in group video and was master once, and what is done about him. */
const strangers = [
  ['in no group', false, 'end'],
  ['in group video', true, 'end'],
  ['in group video, never ended', true, 'report'],
].filter(([what]) => what === (process.argv[3] ?? what));
const ALICE = 1000;
const bytes = new Uint8Array(64 * inputEvent.size);
const view = new DataView(bytes.buffer);

if (process.argv[2] === 'stranger') stranger(process.argv[3] === 'video');
else await main(Number(process.argv[2] ?? 10_000));

/** Tries to open the card, or, as a member of group video who was its master once, to be it again. */
function stranger(video) {
  process.setgroups(video ? [statSync(CARD).gid] : []);
  process.setgid(ALICE);
  process.setuid(ALICE);
  if (!video) {
    process.stdout.write('ready\n');
    const tries = setInterval(() => {
      for (let i = 0; i < 20; i++) {
        try {
          Fd.open(CARD, O_RDWR);
        } catch {
          continue;
        }
        process.stdout.write('opened\n');
        clearInterval(tries);
        return;
      }
    }, 1);
    return;
  }
  const card = new DrmCard(Fd.open(CARD, O_RDWR));
  card.dropMaster();
  process.stdout.write('ready\n');
  readFileSync(0);
  for (;;) {
    try {
      card.setMaster();
    } catch {
      // Not yet, or not any more.
    }
  }
}

async function main(count) {
  const gadget = new Uinput(Fd.open('/dev/uinput', O_RDWR));
  gadget.create({ name: 'Typed', keys: [KEY.A] });
  const directory = `/sys/devices/virtual/input/${gadget.sysname()}`;
  const event = readdirSync(directory).find((name) => name.startsWith('event'));
  const keyboard = new EvdevDevice('seat0', SysDevice.at('/sys', `${directory}/${event}`), undefined);
  const quiet = { info() {}, error() {} };
  const sys = SysDevice.at('/sys', '/sys/class/drm/card0');
  for (const [what, video, policy] of strangers) {
    const stolen = [];
    const guard = new MasterGuard(
      {
        policy,
        debugfs: '/sys/kernel/debug',
        isSession: () => false,
        stolen: ({ name, pid, uid, done }) => stolen.push(`${name} ${pid === other.pid} ${uid} ${done}`),
      },
      quiet,
    );
    const other = spawn(process.execPath, [process.argv[1], 'stranger', video ? 'video' : 'plain'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    let said = '';
    other.stdout.on('data', (text) => (said += text));
    while (!said.includes('ready')) await new Promise((resolve) => setTimeout(resolve, 50));
    const card = new DrmDevice('seat0', sys, undefined, guard.usurped);
    const result = await handOver(card, keyboard, gadget, count, () => other.stdin.end());
    await new Promise((resolve) => setTimeout(resolve, 100));
    result.stranger = what;
    result.opened = said.includes('opened');
    result.caught = stolen.length;
    result.named = [...new Set(stolen)];
    result.ended = other.signalCode;
    console.log(JSON.stringify(result));
    other.kill('SIGKILL');
  }
}

async function handOver(card, keyboard, gadget, count, begin) {
  const sessions = ['c1', 'c2'].map((id) => ({
    screen: card.hold(id),
    keys: keyboard.hold(id),
    card: undefined,
    fds: [],
  }));
  const seen = { handovers: count, withoutMaster: 0, twoMasters: 0, strayKeys: 0, keys: 0 };
  const times = [];
  sessions[1].card = new DrmCard(sessions[1].screen.openRevoked());
  sessions[0].card = new DrmCard(sessions[0].screen.open());
  sessions[0].fds.push(sessions[0].keys.open());
  begin();
  // The word must leave this process before it is busy.
  await new Promise((resolve) => setTimeout(resolve, 300));
  for (let i = 1; i <= count; i++) {
    const [to, from] = i % 2 ? [sessions[1], sessions[0]] : sessions;
    press(gadget);
    const began = process.hrtime.bigint();
    from.keys.revoke();
    from.screen.revoke();
    to.screen.open().close();
    to.fds.push(to.keys.open());
    times.push(Number(process.hrtime.bigint() - began) / 1000);
    press(gadget);
    seen.keys += drain(to);
    seen.strayKeys += drain(from);
    if (!to.card.isMaster()) seen.withoutMaster++;
    if (from.card.isMaster()) seen.twoMasters++;
    if (i % 1000 === 0) console.error(JSON.stringify({ ...seen, handovers: i }));
  }
  for (const session of sessions) {
    session.keys.close();
    session.screen.close();
    session.card.fd.close();
  }
  times.sort((a, b) => a - b);
  seen.medianUs = Math.round(times[count >> 1]);
  seen.p99Us = Math.round(times[Math.floor(count * 0.99)]);
  seen.maxUs = Math.round(times[count - 1]);
  return seen;
}

function press(gadget) {
  for (const value of [1, 0]) {
    gadget.emit(EV.KEY, KEY.A, value);
    gadget.emit(EV.SYN, SYN.REPORT, 0);
  }
}

/** Presses that come out of any file that the session was ever given. The last eight are kept: a revoked one stays so. */
function drain(session) {
  let pressed = 0;
  for (const fd of session.fds) {
    try {
      const length = read(fd, bytes);
      for (let at = 0; at < length; at += inputEvent.size) {
        if (inputEvent.get.type(view, at) === EV.KEY && inputEvent.get.value(view, at) === 1) pressed++;
      }
    } catch (error) {
      if (error.code !== 'ENODEV') throw error;
    }
  }
  for (const fd of session.fds.splice(0, Math.max(0, session.fds.length - 8))) fd.close();
  return pressed;
}
