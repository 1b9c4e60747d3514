/** Records of sockets, with fds and senders: sys/socket.h, linux/netlink.h. */
import { pointer } from './Field.js';
import { struct } from './Struct.js';

export const msghdr = struct('msghdr', {
  msg_name: pointer('u8', 'msg_namelen'),
  msg_namelen: 'u32',
  msg_iov: pointer('u8'),
  msg_iovlen: 'u64',
  msg_control: pointer('u8', 'msg_controllen'),
  msg_controllen: 'u64',
  msg_flags: 'i32',
});
export const cmsghdr = struct('cmsghdr', { cmsg_len: 'u64', cmsg_level: 'i32', cmsg_type: 'i32' });
export const ucred = struct('ucred', { pid: 'i32', uid: 'u32', gid: 'u32' });
/** Groups: 1 is what the kernel says of its objects (uevents), 2 what udev adds to it. */
export const sockaddrNl = struct('sockaddr_nl', {
  nl_family: 'u16',
  nl_pad: 'u16',
  nl_pid: 'u32',
  nl_groups: 'u32',
});
export const AF_NETLINK = 16;
export const NETLINK_KOBJECT_UEVENT = 15;
