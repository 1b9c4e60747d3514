/**
 * Runs in a VM: what a compositor does with libs/seat's Seat. Opens the first graphics card and all keyboards when it is
 * enabled first, and says on stdout what happens, a line each. Lines of stdin: `switch N`, `quit`.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Seat, type SeatDevice } from '@switchyard/seat';
import { Poll, read } from '@switchyard/sys';
import { EV, inputEvent } from '@switchyard/uapi';
import { DrmCard } from '@switchyard/uapi/calls';

const say = (text: string) => process.stdout.write(`${text}\n`);
const keyboards = readdirSync('/sys/class/input')
  .filter((name) => /^event\d+$/.test(name))
  .filter((name) => /keyboard/i.test(readFileSync(`/sys/class/input/${name}/device/name`, 'utf8')))
  .map((name) => `/dev/input/${name}`);

function follow(device: SeatDevice): void {
  const records = new Uint8Array(64 * inputEvent.size);
  const view = new DataView(records.buffer);
  const { fd } = device;
  if (!fd) return;
  Poll.watch(fd, 'readable', () => {
    let count = 0;
    try {
      count = read(fd, records);
    } catch (error) {
      // Revoked before we are told.
      say(`lost: ${(error as Error).message}`);
      fd.close();
    }
    for (let at = 0; at + inputEvent.size <= count; at += inputEvent.size) {
      const { type, code, value } = inputEvent.read(view, at);
      if (type === EV.KEY && value === 1) say(`key ${code}`);
    }
  });
}
function tellMaster({ fd }: SeatDevice): void {
  say(`master ${fd ? new DrmCard(fd).isMaster() : 'of nothing'}`);
}

let resumed = 0;
function back(keyboard: SeatDevice): void {
  follow(keyboard);
  if (++resumed % keyboards.length === 0) say('keyboards resumed');
}

let opened = false;
const seat = await Seat.open({
  enabled: async () => {
    say('enabled');
    if (opened) return;
    opened = true;
    tellMaster(
      await seat.openDevice('/dev/dri/card0', { paused: () => say('card paused'), resumed: tellMaster }),
    );
    for (const path of keyboards) follow(await seat.openDevice(path, { resumed: back }));
    say(`opened ${keyboards.length > 0}`);
  },
  disabled: () => {
    say('disabled');
  },
  closed: (error) => {
    say(`closed: ${error.message}`);
    process.exit(1);
  },
});
say(`seat ${seat.name}`);
for await (const line of createInterface({ input: process.stdin })) {
  const [verb, number] = line.split(' ');
  if (verb === 'switch') await seat.switchSession(Number(number));
  else break;
}
await seat.close();
process.exit(0);
