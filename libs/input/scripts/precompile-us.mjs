/**
 * Writes what libs/input needs where libxkbcommon is missing: keymaps/us.xkb.gz (the compiled us keymap, for clients) and
 * src/generated/usKeys.ts (what its keys give). Needs libxkbcommon and xkeyboard-config; run it from anywhere:
 * node libs/input/scripts/precompile-us.mjs && npx biome check --write libs/input
 */
import { writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import native from '@switchyard/native';

const HIGHEST_CODE = 255; // X's limit, and above all that a us keyboard has

const keymap = native.xkbKeymapFromNames('evdev', 'pc105', 'us');
writeFileSync(
  new URL('../keymaps/us.xkb.gz', import.meta.url),
  gzipSync(native.xkbKeymapText(keymap), { level: 9 }),
);

const entries = new Uint32Array(native.xkbKeymapEntries(keymap, new Uint32Array(0)));
native.xkbKeymapEntries(keymap, entries);
const names = new Map();
const keys = new Map();
for (let i = 0; i < entries.length; i += 3) {
  const [code, keysym, mask] = entries.subarray(i, i + 3);
  if (code > HIGHEST_CODE) continue;
  const name = native.xkbKeysymName(keysym);
  names.set(name, keysym);
  keys.set(code, [...(keys.get(code) ?? []), mask ? `${name}@${mask}` : name]);
}
const still = [...keys.keys()].filter((code) => !native.xkbKeymapRepeats(keymap, code));

const text = `/** Made by scripts/precompile-us.mjs from xkeyboard-config's us layout. */

/** Keysyms by name, as far as the us layout has them. */
export const usKeysyms: Readonly<Record<string, number>> = {
${[...names].map(([name, keysym]) => `  ${JSON.stringify(name)}: 0x${keysym.toString(16)},`).join('\n')}
};

/** evdev code → "keysym" without modifiers, "keysym@mask" with exactly these. */
export const usKeys: Readonly<Record<number, string>> = {
${[...keys].map(([code, levels]) => `  ${code}: '${levels.join(' ')}',`).join('\n')}
};

/** Codes that do not repeat. */
export const usStillKeys: readonly number[] = [${still.join(', ')}];
`;
writeFileSync(new URL('../src/generated/usKeys.ts', import.meta.url), text);
