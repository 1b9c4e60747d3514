import { statSync } from 'node:fs';

/** What the programs are made of: when one of these was built later than a bundle, that is not what the sources say. */
const libraries = ['dbus', 'drm', 'input', 'runtime', 'seat', 'sys', 'uapi'];
const parts = ['..', ...libraries.map((name) => `../../../libs/${name}`)];

/** The module of this name below dist, with all that it imports in one file where that is there and fresh. */
export function program(name) {
  const bundle = new URL(`../dist/${name}.bundle.js`, import.meta.url);
  const made = statSync(bundle, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const fresh = parts.every((part) => {
    const info = new URL(`${part}/dist/.tsbuildinfo`, import.meta.url);
    return made >= (statSync(info, { throwIfNoEntry: false })?.mtimeMs ?? 0);
  });
  return import(fresh ? bundle.href : `../dist/${name}.js`);
}
