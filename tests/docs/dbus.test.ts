import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { interfaceModule, parseIntrospection } from '@switchyard/dbus';
import { GLibLamp, lampXml } from '@switchyard/dbus/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';

const run = promisify(execFile);
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

let folder: string;
let runtimeDir: string;
let broker: ChildProcess;
let lamp: GLibLamp;
let address: string;
beforeAll(async () => {
  folder = mkdtempSync(join(root, 'libs/dbus/dist/guide-'));
  const strict = {
    extends: join(root, 'tsconfig.base.json'),
    compilerOptions: { composite: false, rootDir: '.', outDir: 'out', noUnusedLocals: false },
    include: ['*.ts'],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(strict));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  const { interfaces } = parseIntrospection(readFileSync(lampXml, 'utf8'));
  writeFileSync(join(folder, 'lamp.ts'), interfaceModule(interfaces));
  for (const [i, { code }] of examples.entries()) writeFileSync(join(folder, `example${i}.ts`), code);
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
  for (const one of [folder, runtimeDir]) rmSync(one, { recursive: true });
});

test('the examples of docs/dbus.md compile in strict settings', async () => {
  expect(examples.length).toBeGreaterThan(15);
  const said = await run(join(root, 'node_modules/.bin/tsc'), ['-p', folder]).then(
    () => '',
    (error: { stdout: string }) => error.stdout,
  );
  expect(said).toBe('');
});

test.each(examples.map(({ title, output }, i) => [title, i, output] as const))(
  '“%s” in docs/dbus.md (%i) prints what stands there',
  async (_, i, output) => {
    const env = { ...process.env, DBUS_SESSION_BUS_ADDRESS: address, NO_COLOR: '1' };
    const { stdout } = await run(process.execPath, [join(folder, `out/example${i}.js`)], {
      env,
      timeout: 30_000,
    });
    expect(stdout).toBe(output);
  },
);
