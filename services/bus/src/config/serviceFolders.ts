import { join } from 'node:path';
import type { ServiceFolder } from './BusConfig.js';

const compiledIn = '/usr/share';

/** `<standard_session_servicedirs/>`: dbus-daemon(1) lists them. */
export function sessionServiceFolders(environment: NodeJS.ProcessEnv): ServiceFolder[] {
  const folders: ServiceFolder[] = [];
  const runtime = environment['XDG_RUNTIME_DIR'];
  if (runtime) folders.push({ path: join(runtime, 'dbus-1/services'), strictNames: true, watched: false });
  const home = environment['HOME'];
  const dataHome = environment['XDG_DATA_HOME'] || (home ? join(home, '.local/share') : undefined);
  const data = (environment['XDG_DATA_DIRS'] || '/usr/local/share:/usr/share').split(':');
  return [...folders, ...watched([dataHome, ...data, compiledIn], 'dbus-1/services')];
}

/** `<standard_system_servicedirs/>`. */
export function systemServiceFolders(): ServiceFolder[] {
  return watched(['/usr/local/share', '/usr/share', compiledIn, '/lib'], 'dbus-1/system-services');
}

function watched(roots: (string | undefined)[], below: string): ServiceFolder[] {
  const paths = roots.filter((root) => root?.startsWith('/'));
  return [...new Set(paths)].map((root) => ({
    path: join(root!, below),
    strictNames: false,
    watched: true,
  }));
}
