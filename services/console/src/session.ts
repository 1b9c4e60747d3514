import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { BusLink } from '@switchyard/dbus';
import { createLog, type Log, notifyReady, onTerminate, RuntimeDir, SeatPlace } from '@switchyard/runtime';
import { Board, type BoardEvents } from './board/Board.js';
import { Font } from './Font.js';
import { LogSession } from './log/LogSession.js';
import { Clock } from './login/Clock.js';
import { Greeter } from './login/Greeter.js';
import { LockScreen } from './login/LockScreen.js';
import { PlymouthServer } from './splash/Plymouth.js';
import { serveSplash } from './splash/SplashBus.js';
import { SplashScreen } from './splash/SplashScreen.js';
import { TerminalBus } from './TerminalBus.js';

const usage = `usage: session KIND --runtime-dir DIR --seat SEAT [--font FILE] [--font-size PX]

A session that has a seat's monitor and keyboards by itself, whatever becomes of the display.

  lock                    asks for a password and has the session manager unlock $YARD_LOCKED_SESSION
  greeter                 lets people in, each to a session of their own; for root
  log                     the kernel's log; comes to the front by itself at an oops, a BUG or an emergency
    --background          stay behind until then
    --no-raise            never come by itself
  splash                  how far the start is, by lines of "FRACTION STATUS" on standard input, by the bus, and
    --plymouth            for plymouth's clients, as plymouthd; ends when one says so
`;

const DEFAULT_FONT_SIZE = 15;
/** The next session's first frame is there long before. */
const HANDOVER_MS = 1000;
/** All is up, and nothing comes to be shown. */
const UNUSED_MS = 3000;
const STATUS_LIMIT = 200;

class UsageError extends Error {}

/** What every kind has: its place, its font, and how it is known. */
interface Place {
  readonly runtimeDir: RuntimeDir;
  readonly seat: string;
  readonly link: BusLink;
  readonly font: Promise<Font>;
  readonly background: boolean;
  readonly raises: boolean;
  readonly further: boolean;
  readonly plymouth: boolean;
}

/** Resolves to the exit status. */
async function main(): Promise<number> {
  const { values, positionals } = parse();
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const [kind] = positionals;
  const run = kind === undefined ? undefined : kinds[kind];
  if (!run || positionals.length > 1) throw new UsageError(`give one of: ${Object.keys(kinds).join(', ')}`);
  const runtimeDir = RuntimeDir.resolve(values['runtime-dir']);
  const seat = values.seat ?? process.env['XDG_SEAT'] ?? 'seat0';
  const fontSize = Number(values['font-size'] ?? DEFAULT_FONT_SIZE);
  const font = Font.load(fontSize, values.font);
  return await run({
    runtimeDir,
    seat,
    font,
    link: new BusLink(runtimeDir.busAddress),
    background: values.background ?? false,
    further: values.further ?? false,
    plymouth: values.plymouth ?? false,
    raises: !values['no-raise'],
  });
}

const kinds: Readonly<Record<string, (place: Place) => Promise<number>>> = {
  greeter,
  lock,
  log,
  splash,
};

async function lock(place: Place): Promise<number> {
  const log = createLog('lock');
  const session = process.env['YARD_LOCKED_SESSION'];
  const user = process.env['YARD_LOCKED_USER'];
  if (session === undefined || user === undefined) throw new UsageError('$YARD_LOCKED_SESSION is not set');
  const screen = new LockScreen({ session, user, link: place.link, log }, () => board.invalidate());
  const board: Board = show(
    place,
    { class: 'lock-screen', title: 'Lock' },
    {
      compose: (paper) => screen.compose(paper, board),
      key: (press, modifiers) => screen.key(press, modifiers),
      active: (active) => {
        if (!active) screen.leave();
      },
    },
  );
  using _clock = new Clock(() => board.invalidate());
  return await over(board, log);
}

async function greeter(place: Place): Promise<number> {
  if (process.getuid?.() !== 0) throw new UsageError('the greeter needs root: it starts sessions of others');
  const journal = createLog('greeter');
  const { link, seat, runtimeDir } = place;
  const display = new SeatPlace(seat, place.further).busName('org.switchyard.Display');
  const screen = new Greeter({ link, seat, runtimeDir: runtimeDir.path, display, log: journal }, () =>
    board.invalidate(),
  );
  const board: Board = show(
    place,
    { class: 'greeter', title: 'Login' },
    {
      compose: (paper) => screen.compose(paper, board),
      key: (press, modifiers) => screen.key(press, modifiers),
      active: (active) => {
        if (!active) screen.leave();
      },
    },
  );
  using _clock = new Clock(() => board.invalidate());
  return await over(board, journal);
}

async function log(place: Place): Promise<number> {
  const journal = createLog('kernel-log');
  const { link, seat, raises, background, runtimeDir } = place;
  using session = new LogSession({
    ...{ link, seat, raises, log: journal, folder: runtimeDir.logs },
    rows: () => board.fewestRows,
    activate: () => board.activate(),
    changed: () => board.invalidate(),
  });
  const board: Board = show(
    place,
    { class: 'log', title: 'Kernel log', background },
    {
      compose: (paper) => session.compose(paper),
      key: (press, modifiers) => session.key(press, modifiers),
      active: (active) => session.active(active),
    },
  );
  return await over(board, journal);
}

/**
 * The first frame of the session that comes next replaces it on the screen: until then it stays, and a while longer, since
 * its picture is what is seen.
 */
async function splash(place: Place): Promise<number> {
  const journal = createLog('splash');
  let left: NodeJS.Timeout | undefined;
  let joined = false;
  const screen = new SplashScreen(() => board.invalidate());
  const board: Board = show(
    place,
    { class: 'splash', title: 'Splash' },
    {
      compose: (paper) => screen.compose(paper, board),
      key: (press, modifiers) => screen.key(press, modifiers),
      active: (active) => {
        clearTimeout(left);
        if (!active && !place.plymouth) left = setTimeout(() => board.close(), HANDOVER_MS);
      },
    },
  );
  void board.joined.then(() => {
    joined = true;
  });
  serveSplash(place.link, screen, () => board.close());
  using _plymouth = place.plymouth ? new PlymouthServer(screen, { quit: () => board.close() }) : undefined;
  if (!place.plymouth) {
    hearProgress(screen, () => {
      // Who comes when all is over comes no more.
      left = setTimeout(() => board.close(), joined ? UNUSED_MS : 0);
    });
  }
  return await over(board, journal);
}

/** Lines of "FRACTION STATUS" from whoever started us. */
function hearProgress(screen: SplashScreen, ended: () => void): void {
  createInterface({ input: process.stdin })
    .on('line', (line) => {
      const [fraction = '', ...words] = line.split(' ');
      screen.progress = Number(fraction);
      screen.status = words.join(' ').slice(0, STATUS_LIMIT);
    })
    .on('close', ended);
}

/** A board in the session that was made for it ($XDG_SESSION_ID), else in one of its own. */
function show(
  { runtimeDir, seat, font }: Place,
  options: { class: string; title: string; background?: boolean },
  events: BoardEvents,
): Board {
  const session = process.env['XDG_SESSION_ID'];
  const board = new Board({ ...options, bus: runtimeDir.busAddress, seat, session }, font, events);
  let bus: TerminalBus | undefined;
  void board.joined.then((id) => {
    bus = new TerminalBus(runtimeDir.busAddress, id, { screen: board });
  });
  onTerminate(() => {
    bus?.close();
    board.close();
  });
  notifyReady();
  return board;
}

async function over(board: Board, log: Log): Promise<number> {
  const error = await board.ended;
  if (error) log.error(error.message);
  return error ? 1 : 0;
}

function parse() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h' },
        'runtime-dir': { type: 'string' },
        seat: { type: 'string' },
        font: { type: 'string' },
        'font-size': { type: 'string' },
        background: { type: 'boolean' },
        'no-raise': { type: 'boolean' },
        further: { type: 'boolean' },
        plymouth: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

main().then(
  (status) => process.exit(status),
  (error: Error) => {
    process.stderr.write(`session: ${error.message}\n`);
    if (error instanceof UsageError) process.stderr.write(usage);
    process.exit(error instanceof UsageError ? 2 : 1);
  },
);
