/** Runs in a VM, as root: what libs/input's EvdevDevice reads of devices that this program makes. Prints JSON. */
import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { EvdevDevice } from '@switchyard/input';
import { Fd, type SystemError } from '@switchyard/sys';
import { ABS, EV, KEY, SYN } from '@switchyard/uapi';
import { Evdev, Uinput, type UinputDevice } from '@switchyard/uapi/calls';

const O_RDWR = 2;
const O_NONBLOCK = 2048;

/** What a device told, a report a string. */
class Listener {
  readonly reports: string[] = [];
  closed = false;
  #report: string[] = [];

  readonly event = (type: number, code: number, value: number): void => {
    if (type === EV.SYN && code === SYN.REPORT) this.reports.push(this.#report.splice(0).join(' '));
    else this.#report.push(`${type}/${code}=${value}`);
  };

  /** The reports since the last call, when no more come. A machine that stood still has had its timers before its events. */
  async take(): Promise<string[]> {
    for (let before = -1, quiet = 0; quiet < 4; quiet = before === this.reports.length ? quiet + 1 : 0) {
      before = this.reports.length;
      await sleep(50);
    }
    return this.reports.splice(0);
  }
}

function open(path: string): EvdevDevice {
  return new EvdevDevice(Fd.open(path, O_RDWR | O_NONBLOCK));
}

function listen(device: EvdevDevice): Listener {
  const listener = new Listener();
  device.listen({
    event: listener.event,
    closed: () => {
      listener.closed = true;
    },
  });
  return listener;
}

function make(description: UinputDevice): { gadget: Uinput; path: string } {
  const gadget = new Uinput(Fd.open('/dev/uinput', O_RDWR));
  gadget.create(description);
  const directory = `/sys/devices/virtual/input/${gadget.sysname()}`;
  const node = readdirSync(directory).find((entry) => entry.startsWith('event'));
  return { gadget, path: `/dev/input/${node}` };
}

function report(gadget: Uinput, ...events: [number, number, number][]): void {
  for (const [type, code, value] of events) gadget.emit(type, code, value);
  gadget.emit(EV.SYN, SYN.REPORT, 0);
}

/** Some seconds, in which what is wrong does not become right. */
async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds() && tries < 400; tries++) await sleep(50);
}

const seen: Record<string, unknown> = {};

const { gadget: keys, path } = make({
  name: 'Keys',
  id: { bustype: 3, vendor: 7 },
  keys: [KEY.A, KEY.B, KEY.LEFTCTRL],
});
report(keys, [EV.KEY, KEY.LEFTCTRL, 1]);
const device = open(path);
const listener = listen(device);
seen['identity'] = [
  device.name,
  device.id.vendor,
  device.has(EV.KEY, KEY.A),
  device.has(EV.KEY, KEY.C),
  device.has(EV.REL, 0),
];
seen['held before'] = await listener.take();
report(keys, [EV.KEY, KEY.A, 1]);
report(keys, [EV.KEY, KEY.A, 0]);
seen['typed'] = await listener.take();

// More than the kernel keeps for a reader that does not read: what happened is lost, what is so now is not.
report(keys, [EV.KEY, KEY.LEFTCTRL, 0]);
for (let i = 0; i < 500; i++) {
  report(keys, [EV.KEY, KEY.A, 1]);
  report(keys, [EV.KEY, KEY.A, 0]);
}
report(keys, [EV.KEY, KEY.B, 1]);
const afterFlood = await listener.take();
seen['after a flood'] = {
  fewer: afterFlood.length < 500,
  dropped: afterFlood.some((text) => text.includes(`${EV.SYN}/${SYN.DROPPED}`)),
  down: [KEY.A, KEY.B, KEY.LEFTCTRL].map((key) => device.isDown(key)),
  last: lastOf(afterFlood, [KEY.A, KEY.B, KEY.LEFTCTRL]),
};

/** What was told last of each key. */
function lastOf(reports: string[], codes: number[]): (string | undefined)[] {
  const all = reports.flatMap((text) => text.split(' '));
  return codes.map((code) => all.findLast((event) => event.startsWith(`${EV.KEY}/${code}=`)));
}

const other = open(path);
const quiet = listen(other);
seen['held, to one who comes later'] = await quiet.take();
device.grab();
report(keys, [EV.KEY, KEY.B, 0]);
seen['grabbed'] = [await listener.take(), await quiet.take()];
device.ungrab();
other.limit(EV.KEY, [KEY.A]);
report(keys, [EV.KEY, KEY.A, 1], [EV.KEY, KEY.LEFTCTRL, 1]);
report(keys, [EV.KEY, KEY.A, 0], [EV.KEY, KEY.LEFTCTRL, 0]);
seen['limited'] = await quiet.take();
const file = Fd.open(path, O_RDWR | O_NONBLOCK);
const kept = file.dup();
const revoked = new EvdevDevice(file);
const unaware = listen(revoked);
new Evdev(kept).revoke();
await until(() => unaware.closed);
seen['revoked'] = [unaware.closed, revoked.closed];
try {
  new EvdevDevice(kept);
} catch (error) {
  seen['opened revoked'] = [(error as SystemError).code, kept.closed];
}

const axis = { minimum: 0, maximum: 100 };
const { gadget: touch, path: touchPath } = make({
  name: 'Touch',
  absolute: [
    [ABS.MT_SLOT, { minimum: 0, maximum: 3 }],
    [ABS.MT_TRACKING_ID, { minimum: 0, maximum: 65535 }],
    [ABS.MT_POSITION_X, axis],
  ],
});
const screen = open(touchPath);
const fingers = listen(screen);
report(touch, [EV.ABS, ABS.MT_SLOT, 1], [EV.ABS, ABS.MT_TRACKING_ID, 5], [EV.ABS, ABS.MT_POSITION_X, 10]);
seen['touched'] = await fingers.take();
// The finger goes, another comes in its slot, and a third beside it, unseen.
report(touch, [EV.ABS, ABS.MT_TRACKING_ID, -1]);
report(touch, [EV.ABS, ABS.MT_TRACKING_ID, 6], [EV.ABS, ABS.MT_POSITION_X, 20]);
report(touch, [EV.ABS, ABS.MT_SLOT, 2], [EV.ABS, ABS.MT_TRACKING_ID, 7], [EV.ABS, ABS.MT_POSITION_X, 30]);
for (let i = 0; i < 400; i++) report(touch, [EV.ABS, ABS.MT_POSITION_X, 31 + (i % 2)]);
const touches = (await fingers.take()).join(' ').split(' ');
seen['fingers after a flood'] = {
  // Told of the first finger's end before the second one in its slot.
  order: touches.filter((event) => event.startsWith(`${EV.ABS}/${ABS.MT_TRACKING_ID}=`)),
  last: touches.findLast((event) => event.startsWith(`${EV.ABS}/${ABS.MT_POSITION_X}=`)),
};

touch.fd.close();
await until(() => fingers.closed);
seen['unplugged'] = [fingers.closed, screen.closed];
console.log(JSON.stringify(seen));
process.exit(0);
