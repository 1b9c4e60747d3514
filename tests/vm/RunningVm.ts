import { createHash } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { CommandOptions, Vm } from './Vm.js';

/** What is asked: one line of JSON a connection. */
type Request =
  | { readonly call: 'key' | 'type' | 'saveScreenshot' | 'plug' | 'stop'; readonly parameters: unknown[] }
  | { readonly exec: string; readonly user: CommandOptions['user'] };

/** What is answered: lines of JSON, the last one with `status` or `error`. */
interface Answer {
  readonly stdout?: string;
  readonly stderr?: string;
  readonly status?: number;
  readonly error?: string;
}

/** A VM that another process keeps. Its name is its working directory's own, so that checkouts do not meet. */
export class RunningVm {
  static async find(name: string): Promise<RunningVm> {
    const path = socketPath(name);
    const probe = connect(path);
    const there = await new Promise<boolean>((resolve) => {
      probe.once('connect', () => resolve(true));
      probe.once('error', () => resolve(false));
    });
    probe.destroy();
    if (!there) throw new Error(`no VM ${name} is up here: npm run vm -- up`);
    return new RunningVm(path);
  }

  /** Makes a VM findable until it is disposed of. */
  static async serve(name: string, vm: Vm): Promise<AsyncDisposable> {
    const path = socketPath(name);
    if (await RunningVm.find(name).catch(() => undefined)) {
      await vm.stop();
      throw new Error(`a VM ${name} is up here already: npm run vm -- down`);
    }
    rmSync(path, { force: true });
    const server = createServer((socket) => {
      socket.on('error', () => {});
      createInterface(socket).once('line', (line) => answer(vm, JSON.parse(line), socket));
    });
    await new Promise<void>((resolve) => server.listen(path, resolve));
    return {
      [Symbol.asyncDispose]: async () => {
        server.close();
        rmSync(path, { force: true });
      },
    };
  }

  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  async call(
    call: 'key' | 'type' | 'saveScreenshot' | 'plug' | 'stop',
    parameters: unknown[],
  ): Promise<void> {
    await this.#ask({ call, parameters });
  }

  /** Runs a command, with its output on this process's. */
  async exec(command: string, user: CommandOptions['user']): Promise<number> {
    return this.#ask({ exec: command, user });
  }

  async #ask(request: Request): Promise<number> {
    const socket = connect(this.#path);
    socket.write(`${JSON.stringify(request)}\n`);
    for await (const line of createInterface(socket)) {
      const { stdout, stderr, status, error } = JSON.parse(line) as Answer;
      if (stdout) process.stdout.write(Buffer.from(stdout, 'base64'));
      if (stderr) process.stderr.write(Buffer.from(stderr, 'base64'));
      if (error) throw new Error(error);
      if (status !== undefined) return status;
    }
    throw new Error('the VM has ended');
  }
}

async function answer(vm: Vm, request: Request, socket: Socket): Promise<void> {
  const say = (answer: Answer) => socket.write(`${JSON.stringify(answer)}\n`);
  try {
    if ('exec' in request) {
      const child = vm.exec(request.exec, request.user ? { user: request.user } : {});
      socket.once('close', () => child.running && child.kill('SIGHUP'));
      child.onOutput((stream, chunk) => say({ [stream]: chunk.toString('base64') }));
      say({ status: await child.status });
    } else {
      const method = vm[request.call] as (...parameters: unknown[]) => Promise<void>;
      await method.apply(vm, request.parameters);
      say({ status: 0 });
    }
  } catch (error) {
    say({ error: (error as Error).message });
  }
  socket.end();
}

function socketPath(name: string): string {
  const folder = join(tmpdir(), `switchyard-vms-${userInfo().uid}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const key = createHash('sha256').update(`${process.cwd()} ${name}`).digest('hex').slice(0, 16);
  return join(folder, key);
}
