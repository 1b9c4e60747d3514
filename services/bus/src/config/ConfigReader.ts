import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Limits } from '../Limits.js';
import { type BusConfig, emptyConfig } from './BusConfig.js';
import { ConfigError } from './ConfigError.js';
import { numberAtStart } from './numberAtStart.js';
import { readPolicy } from './PolicyElement.js';
import { sessionServiceFolders, systemServiceFolders } from './serviceFolders.js';
import { UserDatabase } from './UserDatabase.js';
import { parseXml, type XmlElement } from './XmlElement.js';

/** Numbers are dbus-daemon's `int`, but for sizes, which are its `long`. */
const maximumInt = 0x7fff_ffff;
const longs: readonly (keyof Limits)[] = [
  'incomingBytes',
  'incomingUnixFds',
  'outgoingBytes',
  'outgoingUnixFds',
  'messageSize',
  'messageUnixFds',
];
const mechanisms = ['EXTERNAL', 'DBUS_COOKIE_SHA1', 'ANONYMOUS'];
/** Where files of a policy of SELinux's would be. */
const selinuxRoot = '/etc/selinux/targeted';
/** Files that include each other this deep are a mistake. */
const maximumDepth = 32;

const limitNames: Readonly<Record<string, keyof Limits | undefined>> = {
  max_incoming_bytes: 'incomingBytes',
  max_incoming_unix_fds: 'incomingUnixFds',
  max_outgoing_bytes: 'outgoingBytes',
  max_outgoing_unix_fds: 'outgoingUnixFds',
  max_message_size: 'messageSize',
  max_message_unix_fds: 'messageUnixFds',
  service_start_timeout: 'serviceStartTimeout',
  auth_timeout: 'authTimeout',
  pending_fd_timeout: 'pendingFdTimeout',
  max_completed_connections: 'completedConnections',
  max_incomplete_connections: 'incompleteConnections',
  max_connections_per_user: 'connectionsPerUser',
  max_pending_service_starts: 'pendingServiceStarts',
  max_names_per_connection: 'namesPerConnection',
  max_match_rules_per_connection: 'matchRulesPerConnection',
  max_replies_per_connection: 'repliesPerConnection',
  reply_timeout: 'replyTimeout',
  // Of dbus-daemon's experimental containers, which Debian's has not either.
  max_containers: undefined,
  max_containers_per_user: undefined,
  max_container_metadata_bytes: undefined,
  max_connections_per_container: undefined,
};

/**
 * Reads a busconfig file with everything that it includes; what comes later overrides or adds, as dbus-daemon(1) says of
 * each element. Throws ConfigError with file and line; a bad file in an `<includedir>` is a warning and left out.
 */
export function readConfig(file: string, environment: NodeJS.ProcessEnv = process.env): BusConfig {
  const reader = new ConfigReader(environment);
  reader.include(resolve(file), []);
  return reader.config;
}

class ConfigReader {
  readonly #environment: NodeJS.ProcessEnv;
  readonly #users = new UserDatabase();
  readonly config = emptyConfig();

  constructor(environment: NodeJS.ProcessEnv) {
    this.#environment = environment;
  }

  /** `within`: the files that led here. */
  include(file: string, within: readonly string[]): void {
    if (within.includes(file)) throw new ConfigError(file, undefined, 'the file includes itself');
    if (within.length >= maximumDepth) throw new ConfigError(file, undefined, 'included too deep');
    let text: string;
    try {
      text = readFileSync(file, 'utf8');
    } catch (error) {
      throw new UnreadableFile(file, error as NodeJS.ErrnoException);
    }
    const root = parseXml(text, file);
    const at = new Place(file, [...within, file], this.config);
    if (root.name !== 'busconfig')
      throw at.error(root, `the root element is <${root.name}>, not <busconfig>`);
    at.expect(root, []);
    for (const child of root.children) this.#element(child, at);
  }

  #element(element: XmlElement, at: Place): void {
    const { config } = this;
    switch (element.name) {
      case 'type':
        config.type = at.text(element);
        return;
      case 'user':
        config.user = at.text(element);
        return;
      case 'listen':
        config.listen.push(at.text(element));
        return;
      case 'auth': {
        const mechanism = at.text(element);
        if (!mechanisms.includes(mechanism))
          throw at.error(element, `there is no mechanism ${mechanism}, only ${mechanisms.join(', ')}`);
        config.auth.add(mechanism);
        return;
      }
      case 'pidfile':
        config.pidFile = at.path(element);
        return;
      case 'servicehelper':
        config.serviceHelper = at.path(element);
        return;
      case 'servicedir':
        config.serviceFolders.push({ path: at.path(element), strictNames: false, watched: true });
        return;
      case 'standard_session_servicedirs':
        at.empty(element);
        config.serviceFolders.push(...sessionServiceFolders(this.#environment));
        return;
      case 'standard_system_servicedirs':
        at.empty(element);
        config.serviceFolders.push(...systemServiceFolders());
        return;
      case 'fork':
        at.empty(element);
        config.fork = true;
        return;
      case 'keep_umask':
        at.empty(element);
        config.keepUmask = true;
        return;
      case 'syslog':
        at.empty(element);
        config.syslog = true;
        return;
      case 'allow_anonymous':
        at.empty(element);
        config.allowAnonymous = true;
        return;
      case 'include':
        this.#include(element, at);
        return;
      case 'includedir':
        this.#includeFolder(at.path(element), at);
        return;
      case 'limit':
        this.#limit(element, at);
        return;
      case 'policy':
        at.blank(element);
        for (const child of element.children) {
          at.blank(child);
          at.childless(child);
        }
        readPolicy(element, config.policy, {
          users: this.#users,
          error: (where, what) => at.error(where, what),
          warn: (where, what) => at.warn(where, what),
        });
        return;
      case 'selinux':
        checkSelinux(element, at);
        return;
      case 'apparmor':
        checkApparmor(element, at);
        return;
      default:
        throw at.error(element, `there is no element <${element.name}> in <busconfig>`);
    }
  }

  #include(element: XmlElement, at: Place): void {
    const allowed = ['ignore_missing', 'if_selinux_enabled', 'selinux_root_relative'];
    let file = at.path(element, allowed);
    for (const [name, value] of element.attributes)
      if (value !== 'yes' && value !== 'no')
        throw at.error(element, `${name}="${value}" is neither yes nor no`);
    const { attributes } = element;
    // SELinux is never enabled for this bus.
    if (attributes.get('if_selinux_enabled') === 'yes') return;
    if (attributes.get('selinux_root_relative') === 'yes') file = resolve(selinuxRoot, element.text.trim());
    try {
      this.include(file, at.within);
    } catch (error) {
      const mayMiss = attributes.get('ignore_missing') === 'yes';
      if (!(mayMiss && error instanceof UnreadableFile && error.code === 'ENOENT')) throw error;
    }
  }

  #includeFolder(folder: string, at: Place): void {
    this.config.includedFolders.push(folder);
    let names: string[];
    try {
      names = readdirSync(folder);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
      throw new UnreadableFile(folder, error as NodeJS.ErrnoException);
    }
    for (const name of names.sort()) {
      if (!name.endsWith('.conf')) continue;
      // What a bad file said before its mistake does not count either.
      const before = structuredClone(this.config);
      try {
        this.include(join(folder, name), at.within);
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        Object.assign(this.config, before);
        this.config.warnings.push(`${error.message} (the file is left out)`);
      }
    }
  }

  #limit(element: XmlElement, at: Place): void {
    const text = at.text(element, ['name']).trim();
    const name = element.attributes.get('name');
    if (name === undefined) throw at.error(element, '<limit> needs a name');
    if (!Object.hasOwn(limitNames, name))
      throw at.error(element, `there is no limit ${JSON.stringify(name)}`);
    const limit = limitNames[name];
    const value = numberAtStart(text);
    if (value === undefined || (value > maximumInt && !(limit && longs.includes(limit))))
      throw at.error(element, `${name} is a number, at most ${maximumInt}, not ${JSON.stringify(text)}`);
    if (limit) this.config.limits[limit] = value;
  }
}

/** A file that is being read, and what led to it. */
class Place {
  readonly file: string;
  readonly within: readonly string[];
  readonly #config: BusConfig;

  constructor(file: string, within: readonly string[], config: BusConfig) {
    this.file = file;
    this.within = within;
    this.#config = config;
  }

  error(element: XmlElement, what: string): ConfigError {
    return new ConfigError(this.file, element.line, what);
  }

  warn(element: XmlElement, what: string): void {
    this.#config.warnings.push(`${this.file}:${element.line}: ${what}`);
  }

  /** No attributes but these, and no text between the elements. */
  expect(element: XmlElement, attributes: readonly string[]): void {
    this.blank(element);
    this.#attributes(element, attributes);
  }

  blank(element: XmlElement): void {
    if (element.text.trim() !== '')
      throw this.error(element, `text is not allowed directly inside <${element.name}>`);
  }

  empty(element: XmlElement): void {
    this.expect(element, []);
    this.childless(element);
  }

  text(element: XmlElement, attributes: readonly string[] = []): string {
    this.#attributes(element, attributes);
    this.childless(element);
    const text = element.text.trim();
    if (text === '') throw this.error(element, `<${element.name}> needs content`);
    return text;
  }

  /** A path that is relative to the file's own folder. */
  path(element: XmlElement, attributes: readonly string[] = []): string {
    return resolve(dirname(this.file), this.text(element, attributes));
  }

  #attributes(element: XmlElement, allowed: readonly string[]): void {
    for (const name of element.attributes.keys())
      if (!allowed.includes(name)) throw this.error(element, `<${element.name}> has no attribute ${name}`);
  }

  childless(element: XmlElement): void {
    const [child] = element.children;
    if (child) throw this.error(child, `<${child.name}> is not allowed inside <${element.name}>`);
  }
}

class UnreadableFile extends ConfigError {
  readonly code: string | undefined;

  constructor(file: string, error: NodeJS.ErrnoException) {
    super(file, undefined, `cannot be read: ${error.message}`);
    this.code = error.code;
  }
}

function checkSelinux(element: XmlElement, at: Place): void {
  at.expect(element, []);
  for (const child of element.children) {
    if (child.name !== 'associate') throw at.error(child, `<${child.name}> is not allowed inside <selinux>`);
    at.expect(child, ['own', 'context']);
    if (child.attributes.size !== 2) throw at.error(child, '<associate> needs own and context');
  }
}

function checkApparmor(element: XmlElement, at: Place): void {
  at.empty({ ...element, attributes: new Map() });
  for (const [name, value] of element.attributes)
    if (name !== 'mode' || !['enabled', 'disabled', 'required'].includes(value))
      throw at.error(element, `${name}="${value}" is not possible on <apparmor>`);
  if (element.attributes.get('mode') === 'required')
    throw at.error(element, 'mode="required": this bus does not mediate by AppArmor');
}
