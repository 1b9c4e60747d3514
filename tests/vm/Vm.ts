import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { GuestAgent } from './GuestAgent.js';
import type { GuestProcess } from './GuestProcess.js';
import { quoted } from './hostProgram.js';
import { characterKeys, chordKeys } from './keyboard.js';
import { defaultMachine, type Machine, vncSocketOf } from './Machine.js';
import { Qemu } from './Qemu.js';
import { savedMachine } from './SavedMachine.js';
import { Screenshot } from './Screenshot.js';
import { VncHead } from './VncHead.js';

/** How long a key stays down; the guest must see both edges. */
const chordHold = 60;
const characterHold = 20;
/** How long a command may take: everything is several times slower here, and the machine is shared. */
const runPatience = 180_000;

export interface VmOptions extends Partial<Machine> {
  /**
   * The folder that the guest sees as it is at the start, read-only and at the same path, and in which its commands run;
   * this process's working directory by default. Of the rest of the host's root an older state may be seen.
   */
  readonly work?: string;
  /** Whether changes of that folder are seen at once; programs of many files then start three times slower. */
  readonly uncached?: boolean;
}

export interface CommandOptions {
  /** root by default. `alice` (1000) and `bob` (1001) are in no group but their own. */
  readonly user?: 'root' | 'alice' | 'bob';
  readonly env?: Readonly<Record<string, string>>;
  /** The folder `work` by default. */
  readonly cwd?: string;
}

/** Which card's keyboard, or screen. */
export interface Place {
  readonly gpu?: number;
  readonly head?: number;
}

/**
 * A machine with a kernel, virtual terminals, graphics cards and input devices of its own, in QEMU. `/` is the host's root,
 * with changes kept in memory; `/out` is `vm.out` on the host. Commands run as root in bash.
 */
export class Vm implements AsyncDisposable {
  static async start(options: VmOptions = {}): Promise<Vm> {
    const machine: Machine = { ...defaultMachine, ...options };
    const work = resolve(options.work ?? '.');
    const qemu = await Qemu.start(await savedMachine(machine, work));
    try {
      while ((await qemu.qmp.command<{ status: string }>('query-status')).status === 'inmigrate')
        await sleep(10);
      await qemu.qmp.command('cont');
      const control = await qemu.dial('control');
      control.on('error', () => {});
      const tell = () =>
        control.write(`${Math.floor(Date.now() / 1000)} ${options.uncached ? 'none' : 'loose'} ${work}\n`);
      tell();
      // What comes just when the guest looks away is lost.
      const again = setInterval(tell, 2000);
      const agent = new GuestAgent(await qemu.dial('agent'));
      const ended = qemu.ended.then(() => {
        throw new Error('the VM ended before it was up');
      });
      await Promise.race([agent.ready, ended]).finally(() => clearInterval(again));
      return new Vm(qemu, agent, work);
    } catch (error) {
      const { console } = qemu;
      await qemu.stop();
      throw new Error(`${(error as Error).message}\n${console}`);
    }
  }

  readonly #qemu: Qemu;
  readonly #agent: GuestAgent;
  readonly #work: string;

  private constructor(qemu: Qemu, agent: GuestAgent, work: string) {
    this.#qemu = qemu;
    this.#agent = agent;
    this.#work = work;
  }

  /** The host's folder that is `/out` in the guest. */
  get out(): string {
    return join(this.#qemu.folder, 'out');
  }
  get pid(): number {
    return this.#qemu.pid;
  }
  /** What the kernel has said on its serial console. */
  get console(): string {
    return this.#qemu.console;
  }
  get ended(): Promise<void> {
    return this.#qemu.ended;
  }

  /** Starts a command. */
  exec(command: string, options: CommandOptions = {}): GuestProcess {
    const { user = 'root', env = {}, cwd = this.#work } = options;
    const variables = Object.entries(env).map(([name, value]) => quoted(`${name}=${value}`));
    const words = user === 'root' ? ['exec', 'env'] : ['exec', ...personWords(user)];
    const inFolder = `cd ${quoted(cwd)} && `;
    const plain = user === 'root' && variables.length === 0;
    return this.#agent.exec(
      `${inFolder}${plain ? command : [...words, ...variables, 'bash', '-c', quoted(command)].join(' ')}`,
    );
  }

  /** Runs a command to its end; what it wrote to stdout. Rejects with all that it wrote when its status is not 0. */
  async run(command: string, options: CommandOptions & { readonly patience?: number } = {}): Promise<string> {
    const process = this.exec(command, options);
    const { patience = runPatience } = options;
    const timer = setTimeout(() => process.kill('SIGKILL'), patience);
    const status = await process.status;
    clearTimeout(timer);
    if (status === 0) return process.stdout;
    throw new Error(`${command}: status ${status}\n${process.stdout}${process.stderr}`);
  }

  /** Presses the keys of a chord such as `ctrl-alt-f2`, on the keyboard of a card, and releases them. */
  async key(
    chord: string,
    { gpu = 0, hold = chordHold }: Place & { readonly hold?: number } = {},
  ): Promise<void> {
    await this.#press(chordKeys(chord), gpu, hold);
  }

  /** Types text on a keyboard of the US layout. */
  async type(text: string, { gpu = 0 }: Place = {}): Promise<void> {
    for (const character of text) await this.#press(characterKeys(character), gpu, characterHold);
  }

  /** Moves the first card's tablet to a place on its screens, 0 to 1 from the left and the top, and clicks there. */
  async click(x: number, y: number): Promise<void> {
    const range = 0x7fff;
    const axis = (axis: 'x' | 'y', part: number) => ({
      type: 'abs',
      data: { axis, value: Math.round(part * range) },
    });
    const button = (down: boolean) => ({ type: 'btn', data: { down, button: 'left' } });
    // The kernel passes no movement on that leads to where the tablet was already.
    const aside = [axis('x', x * 0.98), axis('y', y * 0.98)];
    for (const events of [aside, [axis('x', x), axis('y', y)], [button(true)], [button(false)]]) {
      await this.qmp('input-send-event', { events });
      await sleep(characterHold);
    }
  }

  async screenshot({ gpu = 0, head = 0 }: Place = {}): Promise<Screenshot> {
    const file = join(this.#qemu.folder, `screen-${gpu}-${head}.ppm`);
    await this.#dump(file, 'ppm', gpu, head);
    const picture = Screenshot.fromPpm(readFileSync(file));
    await rm(file);
    return picture;
  }

  /** Writes what a screen shows to a PNG file, for people. */
  async saveScreenshot(file: string, { gpu = 0, head = 0 }: Place = {}): Promise<void> {
    await this.#dump(resolve(file), 'png', gpu, head);
  }

  /** Plugs a monitor of this size into an output of the first card, or, at 0×0, pulls it out. */
  async plug(head: number, width: number, height: number): Promise<void> {
    using vnc = await VncHead.over(await this.#qemu.dial(vncSocketOf(0, head)));
    await vnc.setSize(width, height);
  }

  /** A command of QEMU's machine protocol. */
  async qmp<Result = unknown>(command: string, parameters?: object): Promise<Result> {
    return this.#qemu.qmp.command<Result>(command, parameters);
  }

  async stop(): Promise<void> {
    await this.#qemu.stop();
    this.#agent.close();
  }
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #press(keys: readonly string[], gpu: number, hold: number): Promise<void> {
    // Without a device QEMU takes the first keyboard; the others are bound to a card.
    const target = gpu === 0 ? {} : { device: `gpu${gpu}`, head: 0 };
    const send = (order: readonly string[], down: boolean) =>
      this.qmp('input-send-event', {
        ...target,
        events: order.map((data) => ({ type: 'key', data: { down, key: { type: 'qcode', data } } })),
      });
    await send(keys, true);
    await sleep(hold);
    await send(keys.toReversed(), false);
  }

  async #dump(filename: string, format: 'ppm' | 'png', gpu: number, head: number): Promise<void> {
    await this.qmp('screendump', { filename, format, device: `gpu${gpu}`, head });
  }
}

/** A person's command: with his own identity, home and runtime directory, and no supplementary group. */
function personWords(user: 'alice' | 'bob'): string[] {
  const id = user === 'alice' ? 1000 : 1001;
  return [
    ...['setpriv', `--reuid=${id}`, `--regid=${id}`, '--clear-groups'],
    ...['env', `HOME=/home/${user}`, `USER=${user}`, `LOGNAME=${user}`, 'SHELL=/bin/bash'],
    `XDG_RUNTIME_DIR=/run/user/${id}`,
  ];
}
