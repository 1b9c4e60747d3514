/** A configuration that cannot be used: `/etc/dbus-1/system.conf:12: what is wrong`. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(file: string, line: number | undefined, what: string) {
    super(`${file}${line === undefined ? '' : `:${line}`}: ${what}`);
  }
}
