import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { interfaceModule, parseIntrospection } from '@switchyard/dbus';
import { GLibLamp, lampXml } from '@switchyard/dbus/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { StrictFolder } from '../support/StrictFolder.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const guide = readFileSync(join(root, 'docs/dbus.md'), 'utf8');

/** Each example, what it is about, and what the guide says that it prints. */
const examples = [...guide.matchAll(/```ts\n(.*?)```\n\n```text\n(.*?)```/gs)].map((match) => {
  const title = guide
    .slice(0, match.index)
    .split('\n')
    .findLast((line) => line.startsWith('#'))!;
  return { title: title.replace(/^#+ /, ''), code: match[1]!, output: match[2]! };
});

let folder: StrictFolder;
let runtimeDir: string;
let broker: ChildProcess;
let lamp: GLibLamp;
let address: string;
beforeAll(async () => {
  const { interfaces } = parseIntrospection(readFileSync(lampXml, 'utf8'));
  const files = Object.fromEntries(examples.map(({ code }, i) => [`example${i}.ts`, code]));
  folder = new StrictFolder({ ...files, 'lamp.ts': interfaceModule(interfaces) });
  runtimeDir = mkdtempSync(join(tmpdir(), 'guide-'));
  address = `unix:path=${runtimeDir}/bus`;
  const main = join(root, 'services/bus/dist/main.js');
  broker = spawn(process.execPath, [main, '--runtime-dir', runtimeDir], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  await new Promise((resolve) => broker.stderr!.once('data', resolve));
  lamp = await GLibLamp.start(address);
});
afterAll(async () => {
  lamp[Symbol.dispose]();
  const ended = new Promise((resolve) => broker.once('exit', resolve));
  broker.kill();
  await ended;
  folder[Symbol.dispose]();
  rmSync(runtimeDir, { recursive: true, maxRetries: 10 });
});

test('the examples of docs/dbus.md compile in strict settings', async () => {
  expect(examples.length).toBeGreaterThan(15);
  expect(await folder.compile()).toBe('');
});

test.each(examples.map(({ title, output }, i) => [title, i, output] as const))(
  '“%s” in docs/dbus.md (%i) prints what stands there',
  async (_, i, output) => {
    const environment = { DBUS_SESSION_BUS_ADDRESS: address, NO_COLOR: '1' };
    expect(await folder.run(`example${i}`, environment)).toBe(output);
  },
);
