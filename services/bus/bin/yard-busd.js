#!/usr/bin/env node
// CommonJS, as the bundle is: loading one module of the other kind takes longer than all that the bus does to start.
'use strict';

const { readFileSync, statSync } = require('node:fs');
const { createRequire, wrap } = require('node:module');
const { dirname, join } = require('node:path');
const { Script } = require('node:vm');

/** What yard-busd is made of: when one of these was built later than the bundle, that is not what the sources say. */
const parts = ['..', '../../../libs/dbus', '../../../libs/sys', '../../../libs/runtime'];
const bundle = join(__dirname, '../dist/yard-busd.bundle.cjs');

const madeAt = (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;

function isFresh() {
  const made = madeAt(bundle);
  return parts.every((part) => made >= madeAt(join(__dirname, part, 'dist/.tsbuildinfo')));
}

/** What V8 made of the bundle when it was built; another Node refuses it and compiles anew. */
function compiled() {
  try {
    return readFileSync(`${bundle}.cache`);
  } catch {
    return undefined;
  }
}

if (isFresh()) {
  const source = wrap(readFileSync(bundle, 'utf8'));
  const script = new Script(source, { filename: bundle, cachedData: compiled() });
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(bundle), module, bundle, dirname(bundle));
} else void import('../dist/yard-busd.js');
