#!/usr/bin/env node
import { statSync } from 'node:fs';

/** What yard-busd is made of: when one of these was built later than the bundle, that is not what the sources say. */
const parts = ['..', '../../../libs/dbus', '../../../libs/sys', '../../../libs/runtime'];
const bundle = new URL('../dist/yard-busd.bundle.js', import.meta.url);

function isFresh() {
  const made = statSync(bundle, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return parts.every((part) => {
    const info = new URL(`${part}/dist/.tsbuildinfo`, import.meta.url);
    return made >= (statSync(info, { throwIfNoEntry: false })?.mtimeMs ?? 0);
  });
}

await import(isFresh() ? bundle.href : '../dist/yard-busd.js');
