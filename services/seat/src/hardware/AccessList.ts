import { struct } from '@switchyard/uapi';
import { ACL, POSIX_ACL_XATTR_VERSION, posixAclXattrEntry } from '@switchyard/uapi/tables';

/** Before the entries. */
const header = struct('posix_acl_xattr_header', { version: 'u32' });
/** The kernel's own bound is the attribute's 64 kB. */
const ENTRIES_MAX = 8191;
/** ACL_UNDEFINED_ID: of entries that are not about a user or group by number. */
const NOBODY = 0xffff_ffff;

interface Entry {
  readonly tag: number;
  readonly id: number;
  /** r 4, w 2, x 1. */
  readonly permissions: number;
}

/** The POSIX ACL of a file: acl(5), as the extended attribute `system.posix_acl_access` has it. */
export class AccessList {
  static readonly attribute = 'system.posix_acl_access';
  readonly #entries: readonly Entry[];

  private constructor(entries: readonly Entry[]) {
    this.#entries = entries;
  }

  /** What a file's mode says without a list. */
  static ofMode(mode: number): AccessList {
    return new AccessList([
      { tag: ACL.USER_OBJ, id: NOBODY, permissions: (mode >> 6) & 7 },
      { tag: ACL.GROUP_OBJ, id: NOBODY, permissions: (mode >> 3) & 7 },
      { tag: ACL.OTHER, id: NOBODY, permissions: mode & 7 },
    ]);
  }

  /** Undefined when it is none that we know how to change. */
  static decode(bytes: Uint8Array): AccessList | undefined {
    const rest = bytes.length - header.size;
    if (rest < 0 || rest % posixAclXattrEntry.size !== 0) return undefined;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const count = rest / posixAclXattrEntry.size;
    if (header.get.version(view, 0) !== POSIX_ACL_XATTR_VERSION || count > ENTRIES_MAX) return undefined;
    const entries: Entry[] = [];
    for (let at = header.size; at < bytes.length; at += posixAclXattrEntry.size) {
      const { e_tag: tag, e_perm: permissions, e_id: id } = posixAclXattrEntry.read(view, at);
      if (order.indexOf(tag) < 0 || permissions > 7) return undefined;
      entries.push({ tag, permissions, id: named(tag) ? id : NOBODY });
    }
    const has = (tag: number) => entries.filter((entry) => entry.tag === tag).length;
    if (has(ACL.USER_OBJ) !== 1 || has(ACL.GROUP_OBJ) !== 1 || has(ACL.OTHER) !== 1) return undefined;
    if (has(ACL.MASK) > 1) return undefined;
    return new AccessList(entries);
  }

  encode(): Uint8Array {
    const entries = this.#entries.toSorted(
      (a, b) => order.indexOf(a.tag) - order.indexOf(b.tag) || a.id - b.id,
    );
    const bytes = new Uint8Array(header.size + entries.length * posixAclXattrEntry.size);
    const view = new DataView(bytes.buffer);
    header.write(view, 0, { version: POSIX_ACL_XATTR_VERSION });
    for (const [index, { tag, permissions, id }] of entries.entries()) {
      const at = header.size + index * posixAclXattrEntry.size;
      posixAclXattrEntry.write(view, at, { e_tag: tag, e_perm: permissions, e_id: id });
    }
    return bytes;
  }

  /** The user has these permissions, whatever he had; the mask lets through what anybody has. */
  withUser(uid: number, permissions: number): AccessList {
    const others = this.#entries.filter(
      ({ tag, id }) => tag !== ACL.MASK && !(tag === ACL.USER && id === uid),
    );
    return new AccessList(withMask([...others, { tag: ACL.USER, id: uid, permissions }]));
  }

  /** Nobody is named as a user any more; named groups stay. */
  withoutUsers(): AccessList {
    const others = this.#entries.filter(({ tag }) => tag !== ACL.USER && tag !== ACL.MASK);
    return new AccessList(others.some(({ tag }) => tag === ACL.GROUP) ? withMask(others) : others);
  }

  get namesUsers(): boolean {
    return this.#entries.some(({ tag }) => tag === ACL.USER);
  }

  /** Of a user by name, as far as the mask lets through; undefined when the list does not name him. */
  permissionsOf(uid: number): number | undefined {
    const entry = this.#entries.find(({ tag, id }) => tag === ACL.USER && id === uid);
    const mask = this.#entries.find(({ tag }) => tag === ACL.MASK)?.permissions ?? 7;
    return entry && entry.permissions & mask;
  }
}

function withMask(entries: readonly Entry[]): Entry[] {
  let mask = 0;
  for (const entry of entries) if (masked(entry.tag)) mask |= entry.permissions;
  return [...entries, { tag: ACL.MASK, id: NOBODY, permissions: mask }];
}

/** As the kernel wants them. */
const order: readonly number[] = [ACL.USER_OBJ, ACL.USER, ACL.GROUP_OBJ, ACL.GROUP, ACL.MASK, ACL.OTHER];

function named(tag: number): boolean {
  return tag === ACL.USER || tag === ACL.GROUP;
}

function masked(tag: number): boolean {
  return named(tag) || tag === ACL.GROUP_OBJ;
}
