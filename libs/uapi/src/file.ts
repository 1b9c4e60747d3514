/** Records that files give: signalfd(2), inotify(7), and ACLs as extended attributes (linux/posix_acl_xattr.h). */
import { bytes } from './Field.js';
import { struct } from './Struct.js';

export const signalfdSiginfo = struct('signalfd_siginfo', {
  ssi_signo: 'u32',
  ssi_errno: 'i32',
  ssi_code: 'i32',
  ssi_pid: 'u32',
  ssi_uid: 'u32',
  ssi_fd: 'i32',
  ssi_tid: 'u32',
  ssi_band: 'u32',
  ssi_overrun: 'u32',
  ssi_trapno: 'u32',
  ssi_status: 'i32',
  ssi_int: 'i32',
  ssi_ptr: 'u64',
  ssi_utime: 'u64',
  ssi_stime: 'u64',
  ssi_addr: 'u64',
  ssi_addr_lsb: 'u16',
  __pad2: 'u16',
  ssi_syscall: 'i32',
  ssi_call_addr: 'u64',
  ssi_arch: 'u32',
  __pad: bytes(28),
});
/** Followed by `len` bytes: a name, filled up with NULs. */
export const inotifyEvent = struct('inotify_event', { wd: 'i32', mask: 'u32', cookie: 'u32', len: 'u32' });
export const IN = { CLOSE_WRITE: 0x8, MOVED_TO: 0x80, DELETE: 0x200 } as const;

/** `system.posix_acl_access`: a u32, the version, and then entries, sorted by tag and id. */
export const POSIX_ACL_XATTR_VERSION = 2;
export const posixAclXattrEntry = struct('posix_acl_xattr_entry', {
  e_tag: 'u16',
  e_perm: 'u16',
  e_id: 'u32',
});
export const ACL = { USER_OBJ: 1, USER: 2, GROUP_OBJ: 4, GROUP: 8, MASK: 0x10, OTHER: 0x20 } as const;
