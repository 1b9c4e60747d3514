#!/usr/bin/env node
import { statSync } from 'node:fs';

/** What yard-seatd is made of: when one of these was built later than the bundle, that is not what the sources say. */
const libraries = ['dbus', 'input', 'runtime', 'seat', 'sys', 'uapi'];
const parts = ['..', ...libraries.map((name) => `../../../libs/${name}`)];
const bundle = new URL('../dist/yard-seatd.bundle.js', import.meta.url);

function isFresh() {
  const made = statSync(bundle, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return parts.every((part) => {
    const info = new URL(`${part}/dist/.tsbuildinfo`, import.meta.url);
    return made >= (statSync(info, { throwIfNoEntry: false })?.mtimeMs ?? 0);
  });
}

await import(isFresh() ? bundle.href : '../dist/yard-seatd.js');
