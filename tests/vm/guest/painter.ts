/**
 * Runs in a VM, in a session: a compositor that fills its card's screens with a colour, `painter.js CARD COLOUR [stubborn]`, and
 * says on stdout what happens to it. A stubborn one does not answer when it is asked to pause.
 */
import { createInterface } from 'node:readline';
import { Card, type Connector, type Crtc, type DumbBuffer, Framebuffer, type Mode } from '@switchyard/drm';
import { Seat, type SeatDevice } from '@switchyard/seat';
import { SystemError } from '@switchyard/sys';

const [path, colour, manner] = process.argv.slice(2);
const say = (what: unknown): boolean => process.stdout.write(`${JSON.stringify(what)}\n`);

interface Picture {
  readonly buffer: DumbBuffer;
  readonly framebuffer: Framebuffer;
  readonly crtc: Crtc;
  readonly mode: Mode;
  readonly connector: Connector;
}
/** All that it ever showed. */
const pictures: Picture[] = [];

/** Names of the connectors that show the colour now. */
function paint(card: Card): string[] {
  const resources = card.resources({ probe: true });
  const connected = resources.connectors.filter(({ preferredMode }) => preferredMode);
  return [...resources.assignCrtcs(connected)!].map(([connector, crtc]) => {
    const mode = connector.preferredMode!;
    const buffer = card.createDumbBuffer(mode.width, mode.height);
    buffer.fill(Number(colour));
    const framebuffer = Framebuffer.create(buffer);
    crtc.show(framebuffer, mode, [connector]);
    pictures.push({ buffer, framebuffer, crtc, mode, connector });
    return connector.name;
  });
}

/** Shows everything once more, each by the file that it had then: the connector's name, or the error. */
function repaint(): string[] {
  return pictures.map(({ crtc, framebuffer, mode, connector }) => {
    try {
      crtc.show(framebuffer, mode, [connector]);
      return connector.name;
    } catch (error) {
      if (error instanceof SystemError) return error.code;
      throw error;
    }
  });
}

/** Draws into all that it ever showed: the memory is its own for ever. */
function scribble(): void {
  for (const { buffer, framebuffer } of pictures) {
    buffer.fill(0xffffff);
    framebuffer.dirty();
  }
}

const take = (device: SeatDevice): void => {
  const card = new Card(device.fd!.dup());
  say({ painted: paint(card) });
};

let opened: SeatDevice | undefined;
const open = async (): Promise<void> => {
  try {
    opened = await seat.openDevice(path!, {
      resumed: take,
      gone: () => {
        opened = undefined;
        say('gone');
      },
    });
    take(opened);
  } catch (error) {
    say({ refused: (error as Error).message });
  }
};

const seat = await Seat.open(
  {
    enabled() {
      say('enabled');
      if (!opened) void open();
    },
    disabled() {
      say('disabled');
      return manner === 'stubborn' ? new Promise(() => {}) : undefined;
    },
    closed: ({ message }) => say({ closed: message }),
  },
  { backend: 'logind' },
);
for await (const line of createInterface(process.stdin)) {
  if (line === 'repaint') say({ repainted: repaint() });
  else if (line === 'scribble') {
    scribble();
    say('scribbled');
  } else if (line === 'open') await open();
}
