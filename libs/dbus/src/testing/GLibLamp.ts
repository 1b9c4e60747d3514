import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Debian's Python, which has the GLib bindings of python3-gi. */
const python = '/usr/bin/python3';
const beside = (file: string) => fileURLToPath(new URL(`../../src/testing/${file}`, import.meta.url));

/** lamp.xml: what GLibLamp exports. */
export const lampXml = beside('lamp.xml');

/** org.example.Lamp at /lamp on a bus, as a program with GLib has it: somebody else's idea of the same interface. */
export class GLibLamp implements Disposable {
  readonly uniqueName: string;
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess, uniqueName: string) {
    this.#process = process;
    this.uniqueName = uniqueName;
  }

  static async start(address: string): Promise<GLibLamp> {
    const child = spawn(python, [beside('lamp-service.py'), address, lampXml], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const name = await new Promise<string>((resolve, reject) => {
      child.stdout!.once('data', (bytes: Buffer) => resolve(String(bytes).trim()));
      child.once('exit', () => reject(new Error('the GLib service did not start: is python3-gi there?')));
    });
    return new GLibLamp(child, name);
  }

  [Symbol.dispose](): void {
    this.#process.kill();
  }
}
