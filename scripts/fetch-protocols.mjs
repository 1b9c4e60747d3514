// Copies the protocol XMLs from Debian 13's packages into protocols/ and compiles them to libs/wayland/src/generated/.
// The packages are those of `packages` below; they are found under $PROTOCOLS_ROOT where they were only unpacked there
// (dpkg -x PACKAGE.deb DIRECTORY). Both results are committed, so that nothing of this is needed for a build. Another
// protocol is one more line in the table.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const packages =
  'libwayland-dev wayland-protocols librust-wayland-protocols-wlr-dev librust-wayland-protocols-misc-dev';
const unpacked = process.env.PROTOCOLS_ROOT ?? '';
const core = `${unpacked}/usr/share/wayland`;
const protocols = `${unpacked}/usr/share/wayland-protocols`;
const registry = `${unpacked}/usr/share/cargo/registry`;
const wlr = 'wlr-protocols/unstable';

/** Module name (also of the XML here) → where the package has it. */
const sources = {
  wayland: `${core}/wayland.xml`,
  'xdg-shell': `${protocols}/stable/xdg-shell/xdg-shell.xml`,
  viewporter: `${protocols}/stable/viewporter/viewporter.xml`,
  tablet: `${protocols}/stable/tablet/tablet-v2.xml`,
  'presentation-time': `${protocols}/stable/presentation-time/presentation-time.xml`,
  'xdg-decoration': `${protocols}/unstable/xdg-decoration/xdg-decoration-unstable-v1.xml`,
  'xdg-output': `${protocols}/unstable/xdg-output/xdg-output-unstable-v1.xml`,
  'primary-selection': `${protocols}/unstable/primary-selection/primary-selection-unstable-v1.xml`,
  'text-input': `${protocols}/unstable/text-input/text-input-unstable-v3.xml`,
  'pointer-constraints': `${protocols}/unstable/pointer-constraints/pointer-constraints-unstable-v1.xml`,
  'relative-pointer': `${protocols}/unstable/relative-pointer/relative-pointer-unstable-v1.xml`,
  'pointer-gestures': `${protocols}/unstable/pointer-gestures/pointer-gestures-unstable-v1.xml`,
  'idle-inhibit': `${protocols}/unstable/idle-inhibit/idle-inhibit-unstable-v1.xml`,
  'keyboard-shortcuts-inhibit': `${protocols}/unstable/keyboard-shortcuts-inhibit/keyboard-shortcuts-inhibit-unstable-v1.xml`,
  'xdg-foreign-v1': `${protocols}/unstable/xdg-foreign/xdg-foreign-unstable-v1.xml`,
  'xdg-foreign': `${protocols}/unstable/xdg-foreign/xdg-foreign-unstable-v2.xml`,
  'ext-idle-notify': `${protocols}/staging/ext-idle-notify/ext-idle-notify-v1.xml`,
  'xdg-activation': `${protocols}/staging/xdg-activation/xdg-activation-v1.xml`,
  'fractional-scale': `${protocols}/staging/fractional-scale/fractional-scale-v1.xml`,
  'single-pixel-buffer': `${protocols}/staging/single-pixel-buffer/single-pixel-buffer-v1.xml`,
  'ext-session-lock': `${protocols}/staging/ext-session-lock/ext-session-lock-v1.xml`,
  'ext-data-control': `${protocols}/staging/ext-data-control/ext-data-control-v1.xml`,
  'ext-foreign-toplevel-list': `${protocols}/staging/ext-foreign-toplevel-list/ext-foreign-toplevel-list-v1.xml`,
  'ext-image-capture-source': `${protocols}/staging/ext-image-capture-source/ext-image-capture-source-v1.xml`,
  'ext-image-copy-capture': `${protocols}/staging/ext-image-copy-capture/ext-image-copy-capture-v1.xml`,
  'cursor-shape': `${protocols}/staging/cursor-shape/cursor-shape-v1.xml`,
  'security-context': `${protocols}/staging/security-context/security-context-v1.xml`,
  'content-type': `${protocols}/staging/content-type/content-type-v1.xml`,
  'tearing-control': `${protocols}/staging/tearing-control/tearing-control-v1.xml`,
  'xdg-dialog': `${protocols}/staging/xdg-dialog/xdg-dialog-v1.xml`,
  'wlr-data-control': `${registry}/*/${wlr}/wlr-data-control-unstable-v1.xml`,
  'wlr-screencopy': `${registry}/*/${wlr}/wlr-screencopy-unstable-v1.xml`,
  'wlr-virtual-pointer': `${registry}/*/${wlr}/wlr-virtual-pointer-unstable-v1.xml`,
  'virtual-keyboard': `${registry}/*/protocols/virtual-keyboard-unstable-v1.xml`,
  'input-method': `${registry}/*/protocols/input-method-unstable-v2.xml`,
};

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const xmlFolder = join(root, 'protocols');
const generatedFolder = join(root, 'libs/wayland/src/generated');

for (const [module, source] of Object.entries(sources)) {
  writeFileSync(join(xmlFolder, `${module}.xml`), readFileSync(locate(module, source)));
}

// The compiler is part of the package that it writes into, which may not compile before it has run: only the compiler's
// own output counts here, and `npm run build` tells the rest.
spawnSync('npx', ['tsc', '-b', 'libs/wayland'], { cwd: root, stdio: 'ignore' });
const compilerPath = join(root, 'libs/wayland/dist/compiler/index.js');
if (!existsSync(compilerPath))
  fail('libs/wayland/src/compiler does not compile: npx tsc -b libs/wayland says why');
const { parseProtocol, emitModules, emitIndex } = await import(pathToFileURL(compilerPath).href);

const parsed = new Map();
for (const module of Object.keys(sources)) {
  const path = join(xmlFolder, `${module}.xml`);
  parsed.set(module, parseProtocol(readFileSync(path, 'utf8'), `protocols/${module}.xml`));
}
const modules = emitModules(parsed);
rmSync(generatedFolder, { recursive: true, force: true });
mkdirSync(generatedFolder, { recursive: true });
for (const [module, text] of modules) writeFileSync(join(generatedFolder, `${module}.ts`), text);
writeFileSync(join(generatedFolder, 'index.ts'), emitIndex(modules.keys()));
console.log(`${modules.size} protocols: protocols/*.xml and libs/wayland/src/generated/*.ts are written`);

/** A `*` is one folder whose name has a version in it. */
function locate(module, source) {
  const [before, after] = source.split('/*/');
  if (after === undefined) return existsSync(source) ? source : missing(module, source);
  const folders = existsSync(before) ? readdirSync(before) : [];
  const found = folders.map((folder) => join(before, folder, after)).find((path) => existsSync(path));
  return found ?? missing(module, source);
}

function missing(module, source) {
  fail(`${module}: ${source} is not there: apt install ${packages}`);
}

function fail(text) {
  console.error(text);
  process.exit(1);
}
