import { spawn } from 'node:child_process';

interface Settings {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** What to do instead, for the message when the program is not there. */
  readonly hint?: string;
}

/** Runs a program of this machine to its end; what it wrote to stdout. Rejects with what it wrote to stderr when it fails. */
export async function hostProgram(
  program: string,
  parameters: string[],
  settings: Settings = {},
): Promise<string> {
  const child = spawn(program, parameters, {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(settings.cwd ? { cwd: settings.cwd } : {}),
    ...(settings.env ? { env: settings.env } : {}),
  });
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('error', (error) =>
      reject(new Error(`${program}: ${error.message}${settings.hint ? `; ${settings.hint}` : ''}`)),
    );
    child.once('close', resolve);
  });
  if (status === 0) return output;
  throw new Error(`${program} ${parameters.join(' ')} ended with ${status}:\n${errors || output}`);
}

/** A word as the shell takes it literally. */
export const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
