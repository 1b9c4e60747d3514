import { spawn } from 'node:child_process';
import { constants, userInfo } from 'node:os';
import select, { Separator } from '@inquirer/select';
import { authenticate, refusals } from '@switchyard/pam';
import { isRunning, RuntimeDir } from '@switchyard/runtime';
import type { Command } from 'commander';
import { askSecret } from '../emergency/askSecret.js';
import { hasLockedSession } from '../emergency/LockedSessions.js';
import { type Suspect, serviceSuspects, sessionSuspects } from '../emergency/Suspect.js';
import { exitCode, Failure } from '../Failure.js';
import { readTreeFile } from '../supervisor/TreeFile.js';
import { table } from '../table.js';
import { Yard } from '../Yard.js';

/** Whoever hangs may be the bus: its silence is told after this, and the services can be ended without it. */
const busPatience = 3_000;
const manager = 'org.freedesktop.login1.Manager';

type Choice = Suspect | 'shell' | 'look' | 'leave';
type Deed = 'show' | 'restart' | 'end' | 'kill' | 'back';

export function emergencyCommand(program: Command): void {
  program
    .command('emergency')
    .description('show what hangs, and end it or start it again; the secure attention key runs this')
    .option('--seat <seat>', 'the seat (default $XDG_SEAT)')
    .option('--ask', 'have a password before anything is done')
    .option('--runtime-dir <dir>', 'where the tree runs')
    .action(async (options: { seat?: string; ask?: boolean; runtimeDir?: string }) => {
      if (!process.stdin.isTTY) {
        throw new Failure(
          'this asks questions, so it needs a terminal; yard sessions and yard kill do not',
          exitCode.usage,
        );
      }
      const seat = options.seat ?? process.env['XDG_SEAT'] ?? 'seat0';
      await new Rescue(RuntimeDir.resolve(options.runtimeDir), seat, options.ask ?? false).run();
    });
}

/**
 * The dialogue with somebody whose seat hangs.
 *
 *   looking ──choice──▶ asking what to do ──deed──▶ looking        looking ──leave, or a session is shown──▶ over
 *
 * On a seat on which people log in, or a session is locked, a password is asked for before anything is done: the chord is
 * no way round it.
 */
class Rescue {
  readonly #directory: RuntimeDir;
  readonly #seat: string;
  readonly #ask: boolean;
  #trusted = false;

  constructor(directory: RuntimeDir, seat: string, ask: boolean) {
    this.#directory = directory;
    this.#seat = seat;
    this.#ask = ask;
  }

  async run(): Promise<void> {
    for (;;) {
      const choice = await this.#choose();
      if (choice === 'leave') return;
      if (choice === 'look' || !(await this.#mayGoOn())) continue;
      if (choice === 'shell') await runShell();
      else if (await this.#treat(choice)) return;
    }
  }

  async #choose(): Promise<Choice> {
    process.stdout.write('\x1b[2J\x1b[H');
    const suspects = serviceSuspects(this.#directory);
    let trouble = '';
    try {
      suspects.unshift(
        ...(await this.#onBus((yard) => sessionSuspects(yard, this.#seat))).sort(stoppedFirst),
      );
    } catch (error) {
      trouble = `\nThe sessions cannot be listed: ${(error as Error).message}`;
    }
    const lines = table(
      ['', '', '', ''],
      suspects.map(({ id, name, pid, condition }) => [
        id === name ? '' : id,
        name,
        `pid ${pid}`,
        condition ?? 'gone',
      ]),
    ).split('\n');
    const choices = suspects.map((suspect, index) => ({ name: lines[index + 1]!, value: suspect as Choice }));
    const services = choices.findIndex(({ value }) => (value as Suspect).kind === 'service');
    return select<Choice>({
      message: `Emergency on ${this.#seat}: what hangs?${trouble}`,
      pageSize: 20,
      loop: false,
      choices: [
        ...choices.slice(0, services < 0 ? undefined : services),
        new Separator(),
        ...(services < 0 ? [] : choices.slice(services)),
        new Separator(),
        { name: 'look again', value: 'look' },
        { name: 'a shell', value: 'shell' },
        { name: 'nothing: back to the session that was in front', value: 'leave' },
      ],
    });
  }

  /** Whoever runs the tree is who may do all this. */
  async #mayGoOn(): Promise<boolean> {
    if (this.#trusted || !(this.#ask || hasLockedSession(this.#directory, this.#seat))) return true;
    const user = userInfo().username;
    const verdict = await authenticate(user, await askSecret(`Password of ${user}: `));
    this.#trusted = verdict.allowed;
    if (verdict.allowed) return true;
    process.stdout.write(`${refusals[verdict.why]}\nPress Enter. `);
    await new Promise((resolve) => process.stdin.once('data', resolve));
    return false;
  }

  /** True when this dialogue is over. */
  async #treat(suspect: Suspect): Promise<boolean> {
    const deed = await select<Deed>({
      message: `${suspect.name} (pid ${suspect.pid}, ${suspect.condition ?? 'gone'})`,
      choices: [
        ...(suspect.kind === 'session' ? [{ name: 'show it', value: 'show' as Deed }] : []),
        { name: 'start it again', value: 'restart' },
        ...(suspect.kind === 'session' ? [{ name: 'end it (TERM, then KILL)', value: 'end' as Deed }] : []),
        { name: 'kill it at once', value: 'kill' },
        { name: 'leave it alone', value: 'back' },
      ],
    });
    try {
      return await this.#do(deed, suspect);
    } catch (error) {
      process.stdout.write(`${(error as Error).message}\nPress Enter. `);
      await new Promise((resolve) => process.stdin.once('data', resolve));
      return false;
    }
  }

  async #do(deed: Deed, suspect: Suspect): Promise<boolean> {
    if (suspect.kind === 'service') {
      // Its supervisor starts it again, whatever it died of.
      if (deed !== 'back') this.#killService(suspect);
      return false;
    }
    const { id } = suspect;
    await this.#onBus(async (yard) => {
      if (deed === 'show') await yard.manager.call(manager, 'ActivateSession', 's', id);
      if (deed === 'end') await yard.manager.call(manager, 'TerminateSession', 's', id);
      if (deed === 'kill')
        await yard.manager.call(manager, 'KillSession', 'ssi', id, 'all', constants.signals.SIGKILL);
      if (deed === 'restart') await yard.supervisor.call('org.switchyard.Supervisor1', 'Restart', 's', id);
    });
    return deed === 'show';
  }

  #killService({ id, pid }: Suspect): void {
    const entry = readTreeFile(this.#directory)?.services.find(({ name }) => name === id);
    if (entry?.pid !== pid || !isRunning(entry)) throw new Failure(`${id} was started again meanwhile`);
    process.kill(pid, 'SIGKILL');
  }

  async #onBus<T>(work: (yard: Yard) => Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const silent = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Failure('the bus, or who is asked on it, is silent')), busPatience);
    });
    try {
      return await Promise.race([Yard.with(this.#directory.path, work), silent]);
    } finally {
      clearTimeout(timer);
    }
  }
}

function stoppedFirst(a: Suspect, b: Suspect): number {
  const rank = ({ condition }: Suspect) => (condition?.startsWith('STOPPED') ? 0 : 1);
  return rank(a) - rank(b);
}

function runShell(): Promise<void> {
  return new Promise((resolve) => {
    const child = spawn(process.env['SHELL'] ?? '/bin/sh', ['-i'], { stdio: 'inherit' });
    child.on('error', (error) => {
      process.stdout.write(`${error.message}\n`);
      resolve();
    });
    child.on('exit', () => resolve());
  });
}
