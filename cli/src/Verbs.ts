import type { Command } from 'commander';

type AddCommands = (program: Command) => void;

/**
 * The verbs, in the order of `yard --help`, and where each is made. Only what is asked for is loaded: `yard up` has everybody wait
 * for it, and a script runs many of the others.
 */
const verbs: readonly (readonly [names: readonly string[], load: () => Promise<AddCommands>])[] = [
  [['up'], async () => (await import('./commands/up.js')).upCommand],
  [['down'], async () => (await import('./commands/down.js')).downCommand],
  [['status'], async () => (await import('./commands/status.js')).statusCommand],
  [['sessions'], async () => (await import('./commands/sessions.js')).sessionsCommand],
  [['run'], async () => (await import('./commands/run.js')).runCommand],
  [['activate'], async () => (await import('./commands/activate.js')).activateCommand],
  [['kill'], async () => (await import('./commands/kill.js')).killCommand],
  [['lock', 'unlock'], async () => (await import('./commands/lock.js')).lockCommands],
  [['mirror'], async () => (await import('./commands/mirror.js')).mirrorCommand],
  [['kernel-log'], async () => (await import('./commands/kernelLog.js')).kernelLogCommands],
  [['screenshot'], async () => (await import('./commands/screenshot.js')).screenshotCommand],
  [['send'], async () => (await import('./commands/send.js')).sendCommand],
  [['console'], async () => (await import('./commands/console.js')).consoleCommand],
  [['record'], async () => (await import('./commands/record.js')).recordCommand],
  [['key', 'type'], async () => (await import('./commands/keyboard.js')).keyboardCommands],
  [['pointer'], async () => (await import('./commands/pointer.js')).pointerCommands],
  [['log'], async () => (await import('./commands/log.js')).logCommand],
  [['bus'], async () => (await import('./commands/bus.js')).busCommands],
  [['seat'], async () => (await import('./commands/seat.js')).seatCommands],
  [['emergency'], async () => (await import('./commands/emergency.js')).emergencyCommand],
  [['doctor'], async () => (await import('./commands/doctor.js')).doctorCommand],
  [['completion'], async () => (await import('./commands/completion.js')).completionCommand],
];

/** Needs all of them, to list them. */
const lister = 'completion';

/** Gives the program the verb that is asked for, or all when it is none. */
export async function addVerbs(program: Command, asked: string | undefined): Promise<void> {
  const wanted = verbs.filter(([names]) => asked !== undefined && asked !== lister && names.includes(asked));
  for (const [, load] of wanted.length > 0 ? wanted : verbs) (await load())(program);
  for (const command of program.commands) pointToHelp(command, `yard ${command.name()}`);
}

/** After an error in its words, each names its own help. */
function pointToHelp(command: Command, words: string): void {
  command.showHelpAfterError(`(${words} --help tells more)`);
  for (const verb of command.commands) pointToHelp(verb, `${words} ${verb.name()}`);
}
