import type { Variant } from '@switchyard/dbus';
import { EV, inputEvent, SYN } from '@switchyard/uapi';
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

  static async find(yard: Yard, seat: string, kind: 'keyboard' | 'pointer'): Promise<VirtualInput> {
    const device = await findDevice(yard, seat, kind);
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

/** The first device of that kind on the seat. */
export async function findDevice(yard: Yard, seat: string, kind: string): Promise<DeviceRow> {
  const [devices] = (await yard.manager.call('org.switchyard.DeviceManager1', 'ListDevices', 's', seat)) as [
    DeviceRow[],
  ];
  const device = devices.find((row) => row[2] === kind);
  if (!device) throw new Failure(`${seat} has no ${kind} now; see yard status`);
  return device;
}
