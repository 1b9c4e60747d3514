// How a process of the tree starts: from one file of everything that it imports, with what V8 compiled of it in advance,
// both made by scripts/bundle.mjs. CommonJS, since loading modules of the other kind takes longer than all that a service
// does to start. Programs require this file by its path: to find it by its package's name takes Node another 4 ms.
'use strict';

const { readFileSync, statSync, writeFileSync } = require('node:fs');
const { createRequire, wrap } = require('node:module');
const { dirname, join } = require('node:path');
const { pathToFileURL } = require('node:url');
const { Script } = require('node:vm');

/** A bundle's first line names the folders of what it is made of, seen from its own. */
const madeOf = /^\/\* ([^*]*) \*\//;

/** Modules of Node that hardly a program uses while it starts; each takes a millisecond or two to load. */
const lateModules = new Set(
  'assert child_process fs/promises https perf_hooks readline tls tty v8 worker_threads zlib'.split(' '),
);

/** With this in its environment a program leaves beside its bundle what V8 had compiled when it ended. */
const compileVariable = 'YARD_COMPILE';

/**
 * Runs dist/NAME.js of a package, from dist/NAME.bundle.cjs unless a part of it was built later. `folder` is the
 * package's; `require` its own, for what is not in the bundle. `v8Flags` are V8's flags that the program runs under: V8
 * takes code that was compiled in advance only under those under which it was compiled.
 */
function run(folder, name, v8Flags = []) {
  for (const flag of v8Flags) require('node:v8').setFlagsFromString(flag);
  const module = join(folder, 'dist', `${name}.js`);
  const bundle = join(folder, 'dist', `${name}.bundle.cjs`);
  const text = freshText(bundle);
  if (text === undefined) {
    process.argv[1] = module;
    void import(pathToFileURL(module).href);
    return;
  }
  const script = new Script(wrap(text), { filename: bundle, cachedData: compiled(bundle) });
  if (process.env[compileVariable]) {
    process.on('exit', () => writeFileSync(`${bundle}.cache`, script.createCachedData()));
  }
  const exported = { exports: {} };
  script.runInThisContext()(
    exported.exports,
    requireLate(createRequire(bundle)),
    exported,
    bundle,
    dirname(bundle),
  );
}

/** `require` that loads `lateModules` when something of them is used. */
function requireLate(require) {
  return (name) => {
    if (!lateModules.has(name.replace(/^node:/, ''))) return require(name);
    let loaded;
    const load = () => (loaded ??= require(name));
    return new Proxy(() => {}, {
      get: (_, key) => load()[key],
      has: (_, key) => key in load(),
      apply: (_, self, values) => Reflect.apply(load(), self, values),
      ownKeys: () => Reflect.ownKeys(load()),
      getOwnPropertyDescriptor: (_, key) => {
        const described = Reflect.getOwnPropertyDescriptor(load(), key);
        return described && { ...described, configurable: true };
      },
    });
  };
}

function freshText(bundle) {
  let text;
  try {
    // The bundler has escaped whatever is not ASCII: such text takes half the memory.
    text = readFileSync(bundle, 'latin1');
  } catch {
    return undefined;
  }
  const made = madeAt(bundle);
  const parts = madeOf.exec(text)?.[1].split(' ') ?? [];
  const isFresh = parts.every((part) => made >= madeAt(join(dirname(bundle), part, 'dist/.tsbuildinfo')));
  return isFresh ? text : undefined;
}

const madeAt = (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** Another version of Node than the one that made it refuses it and compiles anew. */
function compiled(bundle) {
  try {
    return readFileSync(`${bundle}.cache`);
  } catch {
    return undefined;
  }
}

module.exports = { run };
