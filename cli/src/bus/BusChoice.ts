import {
  Connection,
  DBusError,
  ErrorName,
  escapeAddressValue,
  ProtocolError,
  sessionBusAddress,
  systemBusAddress,
} from '@switchyard/dbus';
import { RuntimeDir } from '@switchyard/runtime';
import { SystemError } from '@switchyard/sys';
import type { Command } from 'commander';
import { exitCode, Failure } from '../Failure.js';
import { noTree } from '../NoTree.js';
import { runningTree } from '../YardFile.js';
import { seconds } from './BusArguments.js';
import { explained } from './BusFailure.js';

/** Which bus a command is about; by default the one of the running tree. */
export type BusChoice = { address?: string; session?: boolean; system?: boolean; runtimeDir?: string };

export function withBusOptions(command: Command): Command {
  return command
    .option('--address <address>', 'the bus at this D-Bus address')
    .option('--session', 'the login session’s bus')
    .option('--system', 'the machine’s bus')
    .option('--runtime-dir <dir>', 'the bus of the tree that runs there (default)');
}

/** For commands that ask services, which may be slow to answer. */
export type Patience = { timeout?: number };

export function withTimeout(command: Command): Command {
  return command.option('--timeout <seconds>', 'how long to wait for each reply', seconds, 25);
}

/** For calls, in their unit. */
export function patience({ timeout = 25 }: Patience): { timeout: number } {
  return { timeout: timeout * 1000 };
}

/** Throws Failure 2 for two choices at once, Failure 3 when the tree does not run. */
export function busAddress(choice: BusChoice): string {
  const chosen = [choice.address, choice.session, choice.system, choice.runtimeDir].filter(Boolean);
  if (chosen.length > 1)
    throw new Failure('one bus at a time: --address, --session, --system or --runtime-dir', exitCode.usage);
  if (choice.address !== undefined)
    return choice.address.startsWith('/')
      ? `unix:path=${escapeAddressValue(choice.address)}`
      : choice.address;
  if (choice.system) return systemBusAddress();
  if (choice.session) {
    const address = sessionBusAddress();
    if (address === undefined)
      throw new Failure(
        'there is no session bus: neither DBUS_SESSION_BUS_ADDRESS nor XDG_RUNTIME_DIR is set; name one with --address',
        exitCode.notRunning,
      );
    return address;
  }
  const directory = RuntimeDir.resolve(choice.runtimeDir);
  const tree = runningTree(directory);
  if (!tree) throw noTree(directory, '; or choose another bus: --session, --system, --address');
  return tree.bus;
}

/** Does `work` with a connection to the chosen bus and closes it afterwards. What a peer answers becomes a Failure that says what to do. */
export async function withBus<Result>(
  choice: BusChoice,
  work: (bus: Connection, address: string) => Promise<Result>,
): Promise<Result> {
  const address = busAddress(choice);
  const bus = await connectTo(() => Connection.connect(address), address);
  try {
    return await work(bus, address);
  } catch (error) {
    throw explained(error);
  } finally {
    bus.close();
  }
}

/** Throws Failure for what can go wrong on the way to a bus. */
export async function connectTo<Result>(connect: () => Promise<Result>, address: string): Promise<Result> {
  try {
    return await connect();
  } catch (error) {
    if (error instanceof SystemError && (error.code === 'ENOENT' || error.code === 'ECONNREFUSED'))
      throw new Failure(`there is no bus at ${address} (${error.message})`, exitCode.notRunning);
    if (error instanceof SystemError && error.code === 'EACCES')
      throw new Failure(`the bus at ${address} is not for this user (${error.message})`);
    if (error instanceof DBusError && error.name === ErrorName.noReply)
      throw new Failure(`the bus at ${address} does not answer; it may be stopped`);
    if (error instanceof DBusError && error.call !== undefined) throw explained(error);
    if (error instanceof DBusError || error instanceof ProtocolError || error instanceof SystemError)
      throw new Failure(`the bus at ${address} does not take us: ${error.message}`);
    if (error instanceof TypeError) throw new Failure(error.message, exitCode.usage);
    throw error;
  }
}
