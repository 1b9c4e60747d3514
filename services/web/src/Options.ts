import { parseArgs } from 'node:util';

export interface Options {
  runtimeDir: string | undefined;
  listen: string;
  port: number;
  width: number;
  height: number;
  seat: string;
  /** Not the tree's first seat. */
  further: boolean;
  token: string | undefined;
}

/** A command line that cannot be meant. */
export class UsageError extends Error {}

export function parseOptions(argv: string[]): Options {
  const { values } = parse(argv);
  const port = Number(values.port);
  if (!/^\d{1,5}$/.test(values.port) || port > 65535)
    throw new UsageError(`--port ${values.port}: a port is 0 to 65535`);
  const size = /^(\d{1,5})x(\d{1,5})$/.exec(values.size);
  if (size === null) throw new UsageError(`--size ${values.size}: a size looks like 1280x720`);
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(values.seat))
    throw new UsageError(`--seat ${values.seat}: a seat's name is letters, digits, _ and -`);
  return {
    runtimeDir: values['runtime-dir'],
    listen: values.listen,
    port,
    width: Number(size[1]),
    height: Number(size[2]),
    seat: values.seat,
    further: values.further,
    token: values.token,
  };
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
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
