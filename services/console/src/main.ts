import { homedir } from 'node:os';
import { createLog, notifyReady, onTerminate, RuntimeDir } from '@switchyard/runtime';
import { type Arguments, parseArguments, UsageError, usage } from './Arguments.js';
import { Console } from './Console.js';
import { Font } from './Font.js';
import type { Front } from './Front.js';
import { SeatFront } from './SeatFront.js';
import { userShell } from './Shell.js';
import { TerminalBus } from './TerminalBus.js';
import { WaylandFront } from './WaylandFront.js';

const log = createLog('console');

async function main(): Promise<number> {
  const options = parseArguments(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(usage);
    return 0;
  }
  const runtimeDir = RuntimeDir.resolve(options.runtimeDir);
  const environment: NodeJS.ProcessEnv = { ...process.env, YARD_RUNTIME_DIR: runtimeDir.path };
  const font = Font.load(options.fontSize, options.font);
  const console = new Console({
    command: options.command ?? (options.login ? ['login', '-p'] : [userShell()]),
    directory: process.env['HOME'] ?? homedir(),
    environment,
    front: front(options, runtimeDir),
    font,
    log,
    resized: () => bus?.sizeChanged(),
    frontChanged: () => void bus?.displayChanged(),
  });
  const session = process.env['XDG_SESSION_ID'];
  const bus = session ? new TerminalBus(runtimeDir.busAddress, session, console.screen) : undefined;
  onTerminate(() => console.close());
  notifyReady();
  await font;
  const status = await console.ended;
  console.close();
  bus?.close();
  return status;
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
