/* The kernel's word on devices that come and go: NETLINK_KOBJECT_UEVENT, netlink(7). */
#include "addon.h"

#include <errno.h>
#include <linux/netlink.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* The group in which the kernel speaks; 2 is udevd's. */
#define KERNEL_GROUP 1

/* openUevents(bytes) → fd: hears every event from now on; at most so many bytes wait (more than rmem_max needs CAP_NET_ADMIN) */
static napi_value uevent_open(napi_env env, napi_callback_info info) {
  napi_value argument[1];
  get_arguments(env, info, 1, argument);
  int size = int_argument(env, argument[0]), on = 1;
  int fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_KOBJECT_UEVENT);
  if (fd < 0) return int_result(env, -errno);
  struct sockaddr_nl address = {.nl_family = AF_NETLINK, .nl_groups = KERNEL_GROUP};
  if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size) < 0)
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
  if (setsockopt(fd, SOL_SOCKET, SO_PASSCRED, &on, sizeof on) < 0 ||
      bind(fd, (struct sockaddr *)&address, sizeof address) < 0) {
    int error = errno;
    close(fd);
    return int_result(env, -error);
  }
  return int_result(env, fd);
}

/* The kernel has no port, no pid, and uid 0; anybody else who may send to the group has at least the former. */
static bool from_kernel(struct msghdr *message, const struct sockaddr_nl *sender) {
  if (message->msg_namelen < sizeof *sender || sender->nl_family != AF_NETLINK) return false;
  if (sender->nl_pid != 0 || sender->nl_groups != KERNEL_GROUP) return false;
  for (struct cmsghdr *header = CMSG_FIRSTHDR(message); header; header = CMSG_NXTHDR(message, header)) {
    if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_CREDENTIALS) continue;
    struct ucred credentials;
    if (header->cmsg_len < CMSG_LEN(sizeof credentials)) return false;
    memcpy(&credentials, CMSG_DATA(header), sizeof credentials);
    return credentials.pid == 0 && credentials.uid == 0;
  }
  return false;
}

/*
 * receiveUevent(fd, bytes) → bytes of one message; 0 for one that is not the kernel's or does not fit, which is to be
 * passed over; -EAGAIN when there is none; -ENOBUFS when some were lost before the next
 */
static napi_value uevent_receive(napi_env env, napi_callback_info info) {
  napi_value argument[2];
  uint8_t *data;
  size_t size;
  get_arguments(env, info, 2, argument);
  if (!bytes_argument(env, argument[1], &data, &size)) return int_result(env, -EINVAL);
  union {
    struct cmsghdr header;
    char space[CMSG_SPACE(sizeof(struct ucred)) + CMSG_SPACE(256)];
  } control;
  struct sockaddr_nl sender = {0};
  struct iovec chunk = {data, size};
  struct msghdr message;
  ssize_t received;
  do {
    message = (struct msghdr){.msg_name = &sender,
                              .msg_namelen = sizeof sender,
                              .msg_iov = &chunk,
                              .msg_iovlen = 1,
                              .msg_control = &control,
                              .msg_controllen = sizeof control};
    received = recvmsg(int_argument(env, argument[0]), &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
  } while (received < 0 && errno == EINTR);
  if (received < 0) return int_result(env, -errno);
  if (message.msg_flags & (MSG_TRUNC | MSG_CTRUNC) || !from_kernel(&message, &sender)) return int_result(env, 0);
  return int_result(env, received);
}

void uevent_init(napi_env env, napi_value exports) {
  static const struct function_entry functions[] = {
      {"openUevents", uevent_open},
      {"receiveUevent", uevent_receive},
      {NULL, NULL},
  };
  define_functions(env, exports, functions);
}
