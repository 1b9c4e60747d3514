import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import type { Command } from 'commander';

export function serveCommand(bus: Command): void {
  bus
    .command('serve')
    .description('run a bus, with the options and configuration files of dbus-daemon(1)')
    .argument('[option...]', 'yard-busd’s; --help shows them')
    .helpOption(false)
    .allowUnknownOption()
    .passThroughOptions()
    .action((options: string[]) => serve(options));
}

/** Becomes yard-busd, as far as anybody can tell: its fds, its signals, its exit status. */
async function serve(options: string[]): Promise<void> {
  const executable = createRequire(import.meta.url).resolve('@switchyard/service-bus/yard-busd');
  const told = ['--print-address', '--print-pid'].flatMap((name) => {
    const at = options.findIndex((option) => option === name || option.startsWith(`${name}=`));
    const value = at < 0 ? undefined : (options[at]!.split('=')[1] ?? options[at + 1]);
    return value !== undefined && /^\d+$/.test(value) ? [Number(value)] : [];
  });
  const stdio = Array.from({ length: Math.max(2, ...told) + 1 }, (_, fd) =>
    fd <= 2 || told.includes(fd) ? fd : ('ignore' as const),
  );
  const child = spawn(process.execPath, [executable, ...options], { stdio });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      process.exitCode = code ?? (signal === null ? 0 : 1);
      resolve();
    });
  });
}
