import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Where a tree keeps its sockets, state and logs. The layout is in ARCHITECTURE.md. */
export class RuntimeDir {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** `explicit`, else $YARD_RUNTIME_DIR, else $XDG_RUNTIME_DIR/switchyard, else /run/switchyard for root or /tmp/switchyard-UID. */
  static resolve(explicit?: string, environment: NodeJS.ProcessEnv = process.env): RuntimeDir {
    const uid = process.getuid?.() ?? 0;
    const fallback = uid === 0 ? '/run/switchyard' : `/tmp/switchyard-${uid}`;
    const xdg = environment['XDG_RUNTIME_DIR'];
    // An empty variable is as good as none.
    return new RuntimeDir(
      resolve(explicit || environment['YARD_RUNTIME_DIR'] || (xdg ? join(xdg, 'switchyard') : fallback)),
    );
  }

  get yardFile(): string {
    return join(this.path, 'yard.json');
  }
  get busSocket(): string {
    return join(this.path, 'bus');
  }
  get busAddress(): string {
    // D-Bus specification, "Server Addresses": all but these characters is escaped, byte by byte.
    const path = Array.from(Buffer.from(this.busSocket), (byte) => {
      const character = String.fromCharCode(byte);
      return /[-0-9A-Za-z_/.\\*]/.test(character) ? character : `%${byte.toString(16).padStart(2, '0')}`;
    });
    return `unix:path=${path.join('')}`;
  }
  get notifySocket(): string {
    return join(this.path, 'notify');
  }
  get sessions(): string {
    return join(this.path, 'sessions');
  }
  get inhibitors(): string {
    return join(this.path, 'inhibitors');
  }
  get state(): string {
    return join(this.path, 'state');
  }
  /** What a tree leaves here beside its logs when it could not end in order. */
  get leftovers(): string[] {
    const names = ['state', 'sessions', 'inhibitors', 'systemd', 'bus', 'seatd.sock', 'notify', 'supervisor'];
    // A display's socket too, if it was killed and its seat is no more.
    const sockets = existsSync(this.path)
      ? readdirSync(this.path).filter((name) => /^wayland-\d+(\.lock)?$/.test(name))
      : [];
    return [...names, ...sockets].map((name) => join(this.path, name));
  }
  get logs(): string {
    return join(this.path, 'log');
  }
  log(service: string): string {
    return join(this.logs, `${service}.log`);
  }
}
