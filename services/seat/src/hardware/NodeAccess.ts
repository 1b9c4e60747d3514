import { lstatSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname } from 'node:path';
import { getXattr, SystemError, setXattr } from '@switchyard/sys';
import { bootId } from '../StateStore.js';
import { AccessList } from './AccessList.js';

/** Reading and writing: what a device is for. */
const READ_WRITE = 6;

/** A node in /dev, and which device it was when it was found. */
export interface Node {
  readonly path: string;
  readonly rdev: number;
  /** Users are named on it by whoever manages seats, and nobody else: who is on it when it is found has no right to stay. */
  readonly managed: boolean;
}

interface Original extends Node {
  /** In base64. */
  readonly acl: string;
}

/**
 * Which user may open which node, by its ACL. What a node's list was before is kept in a file until it is so again, also
 * for the manager that comes after one that was killed.
 */
export class NodeAccess {
  readonly #path: string;
  readonly #originals = new Map<string, Original>();
  /** What the file holds, where that is known: a switch changes who is named, and not what was before. */
  #saved: string | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /** What a manager before this one had changed, in this boot. */
  load(): void {
    try {
      const { boot, nodes } = JSON.parse(readFileSync(this.#path, 'utf8')) as {
        boot: string;
        nodes: Original[];
      };
      if (boot !== bootId()) return;
      for (const node of nodes) this.#originals.set(node.path, node);
    } catch {
      // None, or none that can be read: then nothing is given back that was not taken.
    }
  }

  /**
   * From now on these users, and nobody that was named before by us, may open these nodes. What is not in it has its list
   * back. Returns what was wrong with which.
   */
  set(wanted: ReadonlyMap<Node, number>): Error[] {
    const errors: Error[] = [];
    const tryTo = (what: () => void) => {
      try {
        what();
      } catch (error) {
        if (!isGone(error)) errors.push(error as Error);
      }
    };
    const users = new Map([...wanted].map(([node, uid]) => [node.path, { node, uid }]));
    for (const { node } of users.values()) tryTo(() => this.#remember(node));
    if (users.size > 0) tryTo(() => this.#save());
    for (const original of [...this.#originals.values()]) {
      const given = users.get(original.path);
      tryTo(() => this.#write(original, given?.uid));
      if (!given) this.#originals.delete(original.path);
    }
    tryTo(() => this.#save());
    return errors;
  }

  /** Takes every user off a node that none is to be named on, now and for good. Throws what keeps it from being done. */
  static clear(path: string): void {
    const bytes = getXattr(path, AccessList.attribute);
    const list = bytes && AccessList.decode(bytes);
    if (list?.namesUsers) setXattr(path, AccessList.attribute, list.withoutUsers().encode());
  }

  #remember(node: Node): void {
    const known = this.#originals.get(node.path);
    if (known?.rdev === node.rdev) return;
    const status = lstatSync(node.path);
    if (!status.isCharacterDevice() || status.rdev !== node.rdev) return;
    const bytes = getXattr(node.path, AccessList.attribute);
    const list = bytes ? AccessList.decode(bytes) : AccessList.ofMode(status.mode);
    if (!list) throw new Error(`${node.path} has an ACL of an unknown format`);
    const original = node.managed ? list.withoutUsers() : list;
    this.#originals.set(node.path, { ...node, acl: Buffer.from(original.encode()).toString('base64') });
  }

  /** A node that is another device's by now is left alone. */
  #write({ path, rdev, acl }: Original, uid: number | undefined): void {
    if (lstatSync(path).rdev !== rdev) return;
    const original = AccessList.decode(Buffer.from(acl, 'base64'));
    if (!original) return;
    const list = uid === undefined ? original : original.withUser(uid, READ_WRITE);
    const bytes = list.encode();
    const now = getXattr(path, AccessList.attribute);
    if (now && Buffer.compare(now, bytes) === 0) return;
    setXattr(path, AccessList.attribute, bytes);
  }

  #save(): void {
    const text =
      this.#originals.size === 0
        ? ''
        : JSON.stringify({ boot: bootId(), nodes: [...this.#originals.values()] });
    if (text === this.#saved) return;
    this.#saved = undefined;
    if (text === '') {
      rmSync(this.#path, { force: true });
    } else {
      mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
      const next = `${this.#path}.next`;
      writeFileSync(next, text, { mode: 0o600 });
      renameSync(next, this.#path);
    }
    this.#saved = text;
  }
}

/** Unplugged meanwhile: what is not there is not to be given to anybody. */
function isGone(error: unknown): boolean {
  const { ENOENT, ENODEV } = constants.errno;
  if (error instanceof SystemError) return error.errno === ENOENT || error.errno === ENODEV;
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}
