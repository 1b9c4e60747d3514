import type { Connection } from '@switchyard/dbus';
import { SeatPlace } from '@switchyard/runtime';
import type { Service } from './Service.js';
import type { SeatOptions } from './services.js';

/** One seat of the tree: its display, and what gives it a screen. */
export class TreeSeat {
  readonly options: SeatOptions;
  readonly place: SeatPlace;
  /** Its display first. */
  readonly services: readonly Service[];
  /** Where people see it; '' when it has no page. */
  url = '';
  /** The socket for programs that come to it by themselves. */
  waylandDisplay = '';
  /** Where VNC clients come in, and the passwords for who acts and who looks ('' where there are none). */
  vnc: { address: string; password: string; viewPassword: string } | undefined;
  /** Of its HTTPS certificate. */
  tlsFingerprint: string | undefined;

  constructor(options: SeatOptions, services: readonly Service[]) {
    this.options = options;
    this.services = services;
    this.place = new SeatPlace(options.seat, options.further);
  }

  get name(): string {
    return this.options.seat;
  }
  get displayName(): string {
    return this.place.busName('org.switchyard.Display');
  }

  /** How long its display has been running (ms). */
  get displayAge(): number {
    const [display] = this.services;
    return Date.now() - Number(display!.startedAt / 1000n);
  }

  /** Asks its services, which are ready, where they are. */
  async meet(connection: Connection): Promise<void> {
    const display = connection.proxy(this.displayName, '/org/switchyard/Display1');
    await Promise.all([
      display.get('org.switchyard.Display1', 'WaylandDisplay').then((path) => {
        this.waylandDisplay = String(path);
      }),
      this.options.shared || this.options.screens ? undefined : this.#meetWeb(connection),
    ]);
  }

  async #meetWeb(connection: Connection): Promise<void> {
    const web = connection.proxy(this.place.busName('org.switchyard.Web'), '/org/switchyard/Web1');
    const told = await web.getAll('org.switchyard.Web1');
    const text = (property: string) => String(told.get(property)?.value ?? '');
    this.url = text('Url');
    const address = text('Vnc');
    if (address !== '') {
      const asked = async (method: string) => String((await web.call('org.switchyard.Web1', method, ''))[0]);
      const password = await asked('VncPassword');
      this.vnc = { address, password, viewPassword: await asked('VncViewPassword') };
    }
    this.tlsFingerprint = text('TlsFingerprint') || undefined;
  }

  /** What shows it first: the display then ends its sessions. */
  async stop(): Promise<void> {
    for (const service of [...this.services].reverse()) await service.stop();
  }
}
