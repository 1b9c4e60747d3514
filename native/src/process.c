/* Processes: pidfds, adopted children. */
#include "addon.h"

#include <errno.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* For C libraries older than the syscalls; the numbers are the same on every architecture. */
#ifndef SYS_pidfd_send_signal
#define SYS_pidfd_send_signal 424
#endif
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_pidfd_getfd
#define SYS_pidfd_getfd 438
#endif

/* openPidfd(pid) → fd, close-on-exec */
static napi_value process_open_pidfd(napi_env env, napi_callback_info info) {
  napi_value argument[1];
  get_arguments(env, info, 1, argument);
  return syscall_result(env, syscall(SYS_pidfd_open, int_argument(env, argument[0]), 0));
}

/* signalPidfd(fd, signal) */
static napi_value process_signal_pidfd(napi_env env, napi_callback_info info) {
  napi_value argument[2];
  get_arguments(env, info, 2, argument);
  int fd = int_argument(env, argument[0]);
  return syscall_result(env, syscall(SYS_pidfd_send_signal, fd, int_argument(env, argument[1]), NULL, 0));
}

/* getPidfd(pidfd, fd) → fd: a duplicate of another process's; pidfd_getfd(2) */
static napi_value process_get_pidfd(napi_env env, napi_callback_info info) {
  napi_value argument[2];
  get_arguments(env, info, 2, argument);
  int pidfd = int_argument(env, argument[0]);
  return syscall_result(env, syscall(SYS_pidfd_getfd, pidfd, int_argument(env, argument[1]), 0));
}

/* setChildSubreaper() */
static napi_value process_set_child_subreaper(napi_env env, napi_callback_info info) {
  (void)info;
  return syscall_result(env, prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0));
}

/* reapChild(pid) → the pid when it has ended (its status in results[0]), 0 while it runs */
static napi_value process_reap_child(napi_env env, napi_callback_info info) {
  napi_value argument[1];
  int status = 0;
  get_arguments(env, info, 1, argument);
  pid_t pid = waitpid(int_argument(env, argument[0]), &status, WNOHANG);
  instance_of(env)->results[0] = status;
  return syscall_result(env, pid);
}

void process_init(napi_env env, napi_value exports) {
  static const struct function_entry functions[] = {
      {"openPidfd", process_open_pidfd},
      {"signalPidfd", process_signal_pidfd},
      {"getPidfd", process_get_pidfd},
      {"setChildSubreaper", process_set_child_subreaper},
      {"reapChild", process_reap_child},
      {NULL, NULL},
  };
  define_functions(env, exports, functions);
}
