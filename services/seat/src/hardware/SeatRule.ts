import { readFileSync } from 'node:fs';
import { checkSeatName } from '../DeviceRegistry.js';
import type { KernelKind } from './KernelDevice.js';
import type { SysDevice } from './SysDevice.js';
import type { UdevRecord } from './UdevRecord.js';

/** A rack of seats has some hundred pieces of hardware; each is compared with each rule when it is plugged in. */
const RULES_MAX = 1024;
const PATTERN_MAX = 4096;

/** What can be said of a device; `*` stands for anything. */
const keys = ['path', 'id-path', 'name', 'driver', 'kind', 'connector'] as const;
type Key = (typeof keys)[number];

/** Which hardware belongs to which seat: that of which all is true. */
export interface SeatRule {
  readonly match: Partial<Readonly<Record<Key, string>>>;
  /** "" is no seat: nobody gets the device. */
  readonly seat: string;
}

/** A device, as rules look at it. */
export interface Candidate {
  /** Undefined: none that TakeDevice gives out; a light, a sound card. */
  readonly kind: KernelKind | undefined;
  readonly sys: SysDevice;
  readonly record: UdevRecord | undefined;
  /** Not the card is meant, but this connector of it: `HDMI-A-1`. */
  readonly connector?: string;
}

/**
 * A rule's `path` is one in sysfs, of the device or of whatever it hangs on: a rule for a USB hub is for all behind it. A rule with
 * a `connector` says nothing of the card as a whole; one without says it of all connectors.
 */
export function ruleMatches(rule: SeatRule, { kind, sys, record, connector }: Candidate): boolean {
  for (const [key, pattern] of Object.entries(rule.match) as [Key, string][]) {
    if (key === 'path' ? !pathMatches(pattern, sys) : !globMatches(pattern, said(key))) return false;
  }
  return true;

  function said(key: Exclude<Key, 'path'>): string | undefined {
    switch (key) {
      case 'kind':
        return kind;
      case 'connector':
        return connector;
      case 'driver':
        return sys.driver;
      case 'id-path':
        return record?.properties.get('ID_PATH');
      case 'name':
        return sys.parent?.attribute('name') ?? sys.parent?.properties.get('HID_NAME') ?? sys.name;
    }
  }
}

function pathMatches(pattern: string, sys: SysDevice): boolean {
  const parts = `/sys${sys.devpath}`.split('/');
  for (let count = parts.length; count > 1; count--) {
    if (globMatches(pattern, parts.slice(0, count).join('/'))) return true;
  }
  return false;
}

/** In the time of the product of their lengths at most, whatever the pattern. */
export function globMatches(pattern: string, text: string | undefined): boolean {
  if (text === undefined) return false;
  let p = 0;
  let t = 0;
  // Where the last star was, and how much of the text it has taken.
  let star = -1;
  let taken = 0;
  while (t < text.length) {
    if (pattern[p] === '*') {
      star = p++;
      taken = t;
    } else if (pattern[p] === text[t]) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++taken;
    } else return false;
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}

/**
 * `{"rules": [{"path": "…", "seat": "seat1"}, …]}`. Throws what is wrong with it: hardware on a seat that was not meant
 * shows one user's screen to another.
 */
export function readHardwareRules(path: string): SeatRule[] {
  const file: unknown = JSON.parse(readFileSync(path, 'utf8'));
  const rules = isObject(file) ? file['rules'] : undefined;
  if (!Array.isArray(rules) || Object.keys(file as object).length !== 1) {
    throw new Error(`${path}: {"rules": […]} is meant`);
  }
  if (rules.length > RULES_MAX) throw new Error(`${path}: there are more than ${RULES_MAX} rules`);
  return rules.map((rule: unknown, index) => {
    try {
      return parseRule(rule);
    } catch (error) {
      throw new Error(`${path}: rule ${index + 1}: ${(error as Error).message}`);
    }
  });
}

/** Throws what is wrong. */
export function parseRule(rule: unknown): SeatRule {
  if (!isObject(rule)) throw new Error('an object is meant');
  const { seat, ...given } = rule;
  if (typeof seat !== 'string') throw new Error('"seat" is missing');
  if (seat !== '') checkSeatName(seat);
  const match: Partial<Record<Key, string>> = {};
  for (const [key, pattern] of Object.entries(given)) {
    if (!(keys as readonly string[]).includes(key)) {
      throw new Error(`there is no "${key}"; hardware is told by ${keys.join(', ')}`);
    }
    if (typeof pattern !== 'string' || pattern === '' || pattern.length > PATTERN_MAX) {
      throw new Error(`"${key}" is a text of 1…${PATTERN_MAX} characters`);
    }
    match[key as Key] = pattern;
  }
  if (Object.keys(match).length === 0) throw new Error(`it says nothing of the hardware: ${keys.join(', ')}`);
  return { match, seat };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
