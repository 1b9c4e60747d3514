import { fstatSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { Fd } from '@switchyard/sys';
import { isPrivilege, isTrusted, type Privilege, type PrivilegeRule, privilegeNames } from './Privileges.js';

/** Rules are tried one by one for every connection. */
const maxRules = 256;

/** Where it is when nobody says: root's tree is the machine's. */
export function defaultPrivilegesFile(environment: NodeJS.ProcessEnv = process.env): string {
  if (process.getuid!() === 0) return '/etc/switchyard/privileges.json';
  return join(environment['XDG_CONFIG_HOME'] || join(homedir(), '.config'), 'switchyard', 'privileges.json');
}

/**
 * Reads `[{"executable": "/usr/bin/grim", "uid": 1000, "privileges": ["capture"]}, …]`. Throws with the reason, also
 * when somebody else than we or root could have written it; undefined when there is no such file.
 */
export function readPrivilegesFile(path: string): PrivilegeRule[] | undefined {
  let text: string;
  try {
    using file = Fd.open(path, 0);
    const { uid, mode } = fstatSync(file.number);
    if (!isTrusted(uid) || (mode & 0o022) !== 0) {
      throw new Error(`${path} can be written by others: chown it to yourself and chmod go-w`);
    }
    text = readFileSync(file.number, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`${path}: ${(error as Error).message}`);
  }
  if (!Array.isArray(value)) throw new Error(`${path}: a list of rules is expected`);
  if (value.length > maxRules) throw new Error(`${path}: ${value.length} rules, at most ${maxRules}`);
  return value.map((rule: unknown, index) => parseRule(rule, `${path}: rule ${index + 1}`));
}

function parseRule(value: unknown, subject: string): PrivilegeRule {
  if (typeof value !== 'object' || value === null) throw new Error(`${subject} is no object`);
  const { uid, executable, privileges, ...others } = value as Record<string, unknown>;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw new Error(`${subject}: what is “${unknown}”?`);
  if (uid !== undefined && !(Number.isInteger(uid) && (uid as number) >= 0)) {
    throw new Error(`${subject}: uid is a number`);
  }
  if (executable !== undefined && !(typeof executable === 'string' && isAbsolute(executable))) {
    throw new Error(`${subject}: executable is an absolute path`);
  }
  if (uid === undefined && executable === undefined) {
    throw new Error(`${subject}: a uid or an executable is needed; privileges are not for everybody`);
  }
  return { uid: uid as number, executable: executable as string, privileges: parseList(privileges, subject) };
}

function parseList(value: unknown, subject: string): Privilege[] {
  if (!Array.isArray(value)) throw new Error(`${subject}: privileges is a list`);
  return value.map((name: unknown) => {
    if (typeof name === 'string' && isPrivilege(name)) return name;
    throw new Error(`${subject}: “${String(name)}” is none of ${privilegeNames.join(', ')}`);
  });
}
