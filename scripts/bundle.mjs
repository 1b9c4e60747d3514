// Makes one file of each of the tree's programs and of all that it imports, and has V8 compile it in advance: a program
// starts several times faster from one file than from two hundred, and every seat starts six of them. Programs run
// unbundled when this was not done since a part of them was built (libs/runtime/bin/program.cjs).
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const usual = [
  'services/bus/dist/main',
  'services/seat/dist/main',
  'services/display/dist/main',
  'services/web/dist/main',
  'services/console/dist/main',
  'cli/dist/main',
];
/** Not part of every seat; what starts each. */
const others = {
  'services/console/dist/session': 'services/console/bin/session.cjs',
  'services/mirror/dist/main': 'services/mirror/bin/main.cjs',
  'services/screens/dist/main': 'services/screens/bin/main.cjs',
  'services/x11/dist/main': 'services/x11/bin/main.cjs',
};

/** Those of the browser seat's page, each with the program that serves it. */
const pages = {
  'services/web/dist/main': ['services/web/dist/page/main', 'services/web/dist/page/SoundWorklet'],
};

/** What is found beside its own files. */
const external = [/^node:/, '@switchyard/native', '@napi-rs/canvas', 'node-pty'];
/** How long the seat is used before what was compiled is kept (ms). */
const useTime = 800;

/** Bundles what is older than its parts; resolves when all is there. */
export async function bundleAll() {
  const stale = [...usual, ...Object.keys(others)].filter((module) => !isFresh(bundleOf(module)));
  if (stale.length === 0) return;
  const { rolldown } = await import('rolldown');
  await Promise.all(stale.map((module) => bundle(rolldown, module)));
  if (stale.includes('services/console/dist/main')) await drawGlyphs();
  try {
    await Promise.all([compile(), ...Object.values(others).map(compileAlone)]);
  } catch (error) {
    console.error(`the programs will compile themselves at every start: ${error.message}`);
  }
}

/** The terminal's usual characters at its usual size, and at twice that for dense screens. */
async function drawGlyphs() {
  const { GlyphSheet } = await part('services/console/dist/GlyphSheet.js');
  const { DEFAULT_FONT_SIZE } = await part('services/console/dist/Arguments.js');
  GlyphSheet.ship([DEFAULT_FONT_SIZE, 2 * DEFAULT_FONT_SIZE]);
}

const part = (path) => import(pathToFileURL(join(root, path)).href);
const bundleOf = (module) => join(root, `${module}.bundle.cjs`);
const madeAt = (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;

function isFresh(file) {
  if (!existsSync(file) || !existsSync(`${file}.cache`)) return false;
  const parts = /^\/\* ([^*]*) \*\//.exec(readFileSync(file, 'latin1'))?.[1].split(' ') ?? [];
  const made = madeAt(file);
  return (
    made >= madeAt(fileURLToPath(import.meta.url)) &&
    parts.every((part) => made >= madeAt(join(dirname(file), part, 'dist/.tsbuildinfo')))
  );
}

async function bundle(rolldown, module) {
  const file = bundleOf(module);
  const built = await rolldown({
    input: join(root, `${module}.js`),
    platform: 'node',
    external,
    // Nothing of ours does anything by being imported.
    treeshake: { moduleSideEffects: false },
  });
  const { output } = await built.generate({ format: 'cjs', minify: true, codeSplitting: false });
  await built.close();
  const parts = new Set([...partsOf(output), ...(await bundlePages(rolldown, pages[module] ?? []))]);
  // V8 does not let code that it compiled in advance do that.
  const late = output[0].dynamicImports.find((name) => name !== output[0].fileName);
  if (late !== undefined) throw new Error(`${module}: import('${late}') in a program; use createRequire`);
  const names = [...parts].map((part) => relative(dirname(file), part).split(sep).join('/'));
  // V8 tells a cache of other source by its length only: an old one must not stay.
  rmSync(`${file}.cache`, { force: true });
  writeFileSync(file, `/* ${names.join(' ')} */${ascii(output[0].code)}`);
}

/** Resolves with the packages of ours that are in them. */
async function bundlePages(rolldown, modules) {
  const parts = [];
  for (const module of modules) {
    const built = await rolldown({ input: join(root, `${module}.js`), platform: 'browser' });
    const { output } = await built.generate({ format: 'es', minify: true, codeSplitting: false });
    await built.close();
    parts.push(...partsOf(output));
    writeFileSync(join(root, `${module}.bundle.js`), output[0].code);
  }
  return parts;
}

const partsOf = (output) => output.flatMap(({ modules }) => Object.keys(modules ?? {}).flatMap(packageOf));

/** The package of ours that a module of a bundle is from. */
function packageOf(module) {
  const [, folder] = /^(.*)\/dist\//.exec(module) ?? [];
  return folder !== undefined && existsSync(join(folder, 'dist/.tsbuildinfo')) ? [folder] : [];
}

/** Whatever is not ASCII stands in strings, templates and expressions, where an escape means the same. */
const ascii = (code) =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what is not ASCII
  code.replace(/[^\x00-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** Uses a seat for a moment and ends it: each of its programs then leaves what V8 had compiled of it. */
async function compile() {
  const directory = mkdtempSync(join(tmpdir(), 'yard-bundle-'));
  const yard = spawn(process.execPath, [join(root, 'cli/bin/yard.js'), 'up', '--json', '--port', '0'], {
    env: {
      ...process.env,
      YARD_RUNTIME_DIR: directory,
      YARD_COMPILE: '1',
      HOME: directory,
      SHELL: '/bin/sh',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(yard, 'exit');
  try {
    const [line] = await Promise.race([once(yard.stdout, 'data'), ended.then(() => [])]);
    if (line === undefined) throw new Error('a seat does not start');
    await use(JSON.parse(line).url);
  } finally {
    yard.kill('SIGTERM');
    await ended;
    rmSync(directory, { recursive: true, force: true });
  }
}

/** What V8 compiles of a program until it has said how it is called. */
async function compileAlone(program) {
  const env = { ...process.env, YARD_COMPILE: '1' };
  await once(spawn(process.execPath, [join(root, program), '--help'], { env, stdio: 'ignore' }), 'exit');
}

/** Loads the page, types a command, and watches. */
async function use(url) {
  const { TestViewer } = await part('services/web/dist/testing/TestViewer.js');
  const { key, MessageType } = await part('services/web/dist/wire/Wire.js');
  const { KEY } = await part('libs/uapi/dist/index.js');
  await (await fetch(url)).text();
  const viewer = await TestViewer.greet(url);
  await pause(useTime);
  for (const code of [KEY.L, KEY.S, KEY.ENTER])
    for (const down of [1, 0]) {
      const message = new DataView(new ArrayBuffer(key.size));
      key.write(message, 0, { type: MessageType.key, down, code });
      viewer.send(new Uint8Array(message.buffer));
    }
  await pause(useTime);
  await viewer.close();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await bundleAll();
