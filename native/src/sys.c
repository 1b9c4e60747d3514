/* File descriptors, files and memfds. */
#include "addon.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/memfd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

#ifndef PATH_MAX
#define PATH_MAX 4096
#endif
/* The kernel's limit for a memfd's name (MFD_NAME_MAX_LEN), without the NUL. */
#define MEMFD_NAME_MAX 249

/* open(path, flags, mode) → fd */
static napi_value sys_open(napi_env env, napi_callback_info info) {
  napi_value argument[3];
  char path[PATH_MAX];
  get_arguments(env, info, 3, argument);
  if (text_argument(env, argument[0], path, sizeof path) < 0) return int_result(env, -EINVAL);
  int flags = int_argument(env, argument[1]) | O_CLOEXEC;
  return syscall_result(env, open(path, flags, (mode_t)int_argument(env, argument[2])));
}

/* close(fd) */
static napi_value sys_close(napi_env env, napi_callback_info info) {
  napi_value argument[1];
  get_arguments(env, info, 1, argument);
  return syscall_result(env, close(int_argument(env, argument[0])));
}

/* duplicate(fd) → fd, at 3 or above, so that it never takes the place of a closed stdin, stdout or stderr */
static napi_value sys_duplicate(napi_env env, napi_callback_info info) {
  napi_value argument[1];
  get_arguments(env, info, 1, argument);
  return syscall_result(env, fcntl(int_argument(env, argument[0]), F_DUPFD_CLOEXEC, 3));
}

/* fileStat(fd, BigInt64Array(8)): size, mode, inode, device major, minor, rdev major, minor, links */
static napi_value sys_file_stat(napi_env env, napi_callback_info info) {
  napi_value argument[2];
  uint8_t *data;
  size_t length;
  struct stat status;
  get_arguments(env, info, 2, argument);
  if (!bytes_argument(env, argument[1], &data, &length) || length < 80) return int_result(env, -EINVAL);
  if (fstat(int_argument(env, argument[0]), &status) < 0) return int_result(env, -errno);
  int64_t out[10] = {status.st_size,          status.st_mode,         (int64_t)status.st_ino,  major(status.st_dev),
                    minor(status.st_dev),    major(status.st_rdev),  minor(status.st_rdev),   (int64_t)status.st_nlink,
                    (int64_t)status.st_blocks * 512, status.st_blksize};
  memcpy(data, out, sizeof out);
  return int_result(env, 0);
}

/* truncate(fd, size) */
static napi_value sys_truncate(napi_env env, napi_callback_info info) {
  napi_value argument[2];
  get_arguments(env, info, 2, argument);
  return syscall_result(env, ftruncate(int_argument(env, argument[0]), long_argument(env, argument[1])));
}

typedef ssize_t transfer(int fd, void *data, size_t length, off_t position);

/* Both take (fd, bytes, position); position -1 means the fd's own (and what has none: pipes, ttys, input devices). */
static napi_value transfer_at(napi_env env, napi_callback_info info, transfer *call) {
  napi_value argument[3];
  uint8_t *data;
  size_t length;
  get_arguments(env, info, 3, argument);
  if (!bytes_argument(env, argument[1], &data, &length)) return int_result(env, -EINVAL);
  ssize_t done;
  do done = call(int_argument(env, argument[0]), data, length, long_argument(env, argument[2]));
  while (done < 0 && errno == EINTR);
  return syscall_result(env, done);
}

static ssize_t read_at(int fd, void *data, size_t length, off_t position) {
  return position == -1 ? read(fd, data, length) : pread(fd, data, length, position);
}

static ssize_t write_at(int fd, void *data, size_t length, off_t position) {
  return position == -1 ? write(fd, data, length) : pwrite(fd, data, length, position);
}

/* read(fd, bytes, position | -1) → bytes */
static napi_value sys_read(napi_env env, napi_callback_info info) {
  return transfer_at(env, info, read_at);
}

/* write(fd, bytes, position | -1) → bytes */
static napi_value sys_write(napi_env env, napi_callback_info info) {
  return transfer_at(env, info, write_at);
}

/* createPipe(): pipe2(2); the ends are in results, from RESULT_FDS on. Reading does not wait, writing does. */
static napi_value sys_create_pipe(napi_env env, napi_callback_info info) {
  (void)info;
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) < 0) return syscall_result(env, -1);
  fcntl(ends[0], F_SETFL, O_NONBLOCK);
  memcpy(&instance_of(env)->results[RESULT_FDS], ends, sizeof ends);
  return syscall_result(env, 0);
}

/* lockFile(fd): flock(2) exclusively, without waiting */
static napi_value sys_lock_file(napi_env env, napi_callback_info info) {
  napi_value argument[1];
  get_arguments(env, info, 1, argument);
  return syscall_result(env, flock(int_argument(env, argument[0]), LOCK_EX | LOCK_NB));
}

/* getFlags(fd) → O_… ; setFlags(fd, flags): F_GETFL and F_SETFL */
static napi_value sys_get_flags(napi_env env, napi_callback_info info) {
  napi_value argument[1];
  get_arguments(env, info, 1, argument);
  return syscall_result(env, fcntl(int_argument(env, argument[0]), F_GETFL));
}

static napi_value sys_set_flags(napi_env env, napi_callback_info info) {
  napi_value argument[2];
  get_arguments(env, info, 2, argument);
  return syscall_result(env, fcntl(int_argument(env, argument[0]), F_SETFL, int_argument(env, argument[1])));
}

/* createMemfd(name, flags) → fd */
static napi_value sys_create_memfd(napi_env env, napi_callback_info info) {
  napi_value argument[2];
  char name[MEMFD_NAME_MAX + 1];
  get_arguments(env, info, 2, argument);
  if (text_argument(env, argument[0], name, sizeof name) < 0) return int_result(env, -EINVAL);
  return syscall_result(env, memfd_create(name, (unsigned int)long_argument(env, argument[1])));
}

/* addSeals(fd, F_SEAL_…) */
static napi_value sys_add_seals(napi_env env, napi_callback_info info) {
  napi_value argument[2];
  get_arguments(env, info, 2, argument);
  return syscall_result(env, fcntl(int_argument(env, argument[0]), F_ADD_SEALS, int_argument(env, argument[1])));
}

/* getSeals(fd) → F_SEAL_… */
static napi_value sys_get_seals(napi_env env, napi_callback_info info) {
  napi_value argument[1];
  get_arguments(env, info, 1, argument);
  return syscall_result(env, fcntl(int_argument(env, argument[0]), F_GET_SEALS));
}

/* createEventfd(initial, semaphore) → fd */
static napi_value sys_create_eventfd(napi_env env, napi_callback_info info) {
  napi_value argument[2];
  bool semaphore = false;
  get_arguments(env, info, 2, argument);
  napi_get_value_bool(env, argument[1], &semaphore);
  int flags = EFD_CLOEXEC | EFD_NONBLOCK | (semaphore ? EFD_SEMAPHORE : 0);
  return syscall_result(env, eventfd((unsigned int)long_argument(env, argument[0]), flags));
}

/* makeFifo(path, mode) */
static napi_value sys_make_fifo(napi_env env, napi_callback_info info) {
  napi_value argument[2];
  char path[PATH_MAX];
  get_arguments(env, info, 2, argument);
  if (text_argument(env, argument[0], path, sizeof path) < 0) return int_result(env, -EINVAL);
  return syscall_result(env, mkfifo(path, (mode_t)int_argument(env, argument[1])));
}

/* What the kernel's structs have of pointers at most (4: drm_mode_get_connector, drm_mode_atomic), and room. */
#define IOCTL_POINTERS_MAX 8

/* Where the addresses of memory stand in an argument during an ioctl. */
struct ioctl_pointers {
  uint32_t count;
  size_t offset[IOCTL_POINTERS_MAX];
};

/* Reads [offset, Uint8Array, offset, …] and writes each array's address at its offset. False when it is not like that. */
static bool set_pointers(napi_env env, napi_value list, uint8_t *data, size_t length, struct ioctl_pointers *pointers) {
  uint32_t elements = 0;
  if (napi_get_array_length(env, list, &elements) != napi_ok) return true;
  if (elements % 2 != 0 || elements / 2 > IOCTL_POINTERS_MAX) return false;
  for (uint32_t i = 0; i < elements; i += 2) {
    napi_value offset, memory;
    uint8_t *address;
    size_t size;
    napi_get_element(env, list, i, &offset);
    napi_get_element(env, list, i + 1, &memory);
    int64_t at = long_argument(env, offset);
    if (at < 0 || (size_t)at > length || length - (size_t)at < sizeof address) return false;
    if (!bytes_argument(env, memory, &address, &size)) return false;
    memcpy(data + at, &address, sizeof address);
    pointers->offset[pointers->count++] = (size_t)at;
  }
  return true;
}

static void clear_pointers(uint8_t *data, const struct ioctl_pointers *pointers) {
  static const void *const none = NULL;
  for (uint32_t i = 0; i < pointers->count; i++) memcpy(data + pointers->offset[i], &none, sizeof none);
}

/* On memory of which the request does not say how much the kernel touches: works on a copy with room to spare. */
static int ioctl_unsized(int fd, unsigned long request, uint8_t *data, size_t length) {
  enum { SPARE = 4096 };
  uint8_t *copy = calloc(1, length + SPARE);
  if (!copy) {
    errno = ENOMEM;
    return -1;
  }
  memcpy(copy, data, length);
  int result = ioctl(fd, request, copy);
  int error = errno;
  memcpy(data, copy, length);
  free(copy);
  errno = error;
  return result;
}

/*
 * ioctl(fd, request, Uint8Array | number | undefined, [offset, Uint8Array, …] | undefined) → result
 *
 * A request says how many bytes the kernel may touch (_IOC_SIZE); a shorter buffer is refused with EINVAL. Requests
 * from before that convention (ttys, VTs) say 0: they work on a copy with room to spare, so that a buffer that is too
 * short reads as zeros and never lets the kernel write past its end.
 *
 * Structs that point to more memory: the list says at which offset the address of which array belongs. It stands there
 * during the call only. How much of it the kernel touches, other fields of the struct say: the caller answers for them.
 */
static napi_value sys_ioctl(napi_env env, napi_callback_info info) {
  napi_value argument[4];
  uint8_t *data;
  size_t length;
  struct ioctl_pointers pointers = {0};
  get_arguments(env, info, 4, argument);
  int fd = int_argument(env, argument[0]);
  unsigned long request = (uint32_t)long_argument(env, argument[1]);
  if (!bytes_argument(env, argument[2], &data, &length))
    return syscall_result(env, ioctl(fd, request, (unsigned long)long_argument(env, argument[2])));
  if (_IOC_DIR(request) != _IOC_NONE && length < _IOC_SIZE(request)) return int_result(env, -EINVAL);
  int result = -1, error = EINVAL;
  if (set_pointers(env, argument[3], data, length, &pointers)) {
    result = _IOC_DIR(request) == _IOC_NONE ? ioctl_unsized(fd, request, data, length) : ioctl(fd, request, data);
    error = errno;
  }
  clear_pointers(data, &pointers);
  return int_result(env, result == -1 ? -error : result);
}

/* monotonicNow() → BigInt, ns of CLOCK_MONOTONIC */
static napi_value sys_monotonic_now(napi_env env, napi_callback_info info) {
  (void)info;
  struct timespec now;
  napi_value result;
  clock_gettime(CLOCK_MONOTONIC, &now);
  napi_create_bigint_int64(env, (int64_t)now.tv_sec * 1000000000 + now.tv_nsec, &result);
  return result;
}

/* errorText(errno) → "Permission denied" */
static napi_value sys_error_text(napi_env env, napi_callback_info info) {
  napi_value argument[1], result;
  get_arguments(env, info, 1, argument);
  napi_create_string_utf8(env, strerror(int_argument(env, argument[0])), NAPI_AUTO_LENGTH, &result);
  return result;
}

void sys_init(napi_env env, napi_value exports) {
  static const struct function_entry functions[] = {
      {"open", sys_open},
      {"close", sys_close},
      {"duplicate", sys_duplicate},
      {"fileStat", sys_file_stat},
      {"truncate", sys_truncate},
      {"read", sys_read},
      {"write", sys_write},
      {"getFlags", sys_get_flags},
      {"setFlags", sys_set_flags},
      {"lockFile", sys_lock_file},
      {"createPipe", sys_create_pipe},
      {"createMemfd", sys_create_memfd},
      {"addSeals", sys_add_seals},
      {"getSeals", sys_get_seals},
      {"createEventfd", sys_create_eventfd},
      {"makeFifo", sys_make_fifo},
      {"ioctl", sys_ioctl},
      {"monotonicNow", sys_monotonic_now},
      {"errorText", sys_error_text},
      {NULL, NULL},
  };
  define_functions(env, exports, functions);
}
