import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));

/** A folder of TypeScript that finds this repository's libraries as any user's code does, and is compiled in its strict settings. */
export class StrictFolder implements Disposable {
  readonly path = mkdtempSync(join(root, 'libs/dbus/dist/strict-'));

  constructor(files: Record<string, string>) {
    const options = { composite: false, rootDir: '.', outDir: 'out' };
    const config = { extends: join(root, 'tsconfig.base.json'), compilerOptions: options, include: ['*.ts'] };
    this.#write('tsconfig.json', JSON.stringify(config));
    this.#write('package.json', '{"type":"module"}');
    for (const [name, text] of Object.entries(files)) this.#write(name, text);
  }

  /** What tsc says: nothing when all is well. */
  async compile(): Promise<string> {
    return await run(join(root, 'node_modules/.bin/tsc'), ['-p', this.path]).then(
      () => '',
      (error: { stdout: string }) => error.stdout,
    );
  }

  /** What a compiled program prints. */
  async run(name: string, environment: NodeJS.ProcessEnv): Promise<string> {
    const env = { ...process.env, ...environment };
    return (await run(process.execPath, [join(this.path, 'out', `${name}.js`)], { env, timeout: 60_000 }))
      .stdout;
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, maxRetries: 10 });
  }

  #write(name: string, text: string): void {
    writeFileSync(join(this.path, name), text);
  }
}
