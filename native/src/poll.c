/*
 * uv_poll handles: how fds take part in the event loop of their environment (the main thread's, or a worker's).
 *
 *   open ──pollClose(), or the environment ends──▶ closing ──libuv has let go──▶ closed
 *
 * The struct has two holders, the JavaScript object and the loop; the last one frees it. An open poll holds its callback
 * strongly, and the callback's closure holds the JavaScript object, so only a closed one is ever collected.
 */
#include "addon.h"

#include <errno.h>
#include <stdlib.h>
#include <uv.h>

/* Beside UV_READABLE (1), UV_WRITABLE (2), UV_DISCONNECT (4) and UV_PRIORITIZED (8): EPOLLERR; libuv has stopped the poll. */
#define POLL_ERROR 16

struct poll {
  uv_poll_t handle;
  napi_env env;
  napi_ref callback;
  struct instance *instance;
  struct poll *next, **link;
  int holders;
  bool open;
};

static void release_poll(struct poll *poll) {
  if (--poll->holders == 0) free(poll);
}

static void on_closed(uv_handle_t *handle) {
  struct poll *poll = handle->data;
  struct instance *instance = poll->instance;
  release_poll(poll);
  if (--instance->closing == 0 && instance->teardown) napi_remove_async_cleanup_hook(instance->teardown);
}

static void close_poll(struct poll *poll) {
  if (!poll->open) return;
  poll->open = false;
  *poll->link = poll->next;
  if (poll->next) poll->next->link = poll->link;
  napi_delete_reference(poll->env, poll->callback);
  poll->instance->closing++;
  /* Takes the fd out of the epoll set at once, so the caller may close it right after. */
  uv_close((uv_handle_t *)&poll->handle, on_closed);
}

/* Calls JavaScript; the callback may close any poll, this one included, so the struct is not touched afterwards. */
static void on_events(uv_poll_t *handle, int status, int events) {
  struct poll *poll = handle->data;
  napi_env env = poll->env;
  napi_handle_scope scope;
  napi_value callback, receiver, argument, exception;
  napi_open_handle_scope(env, &scope);
  napi_get_reference_value(env, poll->callback, &callback);
  napi_get_global(env, &receiver);
  napi_create_int32(env, status < 0 ? POLL_ERROR : events, &argument);
  if (napi_make_callback(env, NULL, receiver, callback, 1, &argument, NULL) == napi_pending_exception &&
      napi_get_and_clear_last_exception(env, &exception) == napi_ok)
    napi_fatal_exception(env, exception);
  napi_close_handle_scope(env, scope);
}

static void finalize_poll(napi_env env, void *data, void *hint) {
  (void)env;
  (void)hint;
  release_poll(data);
}

/* pollOpen(fd, callback(events)) → poll, or a negative error: EEXIST for an fd that has one, EPERM for a regular file */
static napi_value poll_open(napi_env env, napi_callback_info info) {
  napi_value argument[2], external;
  struct uv_loop_s *loop;
  napi_valuetype type;
  get_arguments(env, info, 2, argument);
  if (napi_typeof(env, argument[1], &type) != napi_ok || type != napi_function) return int_result(env, -EINVAL);
  struct instance *instance = instance_of(env);
  if (instance->teardown || napi_get_uv_event_loop(env, &loop) != napi_ok) return int_result(env, -ECANCELED);
  struct poll *poll = calloc(1, sizeof *poll);
  if (!poll) return int_result(env, -ENOMEM);
  int error = uv_poll_init(loop, &poll->handle, int_argument(env, argument[0]));
  if (error < 0) {
    free(poll);
    return int_result(env, error);
  }
  poll->handle.data = poll;
  poll->env = env;
  poll->instance = instance;
  poll->holders = 2;
  poll->open = true;
  poll->next = instance->polls;
  poll->link = &instance->polls;
  if (poll->next) poll->next->link = &poll->next;
  instance->polls = poll;
  napi_create_reference(env, argument[1], 1, &poll->callback);
  napi_create_external(env, poll, finalize_poll, NULL, &external);
  return external;
}

static struct poll *poll_argument(napi_env env, napi_value value) {
  void *poll = NULL;
  napi_get_value_external(env, value, &poll);
  return poll && ((struct poll *)poll)->open ? poll : NULL;
}

/* pollStart(poll, events): 0 events stop it */
static napi_value poll_start(napi_env env, napi_callback_info info) {
  napi_value argument[2];
  get_arguments(env, info, 2, argument);
  struct poll *poll = poll_argument(env, argument[0]);
  if (!poll) return int_result(env, -EBADF);
  int events = int_argument(env, argument[1]);
  return int_result(env, events ? uv_poll_start(&poll->handle, events, on_events) : uv_poll_stop(&poll->handle));
}

/* pollReference(poll, on): whether it keeps the loop alive */
static napi_value poll_reference(napi_env env, napi_callback_info info) {
  napi_value argument[2];
  bool on = true;
  get_arguments(env, info, 2, argument);
  struct poll *poll = poll_argument(env, argument[0]);
  napi_get_value_bool(env, argument[1], &on);
  if (poll && on) uv_ref((uv_handle_t *)&poll->handle);
  if (poll && !on) uv_unref((uv_handle_t *)&poll->handle);
  return int_result(env, poll ? 0 : -EBADF);
}

/* pollClose(poll): no callback comes from now on, and the fd may be closed; later calls do nothing */
static napi_value poll_close(napi_env env, napi_callback_info info) {
  napi_value argument[1];
  get_arguments(env, info, 1, argument);
  struct poll *poll = poll_argument(env, argument[0]);
  if (poll) close_poll(poll);
  return int_result(env, 0);
}

/* The environment ends: it waits until libuv has let go of every handle. */
static void on_teardown(napi_async_cleanup_hook_handle hook, void *data) {
  struct instance *instance = data;
  instance->teardown = hook;
  while (instance->polls) close_poll(instance->polls);
  if (instance->closing == 0) napi_remove_async_cleanup_hook(hook);
}

void poll_init(napi_env env, napi_value exports) {
  static const struct function_entry functions[] = {
      {"pollOpen", poll_open},
      {"pollStart", poll_start},
      {"pollReference", poll_reference},
      {"pollClose", poll_close},
      {NULL, NULL},
  };
  define_functions(env, exports, functions);
  napi_add_async_cleanup_hook(env, on_teardown, instance_of(env), NULL);
}
