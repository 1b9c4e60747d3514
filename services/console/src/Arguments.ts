import { parseArgs } from 'node:util';
import { FONT_SIZES } from './Font.js';

export const usage = `usage: console --runtime-dir DIR [--wayland-display PATH | --seat SEAT] [--font FILE] [--font-size PX] [--login] [-- CMD…]

  --wayland-display PATH  the display's socket (default $WAYLAND_DISPLAY)
  --seat SEAT             no window: a session of its own on the seat, with its monitor and keyboards
  --class CLASS           that session's class (default user)
  --font FILE             a .ttf or .otf file to use before the shipped DejaVu Sans Mono
  --font-size PX          pixels per em, ${FONT_SIZES.least}…${FONT_SIZES.most} (default 15)
  --at-gate               wait for the session: its id, its display and its seat's display come as lines on fd 3
  --login                 ask for a name and a password instead of starting the user's shell
  CMD…                    the program to run instead of the user's shell
`;

export const DEFAULT_FONT_SIZE = 15;

export class UsageError extends Error {}

export interface Arguments {
  readonly help: boolean;
  readonly runtimeDir: string | undefined;
  readonly waylandDisplay: string | undefined;
  /** Of the seat whose devices are taken; undefined: a display's window. */
  readonly seat: string | undefined;
  readonly class: string;
  readonly font: string | undefined;
  readonly fontSize: number | undefined;
  /** The session is not there yet. */
  readonly atGate: boolean;
  readonly login: boolean;
  readonly command: readonly string[] | undefined;
}

/** Throws UsageError. */
export function parseArguments(argv: readonly string[]): Arguments {
  const separator = argv.indexOf('--');
  const own = separator < 0 ? argv : argv.slice(0, separator);
  const command = separator < 0 ? undefined : argv.slice(separator + 1);
  if (command?.length === 0) throw new UsageError('no command after --');
  const values = parse(own);
  const fontSize = values['font-size'] === undefined ? undefined : Number(values['font-size']);
  if (fontSize !== undefined && !(fontSize >= FONT_SIZES.least && fontSize <= FONT_SIZES.most)) {
    throw new UsageError(
      `--font-size ${values['font-size']}: give a number of pixels from ${FONT_SIZES.least} to ${FONT_SIZES.most}`,
    );
  }
  return {
    help: values.help ?? false,
    runtimeDir: values['runtime-dir'],
    waylandDisplay: values['wayland-display'],
    seat: values.seat,
    class: values.class ?? 'user',
    font: values.font,
    fontSize,
    atGate: values['at-gate'] ?? false,
    login: values.login ?? false,
    command,
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        help: { type: 'boolean', short: 'h' },
        'runtime-dir': { type: 'string' },
        'wayland-display': { type: 'string' },
        seat: { type: 'string' },
        class: { type: 'string' },
        font: { type: 'string' },
        'font-size': { type: 'string' },
        'at-gate': { type: 'boolean' },
        login: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
