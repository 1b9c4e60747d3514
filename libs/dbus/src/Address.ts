import { Socket } from '@switchyard/sys';

/** One way to reach a bus: `unix:path=/run/bus,guid=…`. */
export type Address = { transport: string; options: ReadonlyMap<string, string> };

const unescaped = /^[-0-9A-Za-z_/.\\*]$/;

function unescapeValue(text: string): string {
  const bytes: number[] = [];
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '%') {
      const hex = text.slice(i + 1, i + 3);
      if (!/^[0-9a-fA-F]{2}$/.test(hex))
        throw new TypeError(`D-Bus address: bad escape in ${JSON.stringify(text)}`);
      bytes.push(Number.parseInt(hex, 16));
      i += 2;
    } else bytes.push(text.charCodeAt(i));
  }
  return Buffer.from(bytes).toString('utf8');
}

/** Writes a value so that it can stand in an address. */
export function escapeAddressValue(text: string): string {
  let escaped = '';
  for (const byte of Buffer.from(text, 'utf8')) {
    const character = String.fromCharCode(byte);
    escaped += unescaped.test(character) ? character : `%${byte.toString(16).padStart(2, '0')}`;
  }
  return escaped;
}

/** The addresses of a `;`-separated list, in order. Throws TypeError when one is malformed. */
export function parseAddresses(text: string): Address[] {
  return text
    .split(';')
    .filter((one) => one !== '')
    .map((one) => {
      const colon = one.indexOf(':');
      if (colon <= 0) throw new TypeError(`D-Bus address without a transport: ${JSON.stringify(one)}`);
      const options = new Map<string, string>();
      for (const pair of one.slice(colon + 1).split(',')) {
        if (pair === '') continue;
        const equals = pair.indexOf('=');
        if (equals <= 0) throw new TypeError(`D-Bus address: not key=value: ${JSON.stringify(pair)}`);
        const key = pair.slice(0, equals);
        if (options.has(key)) throw new TypeError(`D-Bus address: ${key} is there twice`);
        options.set(key, unescapeValue(pair.slice(equals + 1)));
      }
      return { transport: one.slice(0, colon), options };
    });
}

/** Where libs/sys connects or listens for an address: a path, or `@name` for an abstract socket; undefined when it is not a local socket. */
export function socketOfAddress(address: Address): string | undefined {
  if (address.transport !== 'unix') return undefined;
  const path = address.options.get('path');
  if (path !== undefined) return path;
  const abstract = address.options.get('abstract');
  return abstract === undefined ? undefined : `@${abstract}`;
}

/** Connects to the first of an address's places that answers. Throws what the first failed with. */
export function connectSocket(address: string): Socket {
  let failure: unknown;
  for (const one of parseAddresses(address)) {
    const path = socketOfAddress(one);
    try {
      if (path !== undefined) return Socket.connect(path);
      failure ??= notLocal(address);
    } catch (error) {
      failure ??= error;
    }
  }
  throw failure ?? new TypeError('D-Bus address is empty');
}

export function notLocal(address: string): TypeError {
  return new TypeError(`D-Bus address: only unix:path= and unix:abstract= are supported: ${address}`);
}

/** Where a login session's bus is: $DBUS_SESSION_BUS_ADDRESS, else `bus` in $XDG_RUNTIME_DIR; undefined without either. */
export function sessionBusAddress(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const { DBUS_SESSION_BUS_ADDRESS: address, XDG_RUNTIME_DIR: directory } = env;
  return address || (directory && `unix:path=${escapeAddressValue(`${directory}/bus`)}`) || undefined;
}

/** Where the machine's bus is: $DBUS_SYSTEM_BUS_ADDRESS, else its well-known place. */
export function systemBusAddress(env: NodeJS.ProcessEnv = process.env): string {
  return env['DBUS_SYSTEM_BUS_ADDRESS'] || 'unix:path=/run/dbus/system_bus_socket';
}
