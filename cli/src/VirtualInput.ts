import type { Variant } from '@switchyard/dbus';
import { EV, inputEvent, SYN } from '@switchyard/uapi';
import { InvalidArgumentError } from 'commander';
import { Failure } from './Failure.js';
import type { Yard } from './Yard.js';

type DeviceRow = [
  major: number,
  minor: number,
  kind: string,
  name: string,
  provider: string,
  properties: Map<string, Variant>,
];

/** A report: what happened at one time; SYN_REPORT is added. */
export type Report = readonly { readonly type: number; readonly code: number; readonly value: number }[];

/** One virtual device of a seat, to act on as a person would. */
export class VirtualInput {
  readonly #yard: Yard;
  readonly #device: DeviceRow;

  private constructor(yard: Yard, device: DeviceRow) {
    this.#yard = yard;
    this.#device = device;
  }

  /** `monitor`: the one that is in front of that. */
  static async find(
    yard: Yard,
    seat: string,
    kind: 'keyboard' | 'pointer',
    monitor = 1,
  ): Promise<VirtualInput> {
    const device = await findDevice(yard, seat, kind, monitor);
    return new VirtualInput(yard, device);
  }

  /** A number among the device's properties. */
  property(name: string): number {
    return Number(this.#device[5].get(name)?.value);
  }

  async send(reports: readonly Report[]): Promise<void> {
    const count = reports.reduce((sum, report) => sum + report.length + 1, 0);
    const bytes = new Uint8Array(count * inputEvent.size);
    const view = new DataView(bytes.buffer);
    let at = 0;
    for (const report of reports) {
      for (const event of [...report, { type: EV.SYN, code: SYN.REPORT, value: 0 }]) {
        inputEvent.write(view, at, event);
        at += inputEvent.size;
      }
    }
    const [major, minor, , , provider] = this.#device;
    await this.#yard.bus.call({
      destination: provider,
      path: '/org/switchyard/DeviceProvider1',
      interface: 'org.switchyard.DeviceProvider1',
      member: 'Inject',
      signature: 'uuay',
      body: [major, minor, bytes],
    });
  }
}

/** Among a seat's monitors, from the left. */
export function monitorNumber(text: string): number {
  const number = Number(text);
  if (!/^\d{1,3}$/.test(text) || number < 1) throw new InvalidArgumentError('monitors are counted from 1.');
  return number;
}

/** The first device of that kind on the seat, or, beyond the first monitor, the one that is it or belongs to it. */
export async function findDevice(yard: Yard, seat: string, kind: string, monitor = 1): Promise<DeviceRow> {
  const [devices] = (await yard.manager.call('org.switchyard.DeviceManager1', 'ListDevices', 's', seat)) as [
    DeviceRow[],
  ];
  const of = (row: DeviceRow) => (row[5].get('number') ?? row[5].get('monitor'))?.value ?? 1;
  const device = devices.find((row) => row[2] === kind && (monitor === 1 || of(row) === monitor));
  if (device) return device;
  const what = monitor === 1 ? kind : `${kind} of a monitor ${monitor}`;
  throw new Failure(`${seat} has no ${what} now; see yard status`);
}
