import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** A sysfs and a udev database as Linux 6.1 and udevd 252 have them, in a directory; of devices that cannot be opened. */
export class SysTree {
  readonly sysfs: string;
  readonly udev: string;

  constructor(readonly root: string) {
    this.sysfs = join(root, 'sys');
    this.udev = join(root, 'udev');
    for (const name of [
      'class/drm',
      'class/input',
      'class/hidraw',
      'class/sound',
      'devices',
      'bus',
      'dev/char',
    ]) {
      mkdirSync(join(this.sysfs, name), { recursive: true });
    }
  }

  /** With event number `n`; `at` is below devices. Its path. */
  keyboard(at: string, n: number): string {
    this.#device(at, 'virtio', '', 'virtio_input');
    const input = `${at}/input/input${n}`;
    this.#device(input, 'input', `NAME="Keyboard ${n}"\n`);
    writeFileSync(join(this.sysfs, 'devices', input, 'name'), `Keyboard ${n}\n`);
    const event = `${input}/event${n}`;
    this.#device(event, 'input', `MAJOR=13\nMINOR=${64 + n}\nDEVNAME=input/event${n}\n`);
    return this.#class('input', event);
  }

  /** `at` is below devices. Its path. */
  card(at: string, n: number): string {
    this.#device(at, 'pci', '', 'some-card');
    const card = `${at}/drm/card${n}`;
    this.#device(card, 'drm', `MAJOR=226\nMINOR=${n}\nDEVNAME=dri/card${n}\nDEVTYPE=drm_minor\n`);
    this.connect(card, 'HDMI-A-1', true);
    return this.#class('drm', card);
  }

  connect(card: string, connector: string, connected: boolean): void {
    const path = `${card}/${basename(card)}-${connector}`;
    this.#device(path, 'drm', 'DEVTYPE=drm_connector\n');
    writeFileSync(join(this.sysfs, 'devices', path, 'status'), connected ? 'connected\n' : 'disconnected\n');
  }

  /** A light below a device; its path. */
  light(at: string, name: string): string {
    this.#device(`${at}/leds/${name}`, 'leds', '');
    return join(this.sysfs, 'devices', at, 'leds', name);
  }

  /** Pulls out what is at a path that one of the above gave. */
  remove(path: string): void {
    rmSync(path, { recursive: true });
    rmSync(join(this.sysfs, 'class', path.includes('/drm/') ? 'drm' : 'input', basename(path)));
  }

  /** udevd's record of a device: `c13:64`. */
  record(id: string, lines: readonly string[]): void {
    mkdirSync(join(this.udev, 'data'), { recursive: true });
    writeFileSync(join(this.udev, 'data', id), `${lines.join('\n')}\nV:1\n`);
  }

  #class(name: string, at: string): string {
    const path = join(this.sysfs, 'devices', at);
    symlinkSync(path, join(this.sysfs, 'class', name, basename(at)));
    return path;
  }

  #device(at: string, subsystem: string, uevent: string, driver?: string): void {
    const path = join(this.sysfs, 'devices', at);
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, 'uevent'), uevent);
    const links = {
      subsystem: `bus/${subsystem}`,
      ...(driver === undefined ? {} : { driver: `bus/${driver}` }),
    };
    for (const [name, target] of Object.entries(links)) {
      rmSync(join(path, name), { force: true });
      mkdirSync(join(this.sysfs, target), { recursive: true });
      symlinkSync(join(this.sysfs, target), join(path, name));
    }
    // Buses and controllers above it are devices as well.
    for (let above = dirname(at); above !== '.'; above = dirname(above)) {
      const isClass = /^(drm|input|leds|sound|hidraw)$/.test(basename(above));
      if (!isClass) writeFileSync(join(this.sysfs, 'devices', above, 'uevent'), '', { flag: 'a' });
    }
  }
}
