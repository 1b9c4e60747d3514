/**
 * For a VM, as root (npm run vm -- node bench/hidraw.mjs [handovers]), with a kernel from 6.12 on: the reports of a HID device go
 * to and fro between two sessions, through files that the manager takes back. Says who read what, through any file that it was
 * ever given, and what a file is worth that was taken back. On an older kernel it says that none is given out.
 */
import { readdirSync } from 'node:fs';
import { release } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { Fd, read, write } from '../libs/sys/dist/index.js';
import { encode } from '../libs/uapi/dist/index.js';
import { BUS, UHID, uhidEvent } from '../libs/uapi/dist/tables.js';
import { HidrawDevice } from '../services/seat/dist/hardware/HidrawDevice.js';
import { SysDevice } from '../services/seat/dist/hardware/SysDevice.js';

const O_RDWR = 2;
const count = Number(process.argv[2] ?? 1000);
/** HID's own language: one button, and seven bits that mean nothing. */
const button = Uint8Array.from([
  0x05, 0x01, 0x09, 0x05, 0xa1, 0x01, 0x05, 0x09, 0x09, 0x01, 0x15, 0x00, 0x25, 0x01, 0x75, 0x01, 0x95, 0x01,
  0x81, 0x02, 0x75, 0x07, 0x81, 0x03, 0xc0,
]);
const uhid = Fd.open('/dev/uhid', O_RDWR);
const create2 = {
  name: 'Button',
  bus: BUS.USB,
  vendor: 1,
  product: 2,
  rd_size: button.length,
  rd_data: button,
};
write(uhid, encode(uhidEvent, { type: UHID.CREATE2, u: { create2 } }));
let node;
while (!node) {
  await pause(20);
  node = readdirSync('/sys/class/hidraw')[0];
}
const device = new HidrawDevice('seat0', SysDevice.at('/sys', `/sys/class/hidraw/${node}`), undefined);
const sessions = ['c1', 'c2'].map((id) => ({ hold: device.hold(id), fds: [] }));
const report = encode(uhidEvent, { type: UHID.INPUT2, u: { input2: { size: 1, data: Uint8Array.of(1) } } });
const bytes = new Uint8Array(64);

/** Reports that come out of a session's files; the last eight are kept, a revoked one stays so. */
function drain({ fds }) {
  let reports = 0;
  for (const fd of fds) {
    try {
      while (read(fd, bytes) > 0) reports++;
    } catch (error) {
      seen.errors.add(error.code);
    }
  }
  while (fds.length > 8) fds.shift().close();
  return reports;
}

const seen = { kernel: release(), handovers: count, reports: 0, inFront: 0, behind: 0, errors: new Set() };
try {
  sessions[0].fds.push(sessions[0].hold.open());
} catch (error) {
  console.log(`${release()}: ${error.message}`);
  process.exit();
}
for (let i = 1; i <= count; i++) {
  const [to, from] = i % 2 ? [sessions[1], sessions[0]] : sessions;
  // What waits in the file when it is taken back must not come out of it either.
  write(uhid, report);
  from.hold.revoke();
  seen.behind += drain(from);
  to.fds.push(to.hold.open());
  write(uhid, report);
  seen.reports += 2;
  seen.inFront += drain(to);
  seen.behind += drain(from);
}
const dead = sessions[count % 2 ? 0 : 1].fds.at(-1);
try {
  write(dead, Uint8Array.of(0, 1));
  seen.write = 'written';
} catch (error) {
  seen.write = error.code;
}
console.log(JSON.stringify({ ...seen, errors: [...seen.errors] }));
process.exit();
