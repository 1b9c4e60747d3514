import { parseArgs } from 'node:util';
import { type MonitorSize, parseMonitorSize } from '@switchyard/seat';
import type { RfbAddress } from './rfb/RfbServer.js';
import type { VideoWhen } from './video/VideoStream.js';

export interface Options {
  runtimeDir: string | undefined;
  listen: string;
  port: number;
  size: MonitorSize;
  seat: string;
  /** Not the tree's first seat. */
  further: boolean;
  token: string | undefined;
  /** Where VNC clients are let in. */
  vnc: RfbAddress | undefined;
  /** Who signs in with a password of this machine; none named: whoever runs the seat. */
  accounts: string[] | undefined;
  /** HTTPS, with these files or a certificate of our own. */
  tls: { cert: string; key: string } | 'own' | undefined;
  video: VideoWhen;
}

/** A command line that cannot be meant. */
export class UsageError extends Error {}

export function parseOptions(argv: string[]): Options {
  const { values } = parse(argv);
  const port = Number(values.port);
  if (!/^\d{1,5}$/.test(values.port) || port > 65535)
    throw new UsageError(`--port ${values.port}: a port is 0 to 65535`);
  const size = parseMonitorSize(values.size);
  if (!size) throw new UsageError(`--size ${values.size}: a size looks like 1280x720, or 2560x1440@2`);
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(values.seat))
    throw new UsageError(`--seat ${values.seat}: a seat's name is letters, digits, _ and -`);
  if (!['auto', 'always', 'off'].includes(values.video))
    throw new UsageError(`--video ${values.video}: it is auto, always or off`);
  return {
    runtimeDir: values['runtime-dir'],
    listen: values.listen,
    port,
    size,
    seat: values.seat,
    further: values.further,
    token: values.token,
    vnc: values.vnc === undefined ? undefined : vncAddress(values.vnc),
    tls: tlsChoice(values),
    accounts: accountNames(values),
    video: values.video as VideoWhen,
  };
}

/** ADDRESS:PORT, a port alone (on loopback), or unix:PATH. */
function vncAddress(text: string): RfbAddress {
  if (text.startsWith('unix:/')) return { path: text.slice('unix:'.length) };
  const [, bracketed, plain, digits] =
    /^(?:(?:\[([0-9A-Fa-f:.]+)\]|([^:[\]]+)):)?(\d{1,5})$/.exec(text) ?? [];
  if (digits === undefined || Number(digits) > 65535)
    throw new UsageError(`--vnc ${text}: that is ADDRESS:PORT, PORT or unix:/PATH`);
  return { host: bracketed ?? plain ?? '127.0.0.1', port: Number(digits) };
}

function tlsChoice(values: { tls: boolean; 'tls-cert'?: string; 'tls-key'?: string }): Options['tls'] {
  const { tls, 'tls-cert': cert, 'tls-key': key } = values;
  if ((cert === undefined) !== (key === undefined))
    throw new UsageError('--tls-cert and --tls-key go together');
  if (cert !== undefined && key !== undefined) return { cert, key };
  return tls ? 'own' : undefined;
}

const loopback = ['127.0.0.1', '::1', 'localhost'];

function accountNames(values: {
  accounts?: string;
  listen: string;
  tls: boolean;
  'tls-cert'?: string;
}): string[] | undefined {
  const { accounts, listen, tls, 'tls-cert': cert } = values;
  if (accounts === undefined) return undefined;
  if (!tls && cert === undefined && !loopback.includes(listen))
    throw new UsageError('--accounts needs --tls here: a password must not be read on its way');
  return accounts.split(',').filter((name) => name !== '');
}

function parse(argv: string[]) {
  try {
    return parseArgs({
      args: argv,
      options: {
        'runtime-dir': { type: 'string' },
        listen: { type: 'string', default: '127.0.0.1' },
        port: { type: 'string', default: '7070' },
        size: { type: 'string', default: '1280x720' },
        seat: { type: 'string', default: 'seat0' },
        further: { type: 'boolean', default: false },
        token: { type: 'string' },
        vnc: { type: 'string' },
        tls: { type: 'boolean', default: false },
        accounts: { type: 'string' },
        'tls-cert': { type: 'string' },
        'tls-key': { type: 'string' },
        video: { type: 'string', default: 'auto' },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
