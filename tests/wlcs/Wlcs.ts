import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Results } from './Results.js';

/** One test's whole life; the longest that passes takes 5 s. */
const testTimeout = 30_000;

const source = fileURLToPath(new URL('wlcs_shim.c', import.meta.url));
const cache = fileURLToPath(new URL('../../node_modules/.cache/wlcs/', import.meta.url));

/** The suite's program, and the module with which it drives the display. */
export class Wlcs {
  readonly #command: readonly string[];
  readonly #module: string;

  private constructor(command: readonly string[], module: string) {
    this.#command = command;
    this.#module = module;
  }

  /** Compiles the module. `command` is Debian's program when it is not given; one in a chroot is a command with arguments. */
  static build(command?: string): Wlcs {
    mkdirSync(cache, { recursive: true });
    const module = `${cache}libwlcs_shim.so`;
    const flags = pkgConfig('--cflags', '--libs', 'wayland-client', 'wlcs');
    execFileSync('cc', ['-shared', '-fPIC', '-O2', '-fvisibility=hidden', '-o', module, source, ...flags]);
    return new Wlcs(command?.split(' ') ?? pkgConfig('--variable=test_runner', 'wlcs'), module);
  }

  /** Debian's version of the suite, without its packaging's. */
  static get version(): string {
    return pkgConfig('--modversion', 'wlcs')[0]!;
  }

  /** Runs the tests of a googletest filter in `shards` processes against the display that listens at `path`. */
  async run(filter: string, path: string, shards = 1): Promise<Results> {
    const results = new Results();
    const outputs = Array.from({ length: shards }, (_, index) =>
      this.#shard(filter, {
        WLCS_SHIM_CONNECT: path,
        WLCS_SHIM_TEST_TIMEOUT_MS: String(testTimeout),
        GTEST_TOTAL_SHARDS: String(shards),
        GTEST_SHARD_INDEX: String(index),
      }),
    );
    for (const output of await Promise.all(outputs)) results.add(output);
    return results;
  }

  #shard(filter: string, environment: Record<string, string>): Promise<string> {
    const choice = [`--gtest_filter=${filter}`, '--gtest_also_run_disabled_tests'];
    const [program, ...options] = [...this.#command, this.#module, ...choice];
    const child = spawn(program!, options, {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString();
      });
    return new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => {
        // 1: a test failed.
        if (code === 0 || code === 1) resolve(output);
        else reject(new Error(`wlcs ended with ${code ?? signal}:\n${output.slice(-4000)}`));
      });
    });
  }
}

function pkgConfig(...options: string[]): string[] {
  return execFileSync('pkg-config', options, { encoding: 'utf8' }).trim().split(/\s+/);
}
