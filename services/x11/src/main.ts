import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { createLog, RuntimeDir } from '@switchyard/runtime';
import { parseArguments, UsageError, usage } from './Arguments.js';
import { bridgeClipboards } from './ClipboardBridge.js';
import { RootBuffers } from './RootBuffers.js';
import { SessionTitle } from './SessionTitle.js';
import { Toplevels } from './Toplevels.js';
import { sweepAuthorities, XAuthority } from './XAuthority.js';
import { XClient } from './XClient.js';
import { XServer } from './XServer.js';

const log = createLog('x11');

/** Runs the command in an X server; resolves with the command's status, as a shell has it. */
async function main(): Promise<number> {
  const options = parseArguments(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(usage);
    return 0;
  }
  const session = process.env['XDG_SESSION_ID'];
  if (!session) throw new Error('XDG_SESSION_ID is not set: start it with yard run --x11');
  const directory = RuntimeDir.resolve(options.runtimeDir);
  sweepAuthorities(directory.sessions);
  using authority = new XAuthority(join(directory.sessions, `${session}.xauthority`));
  const server = await XServer.start(authority);
  const client = await XClient.connect(server.display, authority.cookie);
  const title = options.keepTitle ? undefined : new SessionTitle(directory.busAddress, session);
  new RootBuffers(client);
  await Toplevels.watch(client, { titleChanged: (text) => title?.set(text) });
  if (!(await bridgeClipboards(client)))
    log.warn('the display lets no clipboard out: copy and paste stay within the X server');
  const status = await run(options.command, server, authority);
  title?.close();
  client.close();
  server.stop();
  await server.ended;
  return status;
}

/** The command's status, or the server's when it ends first. */
function run(command: readonly string[], server: XServer, authority: XAuthority): Promise<number> {
  const environment: NodeJS.ProcessEnv = {
    ...process.env,
    DISPLAY: `:${server.display}`,
    XAUTHORITY: authority.path,
    XDG_SESSION_TYPE: 'x11',
  };
  // Toolkits prefer Wayland where they find it.
  delete environment['WAYLAND_DISPLAY'];
  const [program, ...rest] = command;
  const child = spawn(program!, rest, { env: environment, stdio: 'inherit' });
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.on('error', (error) => reject(new Error(`cannot start ${program}: ${error.message}`)));
    child.on('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? 'SIGKILL']));
    void server.ended.then((status) => {
      child.kill('SIGTERM');
      reject(new Error(`the X server ended, with status ${status}`));
    });
  });
}

main().then(
  (status) => process.exit(status),
  (error: Error) => {
    process.stderr.write(`x11: ${error.message}\n`);
    if (error instanceof UsageError) process.stderr.write(usage);
    process.exit(error instanceof UsageError ? 2 : 1);
  },
);
