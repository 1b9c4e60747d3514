import { isWellKnownName } from '@switchyard/dbus';

/** What a .service file says of starting the owner of a name (specification, "Message Bus Starting Services"). */
export type ServiceFile = {
  file: string;
  name: string;
  /** The command line, as it is written. */
  exec: string;
  user: string | undefined;
  /** The systemd unit that starts it. */
  systemdService: string | undefined;
};

/** Why a .service file is not used. */
export class ServiceFileError extends Error {
  override readonly name = 'ServiceFileError';
}

/** Reads one. Throws ServiceFileError. */
export function parseServiceFile(text: string, file: string): ServiceFile {
  const entries = entriesOf(text, 'D-BUS Service', file);
  const name = entries.get('Name');
  if (name === undefined) throw new ServiceFileError(`${file}: no Name in [D-BUS Service]`);
  if (!isWellKnownName(name))
    throw new ServiceFileError(`${file}: not a name that can be owned: ${JSON.stringify(name)}`);
  const exec = entries.get('Exec');
  // Also where systemd starts it.
  if (exec === undefined) throw new ServiceFileError(`${file}: no Exec in [D-BUS Service]`);
  return { file, name, exec, user: entries.get('User'), systemdService: entries.get('SystemdService') };
}

/** The keys of one group of a desktop-entry file; the first of equal keys counts, localized ones do not. */
function entriesOf(text: string, group: string, file: string): Map<string, string> {
  const entries = new Map<string, string>();
  let current: string | undefined;
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const header = /^\[([^[\]]+)\]\s*$/.exec(line);
    if (header) {
      current = header[1];
      continue;
    }
    const pair = /^\s*([A-Za-z0-9-]+)(\[[^\]]*\])?\s*=\s*(.*)$/.exec(line);
    if (!pair || current === undefined)
      throw new ServiceFileError(`${file}:${index + 1}: neither [group] nor key=value`);
    const [, key, locale, value] = pair;
    if (current === group && locale === undefined && !entries.has(key!))
      entries.set(key!, unescapeValue(value!, file));
  }
  return entries;
}

const escapes: Readonly<Record<string, string>> = { s: ' ', n: '\n', t: '\t', r: '\r', '\\': '\\' };

function unescapeValue(text: string, file: string): string {
  return text.replace(/\\(.?)/g, (_, letter: string) => {
    const character = escapes[letter];
    if (character === undefined) throw new ServiceFileError(`${file}: no such escape: \\${letter}`);
    return character;
  });
}
