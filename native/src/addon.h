/* What every part of the addon shares: argument access and errors. */
#ifndef SWITCHYARD_ADDON_H
#define SWITCHYARD_ADDON_H

#define _GNU_SOURCE
#define NAPI_VERSION 9
#include <node_api.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Each part adds its functions to the addon's one exports object. */
void sys_init(napi_env env, napi_value exports);
void poll_init(napi_env env, napi_value exports);
void pixels_init(napi_env env, napi_value exports);
void codecs_init(napi_env env, napi_value exports);
void xkb_init(napi_env env, napi_value exports);

struct function_entry {
  const char *name;
  napi_callback call;
};

/* Defines the NULL-terminated table's functions on exports. */
void define_functions(napi_env env, napi_value exports, const struct function_entry *table);

#endif
