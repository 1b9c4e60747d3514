import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where distributions put what a display manager offers. */
const FOLDER = '/usr/share/wayland-sessions';
/** More than anybody installs, and few enough to choose from. */
const COUNT_LIMIT = 32;

/** What somebody's session is: a terminal, or a desktop. */
export interface Desktop {
  /** "" is the terminal. */
  readonly id: string;
  readonly name: string;
  readonly command: readonly string[];
}

/** The terminal, and the desktops that are installed, by name. */
export function desktops(folder = FOLDER): Desktop[] {
  let files: string[];
  try {
    files = readdirSync(folder).filter((file) => file.endsWith('.desktop'));
  } catch {
    files = [];
  }
  const installed = files
    .flatMap((file) => parseDesktop(file, readFileSync(join(folder, file), 'utf8')) ?? [])
    .sort((a, b) => a.name.localeCompare(b.name))
    .slice(0, COUNT_LIMIT);
  return [{ id: '', name: 'Terminal', command: [] }, ...installed];
}

/** Desktop Entry Specification, of [Desktop Entry] what a session needs. Undefined when it is not to be shown. */
export function parseDesktop(file: string, text: string): Desktop | undefined {
  const entries = new Map<string, string>();
  let inside = false;
  for (const line of text.split('\n')) {
    const group = /^\[(.*)\]\s*$/.exec(line)?.[1];
    if (group !== undefined) inside = group === 'Desktop Entry';
    const [, key, value] = /^([A-Za-z0-9-]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (inside && key !== undefined && value !== undefined) entries.set(key, value);
  }
  const name = entries.get('Name');
  const command = words(entries.get('Exec') ?? '');
  const hidden = entries.get('Hidden') === 'true' || entries.get('NoDisplay') === 'true';
  if (!name || command.length === 0 || hidden) return undefined;
  return { id: file.replace(/\.desktop$/, ''), name, command };
}

/** The Exec key's quoting: words, of which some are in double quotes with backslashes; field codes are for launchers. */
function words(exec: string): string[] {
  const found = exec.matchAll(/"((?:[^"\\]|\\.)*)"|[^\s"]+/g);
  return [...found]
    .map(([word, quoted]) => (quoted === undefined ? word : quoted.replaceAll(/\\(.)/g, '$1')))
    .filter((word) => !/^%[a-zA-Z]$/.test(word))
    .map((word) => word.replaceAll('%%', '%'));
}
