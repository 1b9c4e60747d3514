import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ServiceFolder } from '../config/BusConfig.js';
import { parseServiceFile, type ServiceFile, ServiceFileError } from './ServiceFile.js';

/** Bytes of a .service file; the longest of a full desktop has a few hundred. */
const maximumFileLength = 64 * 1024;

type Folder = ServiceFolder & { modified: number; services: Map<string, ServiceFile> };

/** The services that can be started, by name. Folders are read when something is looked up, and again when they have changed. */
export class ServiceIndex {
  readonly #folders: Folder[];
  readonly #warn: (what: string) => void;

  constructor(folders: readonly ServiceFolder[], warn: (what: string) => void) {
    this.#folders = folders.map((folder) => ({ ...folder, modified: Number.NaN, services: new Map() }));
    this.#warn = warn;
  }

  /** From the first folder that has it. */
  find(name: string): ServiceFile | undefined {
    this.#refresh();
    for (const { services } of this.#folders) {
      const service = services.get(name);
      if (service) return service;
    }
    return undefined;
  }

  names(): string[] {
    this.#refresh();
    return [...new Set(this.#folders.flatMap(({ services }) => [...services.keys()]))];
  }

  #refresh(): void {
    for (const folder of this.#folders) {
      // A transient service's folder is looked at when the configuration is read again, and not before.
      if (!folder.watched && !Number.isNaN(folder.modified)) continue;
      const modified = statSync(folder.path, { throwIfNoEntry: false })?.mtimeMs ?? -1;
      if (folder.modified === modified) continue;
      folder.modified = modified;
      folder.services = modified < 0 ? new Map() : this.#read(folder);
    }
  }

  #read(folder: ServiceFolder): Map<string, ServiceFile> {
    const services = new Map<string, ServiceFile>();
    for (const name of namesIn(folder.path)) {
      if (!name.endsWith('.service')) continue;
      const service = this.#readFile(join(folder.path, name));
      if (!service) continue;
      if (folder.strictNames && name !== `${service.name}.service`) {
        this.#warn(`${service.file} should be named ${service.name}.service: it is left out`);
        continue;
      }
      // Of two for one name, the file that is named after it.
      if (!services.has(service.name) || name === `${service.name}.service`)
        services.set(service.name, service);
    }
    return services;
  }

  #readFile(file: string): ServiceFile | undefined {
    try {
      if (statSync(file).size > maximumFileLength) throw new ServiceFileError(`${file}: too long`);
      return parseServiceFile(readFileSync(file, 'utf8'), file);
    } catch (error) {
      const known = error instanceof ServiceFileError || (error as NodeJS.ErrnoException).code !== undefined;
      if (!known) throw error;
      this.#warn((error as Error).message);
      return undefined;
    }
  }
}

function namesIn(path: string): string[] {
  try {
    return readdirSync(path).sort();
  } catch {
    // Removed or closed to us since it was looked at.
    return [];
  }
}
