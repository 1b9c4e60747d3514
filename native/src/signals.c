/*
 * Real-time signals as a counter in an eventfd. Node cannot listen to them, and a signalfd is of no use in a process whose
 * other threads run with them unblocked. Dispositions are the process's: these are the only globals, and each is one atomic
 * word that the handler reads.
 */
#include "addon.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

#define SIGNALS 65

/* The eventfd that counts a signal, plus 1; 0: nobody catches it. */
static _Atomic int targets[SIGNALS];

static void on_signal(int number) {
  int before = errno;
  int target = atomic_load(&targets[number]);
  const uint64_t one = 1;
  if (target > 0 && write(target - 1, &one, sizeof one) < 0) {
    /* A counter that is full says all there is to say. */
  }
  errno = before;
}

static bool real_time(int number) {
  return number >= SIGRTMIN && number <= SIGRTMAX && number < SIGNALS;
}

/* realTimeSignal(n) → the number of SIGRTMIN+n, which depends on the C library */
static napi_value signals_real_time(napi_env env, napi_callback_info info) {
  napi_value argument[1];
  get_arguments(env, info, 1, argument);
  int number = SIGRTMIN + int_argument(env, argument[0]);
  return int_result(env, real_time(number) ? number : -EINVAL);
}

/* catchSignal(signal, eventfd): from now on it adds 1 to the counter; -EBUSY when it does for another already */
static napi_value signals_catch(napi_env env, napi_callback_info info) {
  napi_value argument[2];
  get_arguments(env, info, 2, argument);
  int number = int_argument(env, argument[0]), fd = int_argument(env, argument[1]), nobody = 0;
  if (!real_time(number) || fd < 0) return int_result(env, -EINVAL);
  if (!atomic_compare_exchange_strong(&targets[number], &nobody, fd + 1)) return int_result(env, -EBUSY);
  struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
  sigfillset(&action.sa_mask);
  if (sigaction(number, &action, NULL) == 0) return int_result(env, 0);
  int error = errno;
  atomic_store(&targets[number], 0);
  return int_result(env, -error);
}

/* ignoreSignal(signal): nobody counts it any more, and it does not end the process, as it would by default */
static napi_value signals_ignore(napi_env env, napi_callback_info info) {
  napi_value argument[1];
  get_arguments(env, info, 1, argument);
  int number = int_argument(env, argument[0]);
  if (!real_time(number)) return int_result(env, -EINVAL);
  struct sigaction action = {.sa_handler = SIG_IGN};
  int result = sigaction(number, &action, NULL);
  atomic_store(&targets[number], 0);
  return syscall_result(env, result);
}

void signals_init(napi_env env, napi_value exports) {
  static const struct function_entry functions[] = {
      {"realTimeSignal", signals_real_time},
      {"catchSignal", signals_catch},
      {"ignoreSignal", signals_ignore},
      {NULL, NULL},
  };
  define_functions(env, exports, functions);
}
