import { parseArgs } from 'node:util';
import { BusLink } from '@switchyard/dbus';
import { createLog, notifyReady, notifyStatus, onTerminate, RuntimeDir } from '@switchyard/runtime';
import { DeviceProvider } from '@switchyard/seat';
import { MachineSeat } from './MachineSeat.js';
import { PlayedHands } from './PlayedHands.js';
import { Screen } from './Screen.js';

/** A seat on the machine's own screens: `main.js --runtime-dir DIR --seat SEAT`. */
const { values } = parseArgs({
  options: {
    'runtime-dir': { type: 'string' },
    seat: { type: 'string' },
    // Every further seat's services are told.
    further: { type: 'boolean', default: false },
  },
});
const { seat } = values;
if (seat === undefined) {
  process.stderr.write('screens: --seat says which seat is to be seen\n');
  process.exit(2);
}

const log = createLog('screens');
const directory = RuntimeDir.resolve(values['runtime-dir']);
const provider = new DeviceProvider({
  refused: (kind, name, error) =>
    log.error({ kind, device: name, error: error.message }, 'a device was refused'),
});
const screens: Screen[] = [];
const hands = new PlayedHands(provider, seat, (bits) => machine?.light(bits));

const link = new BusLink(directory.busAddress, {
  connected: (connection) => provider.connected(connection),
  lost: () => {
    notifyStatus('waiting for the bus');
    provider.lost();
  },
});

let machine: MachineSeat | undefined;

async function main(ownSeat: string): Promise<void> {
  machine = await MachineSeat.open({
    hands,
    log,
    screens: {
      plugged: (name, mode) => {
        const number = lowestFree();
        const screen = new Screen({ provider, seat: ownSeat, log }, name, number, mode, () =>
          hands.putCursor(),
        );
        screens.push(screen);
        screens.sort((a, b) => a.number - b.number);
        hands.screens = screens;
        return screen;
      },
      unplugged: (screen) => {
        screens.splice(screens.indexOf(screen), 1);
        hands.screens = screens;
        screen.close();
      },
    },
    lost: (error) => {
      log.error({ error: error.message }, 'the machine’s seat is gone');
      process.exit(1);
    },
  });
  // While another session is in front nobody knows what there is.
  if (machine.active && !machine.hasCard)
    throw new Error(`there is no graphics card on the machine’s ${machine.name} (yard doctor)`);
  await link.connectedOnce();
  await provider.settled();
  notifyReady(`${screens.length} screens of the machine’s ${machine.name}`);
}

function lowestFree(): number {
  for (let number = 1; ; number++) if (!screens.some((screen) => screen.number === number)) return number;
}

onTerminate(async () => {
  await machine?.close();
  link.close();
});

main(seat).catch((error: Error) => {
  log.fatal(error.message);
  process.exit(1);
});
