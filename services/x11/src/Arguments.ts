import { parseArgs } from 'node:util';

export const usage = `usage: x11 --runtime-dir DIR [--keep-title] -- CMD…

Runs CMD in an X server of its own, which is one window of the Wayland session in the environment.

  --keep-title  leave the session its name; else it is called as the window in front
`;

export class UsageError extends Error {}

export interface Arguments {
  readonly help: boolean;
  readonly runtimeDir: string | undefined;
  readonly keepTitle: boolean;
  readonly command: readonly string[];
}

/** Throws UsageError. */
export function parseArguments(argv: readonly string[]): Arguments {
  const separator = argv.indexOf('--');
  const values = parse(separator < 0 ? argv : argv.slice(0, separator));
  const command = separator < 0 ? [] : argv.slice(separator + 1);
  const help = values.help ?? false;
  if (!help && command.length === 0) throw new UsageError('say what to run, after --');
  return { help, runtimeDir: values['runtime-dir'], keepTitle: values['keep-title'] ?? false, command };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        help: { type: 'boolean', short: 'h' },
        'runtime-dir': { type: 'string' },
        'keep-title': { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
