import { createLog, homeDirectory, notifyReady, onTerminate, RuntimeDir } from '@switchyard/runtime';
import { type Arguments, DEFAULT_FONT_SIZE, parseArguments, UsageError, usage } from './Arguments.js';
import type { Config } from './Config.js';
import { ConfigFile, configPath } from './ConfigFile.js';
import { Console } from './Console.js';
import { Font } from './Font.js';
import type { Front } from './Front.js';
import { SeatFront } from './SeatFront.js';
import { passGate } from './SessionGate.js';
import { userShell } from './Shell.js';
import { TerminalBus } from './TerminalBus.js';
import { WaylandFront } from './WaylandFront.js';

const log = createLog('console');
/** The exit status of one for which there is no session. */
const NO_SESSION = 125;

async function main(): Promise<number> {
  const options = parseArguments(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(usage);
    return 0;
  }
  const runtimeDir = RuntimeDir.resolve(options.runtimeDir);
  /** Not yet while there is no session for it. */
  let shown: Console | undefined;
  const settings = new ConfigFile(
    configPath(process.env),
    (config) => {
      // A font that cannot be had is told, and the one before stays.
      fontFor(config, options).then(
        (found) => shown?.configure(config, found),
        (error: Error) => {
          shown?.configure(config, undefined);
          shown?.notify(error.message);
        },
      );
    },
    (mistake) => shown?.notify(mistake),
  );
  const mistakes = settings.mistake === undefined ? [] : [settings.mistake];
  const font = fontFor(settings.config, options).catch((error: Error) => {
    // The command line must be right; a wrong setting must not keep the user from the terminal in which it is mended.
    if (options.font !== undefined || settings.config.font === undefined) throw error;
    mistakes.push(error.message);
    return fontFor({ ...settings.config, font: undefined }, options);
  });
  // It is awaited later, and may fail before.
  font.catch(() => {});
  if (options.atGate && !(await passGate())) return NO_SESSION;
  const environment: NodeJS.ProcessEnv = { ...process.env, YARD_RUNTIME_DIR: runtimeDir.path };
  const console = new Console({
    command: options.command ?? (options.login ? ['login', '-p'] : (settings.config.shell ?? [userShell()])),
    config: settings.config,
    directory: homeDirectory(),
    environment,
    front: front(options, runtimeDir),
    font,
    log,
    resized: () => bus?.sizeChanged(),
    frontChanged: () => {
      // What is started from now on belongs to the session that this is now.
      void bus?.displayChanged().then((id) => {
        if (id !== undefined) console.environment['XDG_SESSION_ID'] = id;
      });
    },
  });
  shown = console;
  const session = process.env['XDG_SESSION_ID'];
  const bus = session ? new TerminalBus(runtimeDir.busAddress, session, console) : undefined;
  onTerminate(() => console.close());
  notifyReady();
  await font;
  if (mistakes.length > 0) console.notify(mistakes.join('; '));
  const status = await console.ended;
  console.close();
  settings.close();
  bus?.close();
  return status;
}

/** What the command line says, else the user's settings. */
function fontFor(config: Config, options: Arguments): Promise<Font> {
  return Font.load(options.fontSize ?? config.size ?? DEFAULT_FONT_SIZE, options.font ?? config.font);
}

function front(options: Arguments, runtimeDir: RuntimeDir): Front {
  if (options.seat !== undefined) {
    const { seat, class: sessionClass } = options;
    const title = sessionClass === 'emergency' ? 'Emergency' : 'Terminal';
    const session = process.env['XDG_SESSION_ID'];
    return new SeatFront({ bus: runtimeDir.busAddress, seat, session, class: sessionClass, title });
  }
  const displays = [
    options.waylandDisplay ?? process.env['WAYLAND_DISPLAY'] ?? 'wayland-0',
    process.env['YARD_WAYLAND_DISPLAY'],
  ].filter((display) => display !== undefined);
  return new WaylandFront([...new Set(displays)]);
}

main().then(
  (status) => process.exit(status),
  (error: Error) => {
    process.stderr.write(`console: ${error.message}\n`);
    if (error instanceof UsageError) process.stderr.write(usage);
    process.exit(error instanceof UsageError ? 2 : 1);
  },
);
