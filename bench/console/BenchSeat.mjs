// A virtual seat at 60 Hz beside seat0: what terminals draw is taken, counted and forgotten.
import { BusLink } from '@switchyard/dbus';
import { DeviceProvider } from '@switchyard/seat';
import { EV } from '@switchyard/uapi';

const FRAME_MS = 1000 / 60;

export class BenchSeat {
  frames = 0;
  #provider = new DeviceProvider();
  #keyboard;
  #link;

  static async attach(bus, name, width, height) {
    const seat = new BenchSeat();
    const monitor = seat.#provider.attachMonitor(
      name,
      'bench monitor',
      { width, height, refresh: 60_000, scale: 120 },
      {
        present: () => {
          seat.frames++;
          setTimeout(() => monitor.flipDone(), FRAME_MS);
        },
        cursor() {},
        session() {},
      },
    );
    seat.#keyboard = seat.#provider.attachKeyboard(name, 'bench keyboard');
    seat.#provider.attachPointer(name, 'bench pointer', 65_535);
    await new Promise((resolve) => {
      seat.#link = new BusLink(bus, {
        connected: async (connection) => {
          seat.#provider.connected(connection);
          await seat.#provider.settled();
          resolve();
        },
      });
    });
    return seat;
  }

  press(...codes) {
    for (const code of codes) this.#key(code, 1);
    for (const code of codes.reverse()) this.#key(code, 0);
  }

  close() {
    this.#provider[Symbol.dispose]();
    this.#link.close();
  }

  #key(code, value) {
    this.#keyboard.event(EV.KEY, code, value);
    this.#keyboard.sync();
  }
}
