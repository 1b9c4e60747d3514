/* Compose sequences and keysyms by libxkbcommon. */
#include "xkb.h"

#include <stdlib.h>

/* Arguments: locale, and optionally the text of a Compose file to use instead of the locale's. */
static napi_value compose_new(napi_env env, napi_callback_info info) {
  napi_value v[2];
  char buffer[NAME_MAX_BYTES];
  const char *locale;
  napi_valuetype type;
  if (!library_arguments(env, info, 2, v) || !get_name(env, v[0], buffer, &locale)) return NULL;
  void *context = new_context(), *table = NULL;
  if (!context) return NULL;
  if (!locale) locale = "C";
  if (napi_typeof(env, v[1], &type) == napi_ok && type == napi_string) {
    size_t length;
    napi_get_value_string_utf8(env, v[1], NULL, 0, &length);
    char *text = malloc(length + 1);
    if (text) {
      napi_get_value_string_utf8(env, v[1], text, length + 1, &length);
      table = xkb.compose_table_new_from_buffer(context, text, length, locale, 1, 0);
    }
    free(text);
  } else {
    table = xkb.compose_table_new_from_locale(context, locale, 0);
  }
  void *state = table ? xkb.compose_state_new(table, 0) : NULL;
  if (table) xkb.compose_table_unref(table);
  xkb.context_unref(context);
  return wrap(env, COMPOSE, state);
}

/* Returns enum xkb_compose_status after the keysym: 0 nothing, 1 composing, 2 composed, 3 cancelled; -1 when it was ignored. */
static napi_value compose_feed(napi_env env, napi_callback_info info) {
  napi_value v[2], result;
  void *state;
  uint32_t keysym;
  if (!library_arguments(env, info, 2, v) || !(state = object_of(env, v[0], COMPOSE)) || !get_uint32(env, v[1], &keysym)) return NULL;
  int accepted = xkb.compose_state_feed(state, keysym);
  int status = accepted ? xkb.compose_state_get_status(state) : -1;
  return napi_create_int32(env, status, &result) == napi_ok ? result : NULL;
}

static napi_value compose_reset(napi_env env, napi_callback_info info) {
  napi_value v[1];
  void *state;
  if (library_arguments(env, info, 1, v) && (state = object_of(env, v[0], COMPOSE))) xkb.compose_state_reset(state);
  return NULL;
}

static napi_value compose_text(napi_env env, napi_callback_info info) {
  napi_value v[1];
  void *state;
  char text[UTF8_MAX_BYTES * 4];
  if (!library_arguments(env, info, 1, v) || !(state = object_of(env, v[0], COMPOSE))) return NULL;
  int length = xkb.compose_state_get_utf8(state, text, sizeof text);
  return text_result(env, length > 0 && (size_t)length < sizeof text ? text : "");
}

static napi_value compose_keysym(napi_env env, napi_callback_info info) {
  napi_value v[1];
  void *state;
  if (!library_arguments(env, info, 1, v) || !(state = object_of(env, v[0], COMPOSE))) return NULL;
  return int_result(env, xkb.compose_state_get_one_sym(state));
}

static napi_value keysym_from_name(napi_env env, napi_callback_info info) {
  napi_value v[1];
  char buffer[NAME_MAX_BYTES];
  const char *name;
  if (!library_arguments(env, info, 1, v) || !get_name(env, v[0], buffer, &name)) return NULL;
  return int_result(env, name ? xkb.keysym_from_name(name, 0) : 0);
}

static napi_value keysym_name(napi_env env, napi_callback_info info) {
  napi_value v[1];
  uint32_t keysym;
  char name[UTF8_MAX_BYTES];
  if (!library_arguments(env, info, 1, v) || !get_uint32(env, v[0], &keysym)) return NULL;
  return text_result(env, xkb.keysym_get_name(keysym, name, sizeof name) > 0 ? name : "");
}

static napi_value keysym_to_utf32(napi_env env, napi_callback_info info) {
  napi_value v[1];
  uint32_t keysym;
  if (!library_arguments(env, info, 1, v) || !get_uint32(env, v[0], &keysym)) return NULL;
  return int_result(env, xkb.keysym_to_utf32(keysym));
}

static napi_value utf32_to_keysym(napi_env env, napi_callback_info info) {
  napi_value v[1];
  uint32_t character;
  if (!library_arguments(env, info, 1, v) || !get_uint32(env, v[0], &character)) return NULL;
  return int_result(env, xkb.utf32_to_keysym(character));
}

void compose_init(napi_env env, napi_value exports) {
  static const struct function_entry table[] = {
      {"xkbComposeNew", compose_new},
      {"xkbComposeFeed", compose_feed},
      {"xkbComposeReset", compose_reset},
      {"xkbComposeText", compose_text},
      {"xkbComposeKeysym", compose_keysym},
      {"xkbKeysymFromName", keysym_from_name},
      {"xkbKeysymName", keysym_name},
      {"xkbKeysymToUtf32", keysym_to_utf32},
      {"xkbUtf32ToKeysym", utf32_to_keysym},
      {NULL, NULL},
  };
  define_functions(env, exports, table);
}
