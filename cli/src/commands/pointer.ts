import { NOTCH, Wheel } from '@switchyard/seat';
import { ABS, BTN, EV } from '@switchyard/uapi';
import { type Command, InvalidArgumentError } from 'commander';
import { Failure } from '../Failure.js';
import { findDevice, monitorNumber, type Report, VirtualInput } from '../VirtualInput.js';
import { Yard } from '../Yard.js';

interface PointerOptions {
  seat?: string;
  monitor?: number;
  runtimeDir?: string;
}

export function pointerCommands(program: Command): void {
  const pointer = program.command('pointer').description('act on the seat’s pointer');
  const verb = (name: string, description: string) =>
    pointer
      .command(name)
      .description(description)
      .option('--seat <seat>', 'the seat')
      .option('--monitor <number>', 'in front of which of its monitors, counted from 1', monitorNumber)
      .option('--runtime-dir <dir>', 'where the tree runs');

  verb('move', 'move it to a place')
    .argument('<x>', 'pixels from the left', pixels)
    .argument('<y>', 'pixels from the top', pixels)
    .action((x: number, y: number, options: PointerOptions) =>
      act(options, async (yard, seat, device) => {
        const monitor = (await findDevice(yard, seat, 'monitor', options.monitor))[5];
        const width = Number(monitor.get('width')?.value);
        const height = Number(monitor.get('height')?.value);
        if (x >= width || y >= height)
          throw new Failure(`${x},${y} is outside the screen of ${width}x${height}`);
        const most = device.property('absolute-max');
        // The middle of the pixel, so that rounding back finds the same one.
        const scaled = (at: number, size: number) => Math.floor(((at + 0.5) * most) / size);
        return [
          [
            { type: EV.ABS, code: ABS.X, value: scaled(x, width) },
            { type: EV.ABS, code: ABS.Y, value: scaled(y, height) },
          ],
        ];
      }),
    );
  verb('click', 'press and release a button where it is')
    .argument('[button]', 'left, middle, right, side, extra, forward or back', button, BTN.LEFT)
    .action((code: number, options: PointerOptions) =>
      act(options, async () => [[{ type: EV.KEY, code, value: 1 }], [{ type: EV.KEY, code, value: 0 }]]),
    );
  verb('scroll', 'turn the wheel; positive is down')
    .argument('<dy>', 'notches, like 1 or -2.5', number)
    .allowUnknownOption()
    .action((dy: number, options: PointerOptions) =>
      act(options, async () => {
        const report: Report[number][] = [];
        new Wheel().turn(0, Math.round(dy * NOTCH), (type, code, value) =>
          report.push({ type, code, value }),
        );
        return [report];
      }),
    );
}

function act(
  options: PointerOptions,
  reports: (yard: Yard, seat: string, device: VirtualInput) => Promise<readonly Report[]>,
): Promise<void> {
  return Yard.with(options.runtimeDir, async (yard) => {
    const seat = await yard.findSeat(options.seat);
    const device = await VirtualInput.find(yard, seat, 'pointer', options.monitor);
    await device.send(await reports(yard, seat, device));
  });
}

function number(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('it is a number.');
  return value;
}

function pixels(text: string): number {
  const value = number(text);
  if (value < 0) throw new InvalidArgumentError('pixels count from 0.');
  return value;
}

function button(text: string): number {
  const code = BTN[text.toUpperCase() as keyof typeof BTN];
  if (code === undefined || text.toUpperCase() === 'TOUCH')
    throw new InvalidArgumentError('left, middle, right, side, extra, forward or back.');
  return code;
}
