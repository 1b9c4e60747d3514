/* Copying memory that its owner may take away meanwhile. */
#include "image.h"

#include <setjmp.h>
#include <signal.h>
#include <string.h>

/*
 * Memory that a client may truncate under us raises SIGBUS when it is read. The handler is installed at the first
 * guarded copy and acts only on a fault inside the source of a copy that this very thread is doing; everything else goes to
 * whoever handled SIGBUS before.
 */
struct guard {
  sigjmp_buf jump;
  const uint8_t *begin, *end;
};

static __thread __attribute__((tls_model("initial-exec"))) struct guard *volatile guard;
static struct sigaction previous_handler;

static void on_sigbus(int number, siginfo_t *info, void *context) {
  struct guard *active = guard;
  const uint8_t *address = info->si_addr;
  if (active && info->si_code > 0 && address >= active->begin && address < active->end) {
    guard = NULL;
    siglongjmp(active->jump, 1);
  }
  if (previous_handler.sa_flags & SA_SIGINFO) previous_handler.sa_sigaction(number, info, context);
  else if (previous_handler.sa_handler != SIG_DFL && previous_handler.sa_handler != SIG_IGN)
    previous_handler.sa_handler(number);
  else {
    signal(SIGBUS, previous_handler.sa_handler); /* the access is repeated and ends as it would have without us */
    if (info->si_code <= 0) raise(SIGBUS);       /* sent by kill(2): nothing would repeat it */
  }
}

static bool install_guard(void) {
  static bool installed;
  if (installed) return true;
  struct sigaction action = {.sa_sigaction = on_sigbus, .sa_flags = SA_SIGINFO | SA_NODEFER};
  sigemptyset(&action.sa_mask);
  installed = sigaction(SIGBUS, &action, &previous_handler) == 0;
  return installed;
}

static napi_value guarded_copy(napi_env env, napi_callback_info info) {
  napi_value v[10];
  struct transfer t;
  bool empty;
  get_arguments(env, info, 10, v);
  if (!argument_transfer(env, v, &t, &empty)) return NULL;
  if (empty) return result_boolean(env, true);
  if (!install_guard()) {
    napi_throw_error(env, NULL, "sigaction(SIGBUS) failed: client memory cannot be read safely");
    return NULL;
  }
  struct guard here;
  here.begin = (const uint8_t *)pixel_at(&t.from, t.sx, t.sy);
  here.end = (const uint8_t *)pixel_at(&t.from, t.sx + t.w, t.sy + t.h - 1);
  /* A page fault is reported at the page's or the access's address: the first may lie below the first byte we read. */
  here.begin = (const uint8_t *)((uintptr_t)here.begin & ~(uintptr_t)0xfff);
  volatile int64_t row = 0;
  if (sigsetjmp(here.jump, 0)) {
    for (int64_t i = row; i < t.h; i++) memset(pixel_at(&t.to, t.dx, t.dy + i), 0, (size_t)t.w * 4);
    return result_boolean(env, false);
  }
  guard = &here;
  for (; row < t.h; row++)
    memmove(pixel_at(&t.to, t.dx, t.dy + row), pixel_at(&t.from, t.sx, t.sy + row), (size_t)t.w * 4);
  guard = NULL;
  return result_boolean(env, true);
}

void guard_init(napi_env env, napi_value exports) {
  static const struct function_entry table[] = {{"guardedCopy", guarded_copy}, {NULL, NULL}};
  define_functions(env, exports, table);
}
