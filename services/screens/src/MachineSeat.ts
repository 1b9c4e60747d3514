import { readdirSync } from 'node:fs';
import type { Log } from '@switchyard/runtime';
import { Seat, type SeatDevice, type SeatDeviceHandlers } from '@switchyard/seat';
import { SystemError, Uevents } from '@switchyard/sys';
import { CardScreens, type ScreenMaker } from './CardScreens.js';
import { type Hands, MachineInput } from './MachineInput.js';

/** A card says several times that something was plugged in, and a device is there before its node may be opened (ms). */
const settling = 300;

export interface MachineSeatOptions {
  readonly screens: ScreenMaker;
  readonly hands: Hands;
  readonly log: Log;
  /** The machine's seat was taken away for good. */
  readonly lost: (error: Error) => void;
}

/**
 * The machine's own seat, as its manager gives it to the session that this process runs in (libs/seat: seatd, logind, or
 * nobody): all its cards, keyboards and mice.
 */
export class MachineSeat {
  readonly #options: MachineSeatOptions;
  readonly #cards = new Map<string, CardScreens>();
  readonly #inputs = new Map<string, MachineInput>();
  /** Opened, being opened, or not for us. */
  readonly #known = new Set<string>();
  #seat: Seat | undefined;
  #uevents: Uevents | undefined;
  #settling: NodeJS.Timeout | undefined;
  /** Screens are to be looked for as well. */
  #replug = false;

  private constructor(options: MachineSeatOptions) {
    this.#options = options;
  }

  /** Resolves when all devices were asked for, if the seat is in front. Rejects where there is no way to a seat. */
  static async open(options: MachineSeatOptions): Promise<MachineSeat> {
    const machine = new MachineSeat(options);
    await new Promise<void>((resolve, reject) => {
      Seat.open({
        enabled: () => void machine.#look().then(resolve),
        closed: (error) => options.lost(error),
      }).then((seat) => {
        machine.#seat = seat;
        // On another VT: devices are there when this one is in front.
        setImmediate(() => seat.active || resolve());
      }, reject);
    });
    machine.#follow();
    return machine;
  }

  get name(): string {
    return this.#seat!.name;
  }
  /** It is in front. */
  get active(): boolean {
    return this.#seat!.active;
  }
  get hasCard(): boolean {
    return this.#cards.size > 0;
  }

  light(bits: number): void {
    for (const input of this.#inputs.values()) input.light(bits);
  }

  async close(): Promise<void> {
    clearTimeout(this.#settling);
    this.#uevents?.close();
    for (const input of this.#inputs.values()) input.close();
    for (const card of this.#cards.values()) card.paused();
    await this.#seat?.close();
  }

  #follow(): void {
    try {
      this.#uevents = Uevents.listen({
        message: (bytes) => {
          const [, subsystem] = /SUBSYSTEM=(drm|input)\0/.exec(Buffer.from(bytes).toString('latin1')) ?? [];
          if (subsystem) this.#changed(subsystem === 'drm');
        },
        lost: () => this.#changed(true),
      });
    } catch (error) {
      this.#options.log.warn(`no device will be seen to come: ${(error as Error).message}`);
    }
  }

  #changed(screens: boolean): void {
    this.#replug ||= screens;
    this.#settling ??= setTimeout(() => {
      this.#settling = undefined;
      if (this.#replug) for (const card of this.#cards.values()) card.replug();
      this.#replug = false;
      void this.#look();
    }, settling);
  }

  /** Opens what is not open yet. */
  async #look(): Promise<void> {
    const paths = [...nodes('/dev/dri', /^card\d+$/), ...nodes('/dev/input', /^event\d+$/)];
    for (const path of this.#known) if (!paths.includes(path)) this.#known.delete(path);
    const fresh = paths.filter((path) => !this.#known.has(path));
    for (const path of fresh) this.#known.add(path);
    await Promise.all(fresh.map((path) => this.#open(path)));
  }

  async #open(path: string): Promise<void> {
    try {
      if (!this.#seat?.active) throw new Error('the seat is not in front');
      if (path.startsWith('/dev/dri/')) await this.#openCard(path);
      else await this.#openInput(path);
    } catch (error) {
      // Another seat's, or it went again. What comes while we are behind is asked for when we are in front.
      this.#options.log.debug({ path, error: (error as Error).message }, 'a device is not opened');
      if (!(error instanceof SystemError)) this.#known.delete(path);
    }
  }

  async #openCard(path: string): Promise<void> {
    const device = await this.#openDevice(path, {
      paused: () => this.#cards.get(path)?.paused(),
      resumed: () => this.#cards.get(path)?.resumed(),
      gone: () => {
        this.#cards.get(path)?.gone();
        this.#cards.delete(path);
        this.#known.delete(path);
      },
    });
    const card = new CardScreens(device, this.#options.screens, this.#options.log);
    this.#cards.set(path, card);
    card.resumed();
  }

  async #openInput(path: string): Promise<void> {
    const closed = () => {
      this.#inputs.get(path)?.close();
      this.#inputs.delete(path);
    };
    const device = await this.#openDevice(path, {
      paused: closed,
      resumed: (again) => this.#listen(path, again),
      gone: () => {
        closed();
        this.#known.delete(path);
      },
    });
    this.#listen(path, device);
  }

  #listen(path: string, { fd, state }: SeatDevice): void {
    if (!fd || state !== 'open') return;
    try {
      this.#inputs.set(path, new MachineInput(fd.dup(), this.#options.hands));
    } catch (error) {
      // Revoked before we came to it.
      if (!(error instanceof SystemError)) throw error;
    }
  }

  #openDevice(path: string, on: SeatDeviceHandlers): Promise<SeatDevice> {
    return this.#seat!.openDevice(path, on);
  }
}

function nodes(folder: string, names: RegExp): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => names.test(name))
      .sort()
      .map((name) => `${folder}/${name}`);
  } catch {
    return [];
  }
}
