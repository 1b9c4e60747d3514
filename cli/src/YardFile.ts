import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { isRunning, type RuntimeDir } from '@switchyard/runtime';
import { z } from 'zod';
import { Failure } from './Failure.js';
import { isClaimed } from './supervisor/RuntimeClaim.js';

/** `yard up` gives up before. */
const startPatience = 35_000;
const look = 20;

/** Made when there is something to check. */
const schema = () =>
  z.object({
    pid: z.number().int(),
    startTime: z.string(),
    seat: z.string(),
    seats: z.array(z.string()),
    url: z.string(),
    waylandDisplay: z.string(),
    bus: z.string(),
    runtimeDir: z.string(),
    vnc: z.object({ address: z.string(), password: z.string(), viewPassword: z.string() }).optional(),
    tlsFingerprint: z.string().optional(),
  });

/** `yard.json`: how to reach a running tree. `pid` and `startTime` are the supervisor's. */
export type YardFile = z.infer<ReturnType<typeof schema>>;

/** Undefined when there is none, or when it is not one of ours. */
export function readYardFile(directory: RuntimeDir): YardFile | undefined {
  try {
    const content: unknown = JSON.parse(readFileSync(directory.yardFile, 'utf8'));
    return schema().parse(content);
  } catch {
    return undefined;
  }
}

export function writeYardFile(directory: RuntimeDir, content: YardFile): void {
  const fresh = `${directory.yardFile}.new`;
  try {
    writeFileSync(fresh, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
    renameSync(fresh, directory.yardFile);
  } catch (error) {
    throw new Failure(
      `cannot write ${directory.yardFile}: ${(error as Error).message}; make room, or choose another directory with --runtime-dir`,
    );
  }
}

export function removeYardFile(directory: RuntimeDir): void {
  rmSync(directory.yardFile, { force: true });
}

/** The tree that runs in this directory: its file, and a supervisor that lives. */
export function runningTree(directory: RuntimeDir): YardFile | undefined {
  const file = readYardFile(directory);
  return file && isRunning(file) ? file : undefined;
}

/** The same; while a supervisor is starting one there, which tells people its page's address early, it is waited for. */
export async function awaitTree(directory: RuntimeDir): Promise<YardFile | undefined> {
  const deadline = Date.now() + startPatience;
  for (;;) {
    const file = runningTree(directory);
    if (file || !isClaimed(directory) || Date.now() > deadline) return file;
    await new Promise((resolve) => setTimeout(resolve, look));
  }
}
