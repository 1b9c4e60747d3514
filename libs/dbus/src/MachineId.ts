import { readFileSync } from 'node:fs';
import { DBusError, ErrorName } from './DBusError.js';

/** machine-id(5), or what D-Bus had before it. */
export function machineId(): string {
  for (const path of ['/etc/machine-id', '/var/lib/dbus/machine-id'])
    try {
      const id = readFileSync(path, 'latin1').trim();
      if (/^[0-9a-f]{32}$/.test(id)) return id;
    } catch {
      // The next place may have it.
    }
  throw new DBusError(ErrorName.fileNotFound, 'This machine has no /etc/machine-id');
}
