import { closeSync, fstatSync, openSync, writeSync } from 'node:fs';

/** Tells the process that runs in the background which fd its parent waits at. */
const readyVariable = 'YARD_BUSD_READY_FD';
const firstListenFd = 3;
const stdoutFd = 1;
const stderrFd = 2;

/** Whether this is the one in the background; asked once. Its variable is not for others. */
export function takeReadyFd(environment: NodeJS.ProcessEnv): number | undefined {
  const text = environment[readyVariable];
  delete environment[readyVariable];
  if (text === undefined) return undefined;
  // The service manager's sockets were meant for our parent, which gave them to us.
  if (environment['LISTEN_FDS'] !== undefined) environment['LISTEN_PID'] = String(process.pid);
  return Number(text);
}

/** Lets the parent end: the bus can be used. stdout and stderr are nobody's from now on, so that who reads them sees their end. */
export function tellReady(fd: number): void {
  for (const standard of [stdoutFd, stderrFd]) {
    closeSync(standard);
    // The lowest free number, which that is now.
    openSync('/dev/null', 'w');
  }
  writeSync(fd, 'ready');
  closeSync(fd);
}

/**
 * fork(2) is not for this runtime: the daemon is started again, in a session of its own with nothing at its standard
 * fds. Resolves with the exit status when it is ready, or has failed; `kept` are the fds that it inherits.
 */
export function runInBackground(
  args: readonly string[],
  kept: readonly number[],
  errors: boolean,
): Promise<number> {
  const listening = Number(process.env['LISTEN_FDS'] ?? 0);
  const passed = [...kept, ...Array.from({ length: listening }, (_, n) => firstListenFd + n)].filter(isOpen);
  const ready = Math.max(firstListenFd, ...passed.map((fd) => fd + 1));
  const stdio: ('ignore' | 'pipe' | number)[] = Array.from({ length: ready }, (_, fd) =>
    passed.includes(fd) ? fd : 'ignore',
  );
  // Until it is ready, it says what went wrong.
  if (errors && isOpen(stderrFd)) stdio[stderrFd] = stderrFd;
  stdio.push('pipe');
  // Here, since the one that stays in the foreground starts in less time without this module.
  const { spawn } = process.getBuiltinModule('node:child_process');
  const child = spawn(process.execPath, [...process.execArgv, process.argv[1]!, ...args], {
    detached: true,
    stdio,
    env: { ...process.env, [readyVariable]: String(ready) },
  });
  return new Promise((resolve) => {
    child.stdio[ready]!.on('data', () => resolve(0));
    child.once('error', () => resolve(1));
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

function isOpen(fd: number): boolean {
  try {
    fstatSync(fd);
    return true;
  } catch {
    return false;
  }
}
