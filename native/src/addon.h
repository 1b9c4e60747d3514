/* What every part of the addon shares: reading arguments, giving results, and what belongs to one JavaScript environment. */
#ifndef SWITCHYARD_ADDON_H
#define SWITCHYARD_ADDON_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#define NAPI_VERSION 9
#include <node_api.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Each part adds its functions to the addon's one exports object. */
void sys_init(napi_env env, napi_value exports);
void socket_init(napi_env env, napi_value exports);
void memory_init(napi_env env, napi_value exports);
void process_init(napi_env env, napi_value exports);
void poll_init(napi_env env, napi_value exports);
void uevent_init(napi_env env, napi_value exports);
void xattr_init(napi_env env, napi_value exports);
void signals_init(napi_env env, napi_value exports);
void pixels_init(napi_env env, napi_value exports);
void codecs_init(napi_env env, napi_value exports);
void i420_init(napi_env env, napi_value exports);
void scroll_init(napi_env env, napi_value exports);
void xkb_init(napi_env env, napi_value exports);
void pam_init(napi_env env, napi_value exports);

struct function_entry {
  const char *name;
  napi_callback call;
};

/* Defines the NULL-terminated table's functions on exports. */
void define_functions(napi_env env, napi_value exports, const struct function_entry *table);

/* SCM_MAX_FD of net/scm.h: what one message can carry. */
#define MAX_FDS 253

/*
 * Results that are more than one number are left here, so that a hot call allocates nothing. JavaScript sees it as
 * the Int32Array `results`; it is valid until the next call into the addon.
 */
enum result_slot {
  RESULT_FLAGS = 0,        /* msg_flags of recvmsg */
  RESULT_FD_COUNT = 1,     /* received fds */
  RESULT_HAS_CREDENTIALS = 2,
  RESULT_PID = 3,
  RESULT_UID = 4,
  RESULT_GID = 5,
  RESULT_FDS = 8,          /* the received fds; socketPair's two */
  RESULT_SLOTS = RESULT_FDS + MAX_FDS + 1,
};

/* What belongs to one environment: the main thread's, or a worker's. */
struct instance {
  int32_t *results;
  napi_ref results_reference;
  struct poll *polls;                      /* the open ones */
  size_t closing;                          /* polls whose uv_close is under way */
  napi_async_cleanup_hook_handle teardown; /* set while the environment waits for them */
};
struct instance *instance_of(napi_env env);

/* The mapping that an array lies in, which then stays, even if it is unmapped; NULL for an array in other memory. */
struct mapping *memory_pin(napi_env env, napi_value array);
void memory_unpin(struct mapping *mapping);

/* Reads `count` arguments; missing ones are undefined. */
void get_arguments(napi_env env, napi_callback_info info, size_t count, napi_value *arguments);

/* A number, truncated; 0 when it is none. */
int32_t int_argument(napi_env env, napi_value value);
int64_t long_argument(napi_env env, napi_value value);

/* The memory of a Uint8Array (or any view). False when the value is no view; a detached one has length 0. */
bool bytes_argument(napi_env env, napi_value value, uint8_t **data, size_t *length);

/* Copies a string with its NUL; its length, or -1 when it is no string, does not fit, or holds a NUL. */
int text_argument(napi_env env, napi_value value, char *text, size_t size);

napi_value int_result(napi_env env, int64_t value);

/* The result of a syscall: itself, or -errno when it is -1. */
napi_value syscall_result(napi_env env, int64_t value);

#endif
