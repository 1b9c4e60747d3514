/*
 * AF_UNIX sockets. All are close-on-exec and non-blocking; what comes over them is close-on-exec too.
 * An address is a path, or "@name" for the abstract name "name".
 */
#include "addon.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* For C libraries older than the kernel; asm-generic/socket.h. */
#ifndef SO_PEERGROUPS
#define SO_PEERGROUPS 59
#endif
#ifndef SO_PEERPIDFD
#define SO_PEERPIDFD 77
#endif

/* Chunks of one sendChunks call; more are left for the next. */
#define MAX_CHUNKS 64

/* Fills in a sockaddr_un; its length, or a negative error. */
static int address_argument(napi_env env, napi_value value, struct sockaddr_un *address) {
  memset(address, 0, sizeof *address);
  address->sun_family = AF_UNIX;
  char text[sizeof address->sun_path + 2];
  size_t whole;
  if (napi_get_value_string_utf8(env, value, NULL, 0, &whole) != napi_ok || whole == 0) return -EINVAL;
  /* A path needs its NUL, an abstract name has "@" for the NUL that it begins with. */
  if (whole > sizeof address->sun_path) return -ENAMETOOLONG;
  int length = text_argument(env, value, text, sizeof text);
  if (length < 0) return -EINVAL;
  bool abstract = text[0] == '@';
  if (!abstract && (size_t)length == sizeof address->sun_path) return -ENAMETOOLONG;
  memcpy(address->sun_path, text, (size_t)length);
  if (abstract) address->sun_path[0] = 0;
  return (int)offsetof(struct sockaddr_un, sun_path) + length + (abstract ? 0 : 1);
}

/* socketPair(SOCK_…): two fds in results */
static napi_value socket_pair(napi_env env, napi_callback_info info) {
  napi_value argument[1];
  int pair[2];
  get_arguments(env, info, 1, argument);
  int result = socketpair(AF_UNIX, int_argument(env, argument[0]) | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair);
  if (result == 0) memcpy(&instance_of(env)->results[RESULT_FDS], pair, sizeof pair);
  return syscall_result(env, result);
}

static int fail_with(int fd) {
  int error = errno;
  close(fd);
  return -error;
}

/* connectSocket(address, SOCK_…) → fd */
static napi_value socket_connect(napi_env env, napi_callback_info info) {
  napi_value argument[2];
  struct sockaddr_un address;
  get_arguments(env, info, 2, argument);
  int length = address_argument(env, argument[0], &address);
  if (length < 0) return int_result(env, length);
  int fd = socket(AF_UNIX, int_argument(env, argument[1]) | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return int_result(env, -errno);
  if (connect(fd, (struct sockaddr *)&address, (socklen_t)length) < 0) return int_result(env, fail_with(fd));
  return int_result(env, fd);
}

/*
 * bindSocket(address, SOCK_…, mode | -1) → fd
 *
 * The mode is set before bind(2), which makes the file with it less the umask, and once more after, which takes the
 * umask back: at no time is the file open to more than `mode` says.
 */
static napi_value socket_bind(napi_env env, napi_callback_info info) {
  napi_value argument[3];
  struct sockaddr_un address;
  get_arguments(env, info, 3, argument);
  int length = address_argument(env, argument[0], &address);
  if (length < 0) return int_result(env, length);
  int mode = int_argument(env, argument[2]);
  bool with_mode = mode >= 0 && address.sun_path[0] != 0;
  int fd = socket(AF_UNIX, int_argument(env, argument[1]) | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return int_result(env, -errno);
  if (with_mode && fchmod(fd, (mode_t)mode) < 0) return int_result(env, fail_with(fd));
  if (bind(fd, (struct sockaddr *)&address, (socklen_t)length) < 0) return int_result(env, fail_with(fd));
  if (with_mode && chmod(address.sun_path, (mode_t)mode) < 0) return int_result(env, fail_with(fd));
  return int_result(env, fd);
}

/* listen(fd, backlog) */
static napi_value socket_listen(napi_env env, napi_callback_info info) {
  napi_value argument[2];
  get_arguments(env, info, 2, argument);
  return syscall_result(env, listen(int_argument(env, argument[0]), int_argument(env, argument[1])));
}

/* accept(fd) → fd */
static napi_value socket_accept(napi_env env, napi_callback_info info) {
  napi_value argument[1];
  get_arguments(env, info, 1, argument);
  return syscall_result(env, accept4(int_argument(env, argument[0]), NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK));
}

/* Room for the largest SCM_RIGHTS, credentials, and a security label that somebody asked for. */
union control {
  struct cmsghdr header;
  char space[CMSG_SPACE(MAX_FDS * sizeof(int)) + CMSG_SPACE(sizeof(struct ucred)) + CMSG_SPACE(256)];
};

/* Takes fds and credentials out of a received message into results; fds that nobody wants are closed. */
static void take_control(struct msghdr *message, int32_t *results, bool want_fds) {
  int32_t count = 0;
  results[RESULT_FLAGS] = message->msg_flags;
  results[RESULT_HAS_CREDENTIALS] = 0;
  for (struct cmsghdr *header = CMSG_FIRSTHDR(message); header; header = CMSG_NXTHDR(message, header)) {
    if (header->cmsg_level != SOL_SOCKET) continue;
    size_t length = header->cmsg_len - CMSG_LEN(0);
    if (header->cmsg_type == SCM_RIGHTS) {
      for (size_t i = 0; i < length / sizeof(int); i++) {
        int fd;
        memcpy(&fd, CMSG_DATA(header) + i * sizeof fd, sizeof fd);
        if (want_fds && count < MAX_FDS) results[RESULT_FDS + count++] = fd;
        else close(fd);
      }
    } else if (header->cmsg_type == SCM_CREDENTIALS && length >= sizeof(struct ucred)) {
      struct ucred credentials;
      memcpy(&credentials, CMSG_DATA(header), sizeof credentials);
      results[RESULT_HAS_CREDENTIALS] = 1;
      results[RESULT_PID] = credentials.pid;
      results[RESULT_UID] = (int32_t)credentials.uid;
      results[RESULT_GID] = (int32_t)credentials.gid;
    }
  }
  results[RESULT_FD_COUNT] = count;
}

/*
 * receive(fd, bytes, start, end, wantFds) → bytes; hot. Flags, fds and credentials are in results.
 *
 * ECONNRESET says once that the peer went without reading all that we sent; the socket then still gives what the peer
 * had sent before, and then 0. So it is asked again, and the end is always 0.
 */
static napi_value socket_receive(napi_env env, napi_callback_info info) {
  napi_value argument[5];
  uint8_t *data;
  size_t size;
  bool want_fds = false;
  get_arguments(env, info, 5, argument);
  int fd = int_argument(env, argument[0]);
  int64_t start = long_argument(env, argument[2]), end = long_argument(env, argument[3]);
  napi_get_value_bool(env, argument[4], &want_fds);
  if (!bytes_argument(env, argument[1], &data, &size) || start < 0 || end < start || (size_t)end > size)
    return int_result(env, -EINVAL);

  union control control;
  struct iovec chunk = {data + start, (size_t)(end - start)};
  struct msghdr message = {.msg_iov = &chunk, .msg_iovlen = 1};
  int32_t *results = instance_of(env)->results;
  ssize_t received;
  int resets = 0;
  do {
    message.msg_control = &control;
    message.msg_controllen = sizeof control;
    received = recvmsg(fd, &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
  } while (received < 0 && (errno == EINTR || (errno == ECONNRESET && resets++ == 0)));
  if (received < 0) return int_result(env, -errno);
  take_control(&message, results, want_fds);
  return int_result(env, received);
}

/* Sends the chunks with the first `count` numbers of an Int32Array as SCM_RIGHTS. */
static napi_value send_message(napi_env env, int fd, struct iovec *chunks, size_t chunk_count, napi_value fds, int32_t count) {
  union control control;
  struct msghdr message = {.msg_iov = chunks, .msg_iovlen = chunk_count};
  if (count > 0) {
    uint8_t *numbers;
    size_t size;
    if (count > MAX_FDS || !bytes_argument(env, fds, &numbers, &size) || size < (size_t)count * sizeof(int))
      return int_result(env, -EINVAL);
    message.msg_control = &control;
    message.msg_controllen = CMSG_SPACE((size_t)count * sizeof(int));
    memset(&control, 0, message.msg_controllen);
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN((size_t)count * sizeof(int));
    memcpy(CMSG_DATA(header), numbers, (size_t)count * sizeof(int));
  }
  ssize_t sent;
  do sent = sendmsg(fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
  while (sent < 0 && errno == EINTR);
  return syscall_result(env, sent);
}

/* send(fd, bytes, start, end, fds, fdCount) → bytes; hot */
static napi_value socket_send(napi_env env, napi_callback_info info) {
  napi_value argument[6];
  uint8_t *data;
  size_t size;
  get_arguments(env, info, 6, argument);
  int64_t start = long_argument(env, argument[2]), end = long_argument(env, argument[3]);
  if (!bytes_argument(env, argument[1], &data, &size) || start < 0 || end < start || (size_t)end > size)
    return int_result(env, -EINVAL);
  struct iovec chunk = {data + start, (size_t)(end - start)};
  return send_message(env, int_argument(env, argument[0]), &chunk, 1, argument[4], int_argument(env, argument[5]));
}

/*
 * sendChunks(fd, chunks, count, start, end, fds, fdCount) → bytes; hot.
 * The first `count` Uint8Arrays of an array: the first from `start`, the last until `end`, those between whole.
 */
static napi_value socket_send_chunks(napi_env env, napi_callback_info info) {
  napi_value argument[7], element;
  struct iovec chunks[MAX_CHUNKS];
  get_arguments(env, info, 7, argument);
  int64_t wanted = long_argument(env, argument[2]);
  int64_t start = long_argument(env, argument[3]), end = long_argument(env, argument[4]);
  if (wanted < 1) return int_result(env, -EINVAL);
  uint32_t count = wanted > MAX_CHUNKS ? MAX_CHUNKS : (uint32_t)wanted;
  for (uint32_t i = 0; i < count; i++) {
    uint8_t *data;
    size_t size;
    if (napi_get_element(env, argument[1], i, &element) != napi_ok || !bytes_argument(env, element, &data, &size))
      return int_result(env, -EINVAL);
    int64_t from = i == 0 ? start : 0, to = i + 1 == wanted ? end : (int64_t)size;
    if (from < 0 || to < from || (size_t)to > size) return int_result(env, -EINVAL);
    chunks[i] = (struct iovec){data + from, (size_t)(to - from)};
  }
  return send_message(env, int_argument(env, argument[0]), chunks, count, argument[5], int_argument(env, argument[6]));
}

/* shutdown(fd, SHUT_…) */
static napi_value socket_shutdown(napi_env env, napi_callback_info info) {
  napi_value argument[2];
  get_arguments(env, info, 2, argument);
  return syscall_result(env, shutdown(int_argument(env, argument[0]), int_argument(env, argument[1])));
}

/* getSocketOption(fd, SO_…) → an int option of SOL_SOCKET */
static napi_value socket_get_option(napi_env env, napi_callback_info info) {
  napi_value argument[2];
  int value = 0;
  socklen_t length = sizeof value;
  get_arguments(env, info, 2, argument);
  int option = int_argument(env, argument[1]);
  if (getsockopt(int_argument(env, argument[0]), SOL_SOCKET, option, &value, &length) < 0) return int_result(env, -errno);
  return int_result(env, value);
}

/* setSocketOption(fd, SO_…, value) */
static napi_value socket_set_option(napi_env env, napi_callback_info info) {
  napi_value argument[3];
  get_arguments(env, info, 3, argument);
  int option = int_argument(env, argument[1]), value = int_argument(env, argument[2]);
  return syscall_result(env, setsockopt(int_argument(env, argument[0]), SOL_SOCKET, option, &value, sizeof value));
}

/* peerCredentials(fd): pid, uid, gid in results */
static napi_value socket_peer_credentials(napi_env env, napi_callback_info info) {
  napi_value argument[1];
  struct ucred credentials;
  socklen_t length = sizeof credentials;
  get_arguments(env, info, 1, argument);
  if (getsockopt(int_argument(env, argument[0]), SOL_SOCKET, SO_PEERCRED, &credentials, &length) < 0)
    return int_result(env, -errno);
  int32_t *results = instance_of(env)->results;
  results[RESULT_PID] = credentials.pid;
  results[RESULT_UID] = (int32_t)credentials.uid;
  results[RESULT_GID] = (int32_t)credentials.gid;
  return int_result(env, 0);
}

/* peerOption(fd, SO_PEERGROUPS | SO_PEERSEC, bytes) → bytes filled in, or -ERANGE when there are more */
static napi_value socket_peer_option(napi_env env, napi_callback_info info) {
  napi_value argument[3];
  uint8_t *data;
  size_t size;
  get_arguments(env, info, 3, argument);
  if (!bytes_argument(env, argument[2], &data, &size)) return int_result(env, -EINVAL);
  socklen_t length = (socklen_t)size;
  int option = int_argument(env, argument[1]);
  if (getsockopt(int_argument(env, argument[0]), SOL_SOCKET, option, data, &length) < 0) return int_result(env, -errno);
  return int_result(env, length);
}

void socket_init(napi_env env, napi_value exports) {
  static const struct function_entry functions[] = {
      {"socketPair", socket_pair},
      {"connectSocket", socket_connect},
      {"bindSocket", socket_bind},
      {"listen", socket_listen},
      {"accept", socket_accept},
      {"receive", socket_receive},
      {"send", socket_send},
      {"sendChunks", socket_send_chunks},
      {"shutdown", socket_shutdown},
      {"getSocketOption", socket_get_option},
      {"setSocketOption", socket_set_option},
      {"peerCredentials", socket_peer_credentials},
      {"peerOption", socket_peer_option},
      {NULL, NULL},
  };
  define_functions(env, exports, functions);
}
