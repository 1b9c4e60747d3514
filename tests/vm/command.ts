// `npm run vm`: a machine for a person. What it can is in the text below.
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { quoted } from './hostProgram.js';
import type { Gpu } from './Machine.js';
import { RunningVm } from './RunningVm.js';
import { Vm, type VmOptions } from './Vm.js';

const help = `npm run vm -- CMD                run CMD as root in a new VM; ends with its status
npm run vm -- VERB [OPTIONS] …

  run [MACHINE] -- CMD           the same, with options
  up [MACHINE]                   start a VM that stays
  exec [--user USER] -- CMD      run CMD in it
  key CHORD…                     press keys there: ctrl-alt-f2, a, ret
  type TEXT                      type a line of text there
  shot FILE.png [HEAD]           write what a screen shows
  plug HEAD WIDTH HEIGHT         plug a monitor in (0 0: out)
  down                           end it

MACHINE: --memory MIB, --cpus N, --gpus virtio:2,bochs (also cirrus), --kernel 'PARAMETERS'
--work DIR  the folder where its commands run, default: here
--uncached  changes of that folder are seen at once (and programs start slowly)
--gpu N     whose keyboard or screen is meant, default 0
--name NAME which VM is meant, for several at a time

/ is the host's root (changes stay in memory), /out a folder of the host, alice and bob are users without groups.`;

const verbs = ['run', 'up', 'exec', 'key', 'type', 'shot', 'plug', 'down', 'serve'];

const { values, positionals, tokens } = parseArgs({
  args: process.argv.slice(2),
  allowPositionals: true,
  tokens: true,
  strict: verbs.includes(process.argv[2] ?? ''),
  options: {
    memory: { type: 'string' },
    cpus: { type: 'string' },
    gpus: { type: 'string' },
    kernel: { type: 'string' },
    work: { type: 'string' },
    uncached: { type: 'boolean' },
    gpu: { type: 'string' },
    user: { type: 'string' },
    name: { type: 'string', default: 'vm' },
  },
});
const terminator = tokens.find((token) => token.kind === 'option-terminator');
const afterDashes = terminator && process.argv.slice(2).slice(terminator.index + 1);

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`vm: ${(error as Error).message}`);
  process.exitCode = 125; // as env(1) and its like say that the fault is not the command's
}

async function main(): Promise<number> {
  const [verb, ...rest] = positionals;
  if (verb === undefined || verb === 'help') {
    console.log(help);
    return verb ? 0 : 1;
  }
  if (!verbs.includes(verb)) return runOnce(process.argv.slice(2), {});
  if (verb === 'run') return runOnce(afterDashes ?? rest, options());
  if (verb === 'up') return up();
  if (verb === 'serve') return serve();
  const running = await RunningVm.find(String(values.name));
  const gpu = Number(values.gpu ?? 0);
  switch (verb) {
    case 'exec':
      return running.exec(commandOf(afterDashes ?? rest), user());
    case 'key':
      for (const chord of rest) await running.call('key', [chord, { gpu }]);
      return 0;
    case 'type':
      await running.call('type', [`${rest.join(' ')}\n`, { gpu }]);
      return 0;
    case 'shot':
      await running.call('saveScreenshot', [
        resolve(rest[0] ?? 'screen.png'),
        { gpu, head: Number(rest[1] ?? 0) },
      ]);
      return 0;
    case 'plug':
      await running.call('plug', rest.map(Number));
      return 0;
    default:
      await running.call('stop', []);
      return 0;
  }
}

/** One word is a command for the shell, several are the words of one. */
function commandOf(words: readonly string[]): string {
  return words.length === 1 ? words[0]! : words.map(quoted).join(' ');
}

async function runOnce(words: readonly string[], machine: VmOptions): Promise<number> {
  const vm = await Vm.start(machine);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => vm.stop().then(() => process.exit(130)));
  const child = vm.exec(commandOf(words));
  child.onOutput((stream, chunk) => process[stream].write(chunk));
  const status = await child.status;
  await vm.stop();
  return status;
}

/** The VM belongs to a process of its own, which stays. */
async function up(): Promise<number> {
  const parameters = process.argv.slice(2).map((word, index) => (index === 0 ? 'serve' : word));
  const child = spawn(process.execPath, [process.argv[1]!, ...parameters], {
    detached: true,
    // None of ours: whoever reads them would wait for the VM's end.
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stderr.on('data', (chunk: Buffer) => process.stderr.write(chunk));
  const line = await new Promise<string>((done) => {
    child.stdout.once('data', (chunk) => done(String(chunk)));
    child.once('close', () => done(''));
  });
  process.stdout.write(line);
  child.unref();
  child.stdout.destroy();
  child.stderr.destroy();
  return line ? 0 : 1;
}

async function serve(): Promise<number> {
  const vm = await Vm.start(options());
  await using _server = await RunningVm.serve(String(values.name), vm);
  // Who started us has gone when it has read this, and hears no more.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  console.log(`up: QEMU is ${vm.pid}, /out is ${vm.out}`);
  await vm.ended;
  return 0;
}

function user(): 'root' | 'alice' | 'bob' {
  const name = values.user ?? 'root';
  if (name === 'root' || name === 'alice' || name === 'bob') return name;
  throw new Error(`--user ${name}: root, alice or bob`);
}

function options(): VmOptions {
  const { memory, cpus, gpus, kernel, work, uncached } = values;
  return {
    ...(memory ? { memory: Number(memory) } : {}),
    ...(cpus ? { cpus: Number(cpus) } : {}),
    ...(gpus ? { gpus: String(gpus).split(',').map(gpuOf) } : {}),
    ...(kernel ? { kernelParameters: String(kernel) } : {}),
    ...(work ? { work: String(work) } : {}),
    ...(uncached ? { uncached: true } : {}),
  };
}

function gpuOf(text: string): Gpu {
  const [kind, outputs = '1'] = text.split(':');
  if (kind === 'virtio') return { kind, outputs: Number(outputs) };
  if (kind === 'bochs' || kind === 'cirrus') return { kind };
  throw new Error(`--gpus ${text}: virtio:OUTPUTS, bochs or cirrus`);
}
