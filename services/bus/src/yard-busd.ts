import { umask } from 'node:process';
import { introspectionXml } from '@switchyard/dbus';
import { onTerminate } from '@switchyard/runtime/terminate';
import { readConfig } from './config/ConfigReader.js';
import { driverInterfaces } from './DriverInterfaces.js';
import { runInBackground, takeReadyFd, tellReady } from './daemon/Background.js';
import { type CommandLine, parseCommandLine, UsageError, usage } from './daemon/CommandLine.js';
import { Daemon } from './daemon/Daemon.js';
import { keepInheritedFdsToOurselves } from './daemon/InheritedFds.js';

/** dbus-daemon's place in a system: the same options, the same configuration files, the same answers (dbus-daemon(1)). */
async function main(args: readonly string[]): Promise<number | undefined> {
  const options = parseCommandLine(args);
  if (options.action === 'run') return await run(options, args);
  if (options.action === 'introspect') process.stdout.write(introspectionXml(driverInterfaces, []));
  else if (options.action === 'version')
    process.stdout.write('D-Bus Message Bus Daemon (Switchyard yard-busd 0.1.0)\n');
  else process.stdout.write(`${usage}\n`);
  return 0;
}

/** undefined: the bus runs. */
async function run(options: CommandLine, args: readonly string[]): Promise<number | undefined> {
  const readyFd = takeReadyFd(process.env);
  const { configFile, printAddress, printPid } = options;
  if (configFile === undefined) throw new UsageError(`No configuration file specified.\n${usage}`);
  const config = readConfig(configFile);
  if (readyFd === undefined && (options.fork ?? config.fork)) {
    const kept = [printAddress, printPid].filter((fd) => fd !== undefined);
    return await runInBackground(args, kept, options.syslog !== 'only');
  }
  if (readyFd !== undefined && !config.keepUmask) umask(0o022);
  keepInheritedFdsToOurselves();
  const daemon = new Daemon(options, configFile);
  daemon.start(config);
  onTerminate(() => daemon.close());
  if (readyFd !== undefined) tellReady(readyFd);
  return undefined;
}

// Not awaited: the one file that this becomes is a script (bundle.mjs).
main(process.argv.slice(2)).then(
  (status) => {
    if (status !== undefined) process.exit(status);
  },
  (error: Error) => {
    process.stderr.write(
      error instanceof UsageError
        ? `${error.message}\n`
        : `yard-busd[${process.pid}]: Failed to start message bus: ${error.message}\n`,
    );
    process.exit(1);
  },
);
